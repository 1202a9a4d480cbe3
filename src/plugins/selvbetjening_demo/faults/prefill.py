"""A register of persons that misbehaves."""

from __future__ import annotations

from dataclasses import replace

from zope.interface import implementer

from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IPrefill
from selvbetjening_core.values import ComponentContext, CprNumber, Data, Household
from selvbetjening_demo.faults.mischief import Fault, Mischief, fault_settings
from selvbetjening_demo.people import load_citizens
from selvbetjening_demo.register import DemoRegister

SETTINGS = fault_settings(
    slow="the register answers too late",
    down="the register cannot be reached",
    lying="the register answers about somebody else",
    duplicating="the register tells of every child twice",
    out_of_order="the register tells of the children in another order",
    forgetting="the register leaves the children out",
)


@implementer(IPrefill)
class FaultyRegister:
    """The demo register, with the fault that the municipality's file names."""

    def __init__(self, context: ComponentContext) -> None:
        self._honest = DemoRegister(context)
        self._citizens = load_citizens()
        self.mischief = Mischief(context)

    def household(self, cpr: CprNumber) -> Household | None:
        """See ``IPrefill``; the answer may be another than the true one."""
        found = self.mischief.reached(lambda: self._honest.household(cpr))
        if found is None:
            return None
        if self.mischief.strikes(Fault.LYING):
            return self._of_somebody_else(found)
        return self._with_other_children(found)

    def _of_somebody_else(self, found: Household) -> Household:
        other = next(c for c in self._citizens.all if c.person.cpr != found.person.cpr)
        return replace(found, person=other.person, children=other.children, others=other.others)

    def _with_other_children(self, found: Household) -> Household:
        if not found.children:
            return found
        if self.mischief.strikes(Fault.DUPLICATING):
            return replace(found, children=found.children * 2)
        if self.mischief.strikes(Fault.OUT_OF_ORDER):
            return replace(found, children=found.children[::-1])
        if self.mischief.strikes(Fault.FORGETTING):
            return replace(found, children=())
        return found


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Offer the register that misbehaves."""
    register.component(
        IPrefill,
        FaultyRegister,
        help="The demo register, misbehaving on purpose: to rehearse with.",
        settings=SETTINGS,
        demo_only=True,
        reads={Data.CPR},
        holds="Nothing.",
        built_for="0.1",
        makes_faults=True,
    )
