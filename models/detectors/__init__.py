"""One detector, one file; this is the list of them, in the order of the score files."""

from __future__ import annotations

from models.detectors.behaviour import Behaviour
from models.detectors.contract import Contract
from models.detectors.convergence import Convergence
from models.detectors.enumeration import Enumeration
from models.detectors.extraction import Extraction
from models.detectors.identity_presence import IdentityPresence
from models.detectors.lookup_frequency import LookupFrequency
from models.detectors.off_hours import OffHours
from models.detectors.out_of_role import OutOfRole
from models.detectors.protected_resident import ProtectedResident
from models.detectors.relation import Relation
from models.detectors.repeat_access import RepeatAccess
from models.detectors.target_skew import TargetSkew
from models.detectors.unexplained import Unexplained
from models.finding import Detector

REPEAT_ACCESS = RepeatAccess()
OUT_OF_ROLE = OutOfRole()
UNEXPLAINED = Unexplained()
IDENTITY_PRESENCE = IdentityPresence()
BEHAVIOUR = Behaviour()
DETECTORS: tuple[Detector, ...] = (
    LookupFrequency(),
    REPEAT_ACCESS,
    UNEXPLAINED,
    OffHours(),
    OUT_OF_ROLE,
    Relation(),
    ProtectedResident(),
    Convergence(),
    TargetSkew(),
    Enumeration(),
    Extraction(),
    IDENTITY_PRESENCE,
    Contract(),
    BEHAVIOUR,
)
DETECTOR = {detector.name: detector for detector in DETECTORS}
