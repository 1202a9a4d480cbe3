"""Forged logins through a broker, through the running application: none is let in.

Every vector is a login of its own, begun in a browser of its own, at a provider that behaves
but for what the vector is about. Accepted is what logs somebody in.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping

import oidc_logout
import suite
from oidc_answers import ANSWERS, DOCUMENTS, PROVIDER
from oidc_good import GOOD
from oidc_naive import FAULTS, planted
from oidc_tokens import TOKENS, Vector
from oidc_town import OTHER_NAME, Begun, OidcTown, made_keys, oidc_town

__all__ = ["ABOUT", "FAULTS", "run"]

ABOUT = (
    "Answers to a login through a broker (OpenID Connect), likewise: ID tokens of others, for"
    " others and by none; codes, states and nonces of other logins; a provider that is slow,"
    " gone, or talks nonsense; discovery documents that send people elsewhere; log-outs that"
    " nobody told of."
)
VECTORS: Mapping[str, Mapping[str, Vector]] = {
    "tokens": TOKENS,
    "answers": ANSWERS,
    "provider": PROVIDER,
}
LEAST_BY_NAIVE = 10
_THREADS = 8


def run(options: suite.Options) -> suite.Result:
    """The figures, and what was let in or kept out wrongly."""
    missed: list[str] = []
    counts: Counter[str] = Counter({"forged identities": 0, "accepted": 0})
    with planted(options.fault), oidc_town(made_keys()) as town:
        for group, vectors in VECTORS.items():
            for name, vector in vectors.items():
                counts[f"vectors: {group}"] += 1
                missed += _tried(town, f"{group}: {name}", vector, counts)
        for name, vector in GOOD.items():
            town.reset()
            begun = town.begun()
            vector(begun)
            counts["good ones accepted"] += begun.is_in()
            missed += [] if begun.is_in() else [f"not accepted: {name}"]
        missed += _sent_nowhere(town, counts)
        missed += _replayed(town, counts)
        missed += _logged_out(town, counts)
    return suite.Result(dict(counts), missed)


def _tried(town: OidcTown, name: str, vector: Vector, counts: Counter[str]) -> list[str]:
    town.reset()
    begun = town.begun()
    response = vector(begun)
    # 503 is what the page has that asks to try again later.
    if response.status_int >= 500 and response.status_int != 503:
        return [f"{response.status_int}: {name}"]
    if not begun.is_in():
        return []
    counts["accepted"] += 1
    counts["forged identities"] += OTHER_NAME in begun.window.send("GET", "/").text
    return [f"accepted: {name}"]


def _sent_nowhere(town: OidcTown, counts: Counter[str]) -> list[str]:
    """By a discovery document that is not believed."""
    missed = []
    for name, change in DOCUMENTS.items():
        town.reset()
        town.broker.document.update(change)
        window, away = town.asked_to_log_in()
        counts["vectors: documents"] += 1
        is_told = "://" not in away and window.page.status_int < 600
        missed += [] if is_told else [f"sent away: documents: {name}"]
    return missed


def _replayed(town: OidcTown, counts: Counter[str]) -> list[str]:
    """One answer, eight times at once, in the browser that began, at a careless provider."""
    town.reset()
    town.broker.is_careless = True
    begun = town.begun()
    code = "the one code"
    town.broker.offer(begun.url, code, begun.token(), userinfo={"sub": begun.claims()["sub"]})
    before = town.sessions()
    ready = threading.Barrier(_THREADS)

    def send() -> None:
        ready.wait()
        begun.back(code=code)

    threads = [threading.Thread(target=send) for _ in range(_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = town.sessions() - before
    counts["sessions by one answer, sent 8 times at once"] = made
    return [] if made == 1 else [f"one answer made {made} sessions"]


def _logged_in(town: OidcTown) -> Begun:
    town.reset()
    begun = town.begun()
    begun.answer()
    return begun


def _logged_out(town: OidcTown, counts: Counter[str]) -> list[str]:
    missed = []
    for name, send in oidc_logout.FORGED.items():
        begun = _logged_in(town)
        response = send(begun)
        counts["log-outs forged"] += 1
        if not begun.is_in() or response.status_int >= 500:
            missed.append(f"logged out ({response.status_int}): {name}")
    for name, send in oidc_logout.GOOD.items():
        begun = _logged_in(town)
        response = send(begun)
        counts["good log-outs believed"] += not begun.is_in()
        is_right = response.status_int == 200 and not begun.is_in()
        missed += [] if is_right else [f"not logged out ({response.status_int}): {name}"]
    return missed
