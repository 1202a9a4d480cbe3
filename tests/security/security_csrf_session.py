"""Nothing is done in a citizen's name that they did not ask for, and a login is theirs alone.

Over the real router, asked as a proxy that speaks https asks it: every unsafe route with
every forged token, origin and method; every GET of every route; and logins over their
whole life, in several windows, municipalities and mounts, of citizens, of
guests and of staff.
"""

from __future__ import annotations

import suite
from csrf_faults import FAULTS, planted
from csrf_safe import WAYS_IN, changes, looked_at
from csrf_sessions import CHECKS, told
from csrf_town import Town, town
from csrf_unsafe import Tally, try_all, unsafe_views

__all__ = ["ABOUT", "FAULTS", "run"]

ABOUT = (
    "Every unsafe route of the router, sent with no token, another's, one of before a login and"
    " one of before stepping up, from other origins, by other methods: none may be accepted, and"
    " nothing in the database may change; the same form from our own page is let in. Every GET"
    " of every route, by nobody, a citizen, a guest and staff, changes nothing (but "
    + " and ".join(f"`{name}`" for name in WAYS_IN)
    + ", which are ways in for others). Then fixation, stepping up, logging out, two windows,"
    " what the browser may keep, the limits of each level, other municipalities and mounts,"
    " staff and citizens, guests, and every attribute of every cookie that was sent."
)
_PLACES = (("", ""), ("/mors", "localhost"), ("/en", ""))
"""The municipality's own host; a prefix of a shared host; in English."""


def run(options: suite.Options) -> suite.Result:
    """The figures, and what was missed."""
    with planted(options.fault), town() as site:
        return _measured(site, options)


def _measured(site: Town, options: suite.Options) -> suite.Result:
    places = _PLACES[: options.many(len(_PLACES), 1)]
    tallies = [try_all(site, mount, host) for mount, host in places]
    changed = [told for mount, host in places for told in changes(site, mount, host)]
    wrong = {name: told(check, site) for name, check in CHECKS.items()}
    figures = {
        "unsafe views": len(unsafe_views(site)),
        "attempts": sum(one.attempts for one in tallies),
        "accepted": sum(len(one.accepted) for one in tallies),
        "forms of our own let in": sum(one.let_in for one in tallies),
        "routes looked at": len(looked_at(site)),
        "changed by looking": len(changed),
        "life of a login": f"{sum(not one for one in wrong.values())} of {len(wrong)} checks held",
        "cookies sent": sum(len(one.jar.sent) for one in site.windows),
    }
    of_logins = [f"{name}: {one}" for name, found in wrong.items() for one in found]
    return suite.Result(figures, [*_missed(tallies), *changed, *of_logins])


def _missed(tallies: list[Tally]) -> list[str]:
    found = [f"accepted: {told}" for one in tallies for told in one.accepted]
    found += [f"not proven: {told}" for one in tallies for told in one.unproven]
    if not all(one.attempts > 300 and one.let_in > 12 for one in tallies):
        found.append("too few attempts: the router has fewer unsafe views than it had")
    return found
