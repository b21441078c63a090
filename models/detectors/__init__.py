"""One detector, one file; this is the list of them, in the order of the score files."""

from __future__ import annotations

from models.detectors.behaviour import Behaviour
from models.detectors.lookup_frequency import LookupFrequency
from models.detectors.off_hours import OffHours
from models.detectors.out_of_role import OutOfRole
from models.detectors.repeat_access import RepeatAccess
from models.detectors.unexplained import Unexplained
from models.finding import Detector

REPEAT_ACCESS = RepeatAccess()
BEHAVIOUR = Behaviour()
DETECTORS: tuple[Detector, ...] = (
    LookupFrequency(),
    REPEAT_ACCESS,
    Unexplained(),
    OffHours(),
    OutOfRole(),
    BEHAVIOUR,
)
DETECTOR = {detector.name: detector for detector in DETECTORS}
