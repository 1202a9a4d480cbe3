"""Staff of another municipality: here by an agreement of both files, for as long as it holds."""

from __future__ import annotations

import dataclasses

from selvbetjening_core.composition.staff_agreements import StaffAgreement
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.values import Staff


def agreements_in_force(context: JourneyContext) -> tuple[StaffAgreement, ...]:
    """The agreements by which others' staff may serve here today, by kommunekode."""
    visitors = context.municipality.file.visitors
    return tuple(
        visitors[code] for code in sorted(visitors) if visitors[code].holds_on(context.today)
    )


def as_serving_here(context: JourneyContext, staff: Staff) -> Staff | None:
    """One who has just logged in, with the roles they have here; None: they serve elsewhere.

    One who works here is here as such, whatever agreements there are. Of one who is here
    by an agreement, the id begins with the kommunekode of their own municipality, so that
    whatever is noted of them names it.
    """
    if context.code in staff.municipalities:
        return staff
    for agreement in agreements_in_force(context):
        if agreement.other in staff.municipalities:
            return dataclasses.replace(
                staff,
                id=f"{agreement.other}:{staff.id}",
                home=agreement.other,
                roles=staff.roles & agreement.roles,
            )
    return None


def still_serving_here(context: JourneyContext, staff: Staff) -> Staff | None:
    """One who is logged in, with the roles that are left to them; None: the agreement is over.

    Asked at each request: what either file takes out holds at once.
    """
    if not staff.home:
        return staff
    agreement = agreement_of(context, staff)
    if agreement is None:
        return None
    return dataclasses.replace(staff, roles=staff.roles & agreement.roles)


def agreement_of(context: JourneyContext, staff: Staff) -> StaffAgreement | None:
    """The agreement by which they are here today; None: there is none, or they need none."""
    return next((one for one in agreements_in_force(context) if one.other == staff.home), None)
