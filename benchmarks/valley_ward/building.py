"""Place the terminals and door readers, and tell by how much their clocks are off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from benchmarks.valley_ward.records import Json
from benchmarks.valley_ward.sections import SECTIONS


@dataclass(frozen=True, slots=True)
class Terminal:
    """Hold one terminal."""

    terminal_id: str
    site_id: str
    zone_id: str
    section_id: str
    cameras: tuple[str, ...]
    skew_s: float

    def line(self) -> Json:
        """Return the record of the directory."""
        return {
            "terminal_id": self.terminal_id,
            "site_id": self.site_id,
            "zone_id": self.zone_id,
            "section_id": self.section_id,
            "camera_ids": list(self.cameras),
        }


class Building:
    """Hold the terminals of each section, and those of the civic hall in the filing weeks."""

    def __init__(self, rng: Random, seats: dict[str, int]) -> None:
        self.of_section: dict[str, list[Terminal]] = {}
        for section in SECTIONS:
            seated = seats.get(section.section_id, 2)
            # The night window has one terminal and a spare; a counter has fewer than people.
            count = seated + 1 if not section.shared_counter else max(2, round(seated * 0.9))
            count = 2 if section.section_id == "night" else count
            self.of_section[section.section_id] = [
                self._terminal(rng, section.section_id, section.site_id, section.zone_id, n)
                for n in range(1, count + 1)
            ]
        self.filing = [self._terminal(rng, "tax", "civic", "civic.1f", n) for n in range(1, 8)]
        zones = ["hall.1f", "hall.2f", "hall.3f", "health.1f", "health.2f", "north"]
        # The civic hall is hired for the filing weeks and has no readers.
        self.door_skew_s = {zone: rng.gauss(0, 15) for zone in zones}
        self.door_skew_s["health.1f"] += rng.choice((-1, 1)) * rng.uniform(60, 150)
        self.by_id = {one.terminal_id: one for one in self.all()}

    def all(self) -> Iterator[Terminal]:
        """Yield every terminal."""
        for terminals in self.of_section.values():
            yield from terminals
        yield from self.filing

    def _terminal(
        self, rng: Random, section_id: str, site_id: str, zone_id: str, number: int
    ) -> Terminal:
        skew_s = rng.gauss(0, 4) if rng.random() > 0.04 else rng.uniform(40, 100)
        name = f"{section_id if site_id != 'civic' else 'civic'}-{number:02}"
        filmed = zone_id in ("hall.1f", "north", "health.1f") and rng.random() < 0.8
        cameras = (f"cam-{zone_id}-{1 + number // 5}",) if filmed else ()
        return Terminal(name, site_id, zone_id, section_id, cameras, skew_s)
