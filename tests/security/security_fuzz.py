"""Item ``fuzz``: requests that nobody thought of, and a citizen who does anything."""

from __future__ import annotations

import suite
from fuzz_faults import FAULTS, planted
from fuzz_journey import walk
from fuzz_requests import send_generated
from fuzz_world import World, make_world, without_rates
from town import Town

__all__ = ["ABOUT", "FAULTS", "run"]

ABOUT = (
    "schemathesis on a description that is made from the router and the steps, in two kinds"
    " (what fits it, and what does not), and a state machine of hypothesis that walks the"
    " journey in any order: forged steps, changed and missing fields, old windows, logging out"
    " in between, payments that are begun, cancelled and never finished. What may be accepted"
    " is written down a second time (`tests/security/fuzz_oracle.py`)."
)
_LEAST = 20_000
_MOST_TOLD = 20


def run(options: suite.Options) -> suite.Result:
    """Some hundred requests with ``small``; else at least 20,000. The seed is told."""
    with planted(options.fault), Town(without_rates) as town:
        world = make_world(town)
        walk(world, walks=options.many(240, 10), steps=options.many(30, 12), seed=options.seed)
        operations = send_generated(
            world, each=options.many(60, 2), share=options.many(1, 6), seed=options.seed
        )
    figures = _figures(world, operations, options)
    missed = world.found[:_MOST_TOLD]
    if not (options.small or missed) and world.requests < _LEAST:
        missed.append(f"{world.requests} requests are too few")
    return suite.Result(figures, missed)


def _figures(world: World, operations: int, options: suite.Options) -> dict[str, object]:
    refused = sum(count for status, count in world.statuses.items() if status >= 400)
    return {
        "requests": world.requests,
        "operations": operations,
        "refused": refused,
        "answers kept and judged": world.accepted,
        "submissions judged": world.submitted,
        "answers of 500 or more": sum(n for s, n in world.statuses.items() if s >= 500),
        "seed": options.seed,
    }
