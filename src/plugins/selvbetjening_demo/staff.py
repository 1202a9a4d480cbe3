"""The pretended staff of the demo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """One pretended member of staff. ``id`` is the name they log in with."""

    id: str
    name: str
    municipalities: tuple[str, ...]
    roles: tuple[str, ...]
    about: Mapping[str, str]

    def attributes(self) -> dict[str, str]:
        """What a login says of them: several in one are words between spaces."""
        return {
            "staff": self.id,
            "name": self.name,
            "municipalities": " ".join(self.municipalities),
            "roles": " ".join(self.roles),
        }


STAFF = (
    DemoStaff(
        id="demo-kirsten",
        name="Kirsten Demo",
        municipalities=("0751", "0773"),
        roles=("operator", "auditor"),
        about={
            "da": "Passer driften i begge kommuner og kan se loggen.",
            "en": "Looks after deliveries in both municipalities, and may see the log.",
        },
    ),
    DemoStaff(
        id="demo-jens",
        name="Jens Demo",
        municipalities=("0751", "0773"),
        roles=(),
        about={
            "da": "Arbejder i begge kommuner, men må ikke se driften.",
            "en": "Works in both municipalities, and may not see deliveries.",
        },
    ),
    DemoStaff(
        id="demo-lise",
        name="Lise Demo",
        municipalities=("0751",),
        roles=("operator",),
        about={
            "da": "Passer driften i Aarhus og ingen andre steder.",
            "en": "Looks after deliveries in Aarhus and nowhere else.",
        },
    ),
)


def staff_by_id(staff_id: str) -> DemoStaff | None:
    """The one with this id, or None."""
    return next((one for one in STAFF if one.id == staff_id), None)
