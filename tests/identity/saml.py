"""Forged logins at NemLog-in, through the running application: none is let in.

Every vector is a login of its own, begun in a browser of its own; its answer comes to the
address that the provider's answers come to. Accepted is what logs somebody in. Beside them
stand answers that must be accepted, one answer that comes eight times at once, and log-outs
that nobody told of.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping

import suite
from saml_forged import FORGED
from saml_good import GOOD
from saml_logout import Told, by_post, by_redirect, forged
from saml_naive import FAULTS, planted
from saml_rules import RULES
from saml_town import OTHER_NAME, SamlTown, made_keys, saml_town
from saml_wrapped import WRAPPED, Vector

__all__ = ["ABOUT", "FAULTS", "run"]

ABOUT = (
    "Answers to a login at NemLog-in, each in a browser of its own, through the running"
    " application: signature wrapping in every known form, signatures of others, by old"
    " algorithms and by none, comments, document types, ciphers, times, audience, recipient,"
    " issuer, request, and the rules of OIOSAML one by one. Accepted is what logs somebody in."
)
VECTORS: Mapping[str, Mapping[str, Vector]] = {
    "wrapped": WRAPPED,
    "forged": FORGED,
    "rules": RULES,
}
LEAST_BY_NAIVE = 6
_THREADS = 8


def run(options: suite.Options) -> suite.Result:
    """The figures, and what was let in or kept out wrongly."""
    keys = made_keys()
    missed: list[str] = []
    counts: Counter[str] = Counter()
    with planted(options.fault), saml_town(keys) as town:
        counts["forged identities"] = 0
        counts["accepted"] = 0
        for group, vectors in VECTORS.items():
            for name, vector in vectors.items():
                counts[f"vectors: {group}"] += 1
                missed += _tried(town, f"{group}: {name}", vector, counts)
        for name, vector in GOOD.items():
            begun = town.begun()
            begun.send(vector(begun))
            counts["good ones accepted"] += begun.is_in()
            missed += [] if begun.is_in() else [f"not accepted: {name}"]
        missed += _replayed(town, counts)
        missed += _logged_out(town, counts)
    return suite.Result(dict(counts), missed)


def _tried(town: SamlTown, name: str, vector: Vector, counts: Counter[str]) -> list[str]:
    begun = town.begun()
    response = begun.send(vector(begun))
    if response.status_int >= 500:
        return [f"{response.status_int}: {name}"]
    if not begun.is_in():
        return []
    counts["accepted"] += 1
    counts["forged identities"] += OTHER_NAME in begun.window.send("GET", "/").text
    return [f"accepted: {name}"]


def _replayed(town: SamlTown, counts: Counter[str]) -> list[str]:
    """One answer, eight times at once, in the browser that began."""
    begun = town.begun()
    before = town.sessions()
    fields = GOOD["as it should be"](begun)
    ready = threading.Barrier(_THREADS)

    def send() -> None:
        ready.wait()
        begun.window.send("POST", "/-/messages/login", fields)

    threads = [threading.Thread(target=send) for _ in range(_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = town.sessions() - before
    counts["sessions by one answer, sent 8 times at once"] = made
    return [] if made == 1 else [f"one answer made {made} sessions"]


def _logged_out(town: SamlTown, counts: Counter[str]) -> list[str]:
    missed = []
    for name, send in forged(town).items():
        begun = town.begun()
        begun.send(GOOD["as it should be"](begun))
        response = send(begun, Told(town.keys.provider, town.clock()))
        counts["log-outs forged"] += 1
        if not begun.is_in() or response.status_int >= 500:
            missed.append(f"logged out ({response.status_int}): {name}")
    for way in (by_redirect, by_post):
        begun = town.begun()
        begun.send(GOOD["as it should be"](begun))
        way(begun, Told(town.keys.provider, town.clock()))
        counts["good log-outs believed"] += not begun.is_in()
        missed += [f"not logged out: {way.__name__}"] if begun.is_in() else []
    return missed
