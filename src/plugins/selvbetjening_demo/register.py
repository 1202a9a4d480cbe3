"""A register of persons that knows the test citizens."""

from __future__ import annotations

import functools

from zope.interface import implementer

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IPrefill
from selvbetjening_core.values import ComponentContext, CprNumber, Data, Household, Setting
from selvbetjening_demo.people import DemoCitizens, load_citizens

SOURCE = "Folkeregisteret (demo)"

SETTINGS = (
    Setting(
        name="failure",
        kind="text",
        help='"down": behave as if the register could not be reached.',
        required=False,
        default="",
        choices=("", "down"),
    ),
)


@implementer(IPrefill)
class DemoRegister:
    """Stands for the CPR register; answers from ``people.toml``."""

    def __init__(self, context: ComponentContext) -> None:
        self._now = context.now
        self._down = context.text("failure") == "down"

    @functools.cached_property
    def _citizens(self) -> DemoCitizens:
        # Read when the first citizen asks: 98 municipalities start with as many registers.
        return load_citizens()

    def household(self, cpr: CprNumber) -> Household | None:
        """The test citizen with this number; None for anybody else.

        :raises Unavailable: when set to be down
        """
        if self._down:
            raise Unavailable("the demo register is set to be down")
        citizen = self._citizens.by_cpr(cpr)
        if citizen is None:
            return None
        return Household(
            person=citizen.person,
            children=citizen.children,
            source=SOURCE,
            retrieved_at=self._now(),
            others=citizen.others,
        )


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Offer the demo register."""
    register.component(
        IPrefill,
        DemoRegister,
        help="A register of persons with a few official test citizens.",
        settings=SETTINGS,
        demo_only=True,
        reads=(Data.CPR,),
        holds="Invented test citizens alone.",
        built_for="0.1",
    )
