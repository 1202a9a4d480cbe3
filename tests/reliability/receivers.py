"""Receivers that fail and lie: whatever they do, accepted = delivered + waiting + parked and told.

Run by ``tox run -e receivers``; see ``receivers_cast.py`` for who is delivered to.
"""

from __future__ import annotations

import collections
import contextlib
import datetime
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import suite
from harness import JOURNAL, equation
from receiver import EFFECT
from receivers_cast import DELIVERED, PARKED, VARIANTS, Member
from receivers_world import Patch, World

from selvbetjening_core.delivery import conclusion, inbox
from selvbetjening_core.journey.records import Delivery, DeliveryState
from selvbetjening_core.values import OutcomeKind
from selvbetjening_sftp.notes import Notes

# Bounds.
LONGEST_WAIT_OF_HEALTHY = 15.0
LARGEST_ANSWER_TAKEN = 8 << 20
MOST_MEMORY_GROWN = 300 << 20
LONGEST_ATTEMPT = 6.0
# In small it runs beside other tests, which take the processor from it.
_PATIENCE_IN_SMALL = 4
_FAULTY_SECONDS = 60
_HOURS = (*[0.02] * 5, *[0.25] * 6, *[1.0] * 6, *[6.0] * 12)
_LATER_HOURS = (*[6.0] * 4, *[24.0] * 12)
_TRIED_AGAIN = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.UNKNOWN)
ABOUT = (
    "Deliveries to receivers that are down, slow, hang, fail, lie, repeat themselves, tell too"
    " late or change their mind: over HTTP with the plugin that `selvbetjening new-plugin"
    " delivery` makes (in three ways to find out what nobody knows), over SFTP, by mail and"
    " into a folder. In one municipality, beside one that is healthy."
)


@dataclass
class Seen:
    """What a run came to."""

    rows: dict[str, list[Delivery]]
    effects: collections.Counter[str]
    healthy_seconds: float
    longest_attempt: float
    grown: int


def run(options: suite.Options) -> suite.Result:
    """Deliver to all of them, in good time and bad."""
    fault = FAULTS.get(options.fault)
    with fault.planted() if fault else contextlib.nullcontext(), _world(fault) as world:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        rows = _deliver(world, options.many(5, 1))
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
        seen = Seen(rows, _effects(world), _healthy(rows), _longest_attempt(world, rows), grown)
        if not options.fault:
            sys.stdout.write(_table(world, seen))
        patience = _PATIENCE_IN_SMALL if options.small and not options.fault else 1
        return suite.Result(_figures(world, seen), _missed(world, seen, patience))


def _world(fault: Fault | None) -> World:
    if fault is None:
        return World()
    return World(patch=fault.patch, only=fault.only, settings=fault.settings)


def _deliver(world: World, count: int) -> dict[str, list[Delivery]]:
    engine = world.application.engine
    engine.start()
    for _ in range(count):
        for member in world.cast.members:
            world.accept(member)
        # Citizens go on coming while the healthy receiver is served, and others hang.
        _eventually(lambda: _is_healthy(world), _FAULTY_SECONDS)
    # Everybody has failed at least once, while the healthy one was served.
    _eventually(lambda: _all_tried(world), _FAULTY_SECONDS)
    for member in world.cast.members:
        if member.mend is not None:
            member.mend()
    # What is under way when the clock is moved would look as if its worker had died.
    _eventually(engine.stop, _FAULTY_SECONDS)
    _travel(world, _HOURS)
    for row in world.rows():
        member = _member(world, row)
        if member is not None and member.receipts is not None:
            member.receipts(row.key)
    _travel(world, _LATER_HOURS)
    return _by_component(world.rows())


def _travel(world: World, hours: Sequence[float]) -> None:
    for step in hours:
        world.clock.ahead += datetime.timedelta(hours=step)
        world.work()


def _all_tried(world: World) -> bool:
    """Once, and what did not end so once more: sent again, or asked about."""
    return all(_is_tried(row) for row in world.rows())


def _is_healthy(world: World) -> bool:
    return all(row.state == DELIVERED for row in world.rows() if row.component == JOURNAL)


def _is_tried(row: Delivery) -> bool:
    if row.component == JOURNAL:
        return row.state == DELIVERED
    return row.attempts >= (2 if row.state in _TRIED_AGAIN else 1)


def _eventually(condition: Callable[[], bool], seconds: float) -> None:
    """Wait until it is true, or the time is up: the bounds say what that means."""
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.1)


def _by_component(rows: Sequence[Delivery]) -> dict[str, list[Delivery]]:
    found: dict[str, list[Delivery]] = collections.defaultdict(list)
    for row in rows:
        found[row.component].append(row)
    return found


def _member(world: World, row: Delivery) -> Member | None:
    return next((one for one in world.cast.members if one.name == row.component), None)


def _effects(world: World) -> collections.Counter[str]:
    """What was taken, by key: told by each receiver, and written into the journal."""
    for row in world.rows():
        member = _member(world, row)
        if member is not None and member.effects is not None:
            for _ in range(member.effects(row.key)):
                world.site.journal.add(EFFECT, row.key, receiver=member.name)
    return world.site.journal.effects()


def _healthy(rows: dict[str, list[Delivery]]) -> float:
    """How long the healthy receiver's deliveries waited, at most."""
    return max((one.changed_at - one.created_at).total_seconds() for one in rows[JOURNAL])


def _longest_attempt(world: World, rows: dict[str, list[Delivery]]) -> float:
    return max(
        (attempt.ended_at - attempt.started_at).total_seconds()
        for found in rows.values()
        for row in found
        for attempt in world.attempts(row)
        if attempt.ended_at is not None
    )


def _missed(world: World, seen: Seen, patience: int) -> list[str]:
    balance = equation(world.application.store, world.receipts, world.site.journal)
    told = {(one, name) for kind, one, name in world.told() if kind == PARKED}
    missed = list(balance.faults)
    for member in world.cast.members:
        for row in seen.rows[member.name]:
            missed += _wrong(member, row, seen.effects[row.key], told)
    missed += [
        f"{JOURNAL}: ended {row.state}" for row in seen.rows[JOURNAL] if row.state != DELIVERED
    ]
    if world.cast.witness.requests:
        missed.append(f"a redirection was followed {len(world.cast.witness.requests)} times")
    for what, found, bound in (
        (
            "seconds the healthy receiver waited",
            seen.healthy_seconds,
            LONGEST_WAIT_OF_HEALTHY * patience,
        ),
        ("seconds of the longest attempt", seen.longest_attempt, LONGEST_ATTEMPT * patience),
        ("bytes taken of one answer", _most_taken(world), LARGEST_ANSWER_TAKEN),
        ("bytes of memory grown", seen.grown, MOST_MEMORY_GROWN),
    ):
        if found > bound:
            missed.append(f"{what}: {found}, at most {bound}")
    return missed


def _wrong(
    member: Member, row: Delivery, effects: int, told: set[tuple[str, str]]
) -> Iterator[str]:
    if row.state != member.ends:
        yield f"{member.name}: ended {row.state}, should {member.ends}"
    if row.state == PARKED and not (row.reason and (row.submission_id, row.destination) in told):
        yield f"{member.name}: parked, and nobody was told why"
    if member.name.startswith("tls_") and member.ends == PARKED and effects:
        yield f"{member.name}: was sent to a server that nobody vouches for"


def _most_taken(world: World) -> int:
    return max((getattr(one.remote, "most_taken", 0) for one in world.cast.members), default=0)


def _figures(world: World, seen: Seen) -> dict[str, object]:
    balance = equation(world.application.store, world.receipts, world.site.journal)
    # A good certificate is there to show that the others are told from it.
    kinds = {_kind(member) for member in world.cast.members} - {"tls_good"}
    cannot_dedupe = [
        row.key
        for member in world.cast.members
        if not member.name.endswith("_keyed")
        for row in seen.rows[member.name]
    ]
    return {
        "faulty receivers": len(kinds),
        "destinations": len(world.cast.members),
        **balance.figures,
        "blind repeats": sum(max(seen.effects[key] - 1, 0) for key in cannot_dedupe),
        "redirections followed": len(world.cast.witness.requests),
        "healthy waited at most s": round(seen.healthy_seconds, 1),
        "longest attempt s": round(seen.longest_attempt, 1),
        "taken of 1 GiB answer kB": _most_taken(world) // 1024,
        "memory grown MB": seen.grown >> 20,
    }


def _kind(member: Member) -> str:
    head, _, tail = member.name.rpartition("_")
    return head if tail in VARIANTS else member.name


def _table(world: World, seen: Seen) -> str:
    lines = [f"{'receiver':<34}{'accepted':>9}{'delivered':>10}{'parked':>8}{'effects':>9}"]
    for member in world.cast.members:
        rows = seen.rows[member.name]
        states = collections.Counter(row.state for row in rows)
        effects = sum(seen.effects[row.key] for row in rows)
        lines.append(
            f"{member.name:<34}{len(rows):>9}{states[DELIVERED]:>10}{states[PARKED]:>8}{effects:>9}"
        )
    return "\n".join([*lines, ""])


# -- faults that must be found ---------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """Something planted.

    :param only: words in the names of the members that are enough to find it
    :param patch: changes the plugins that the skeleton made
    :param planted: changes the core, or a shipped plugin, for as long as it runs
    """

    told: str
    only: tuple[str, ...]
    patch: Patch = lambda _: None
    planted: Callable[[], contextlib.AbstractContextManager[object]] = contextlib.nullcontext
    settings: str = World.settings


def _in_plugins(file: str, old: str, new: str) -> Patch:
    def patch(folder: Path) -> None:
        for name in VARIANTS:
            found = folder / f"{name}-delivery" / f"{name}_delivery" / file
            text = found.read_text("utf-8")
            assert old in text, f"the skeleton's {file} has no {old!r} to plant a fault in"
            found.write_text(text.replace(old, new), "utf-8")

    return patch


def _unknown_is_tried_again() -> contextlib.AbstractContextManager[object]:
    real = conclusion.decide

    def decide(kind, situation):
        is_unknown = kind is OutcomeKind.UNKNOWN
        return real(OutcomeKind.TRANSIENT if is_unknown else kind, situation)

    return mock.patch.object(conclusion, "decide", decide)


def _receipts_are_dropped() -> contextlib.AbstractContextManager[object]:
    return mock.patch.object(inbox.Inbox, "take", return_value=False)


def _last_word_counts() -> contextlib.AbstractContextManager[object]:
    changes = {**inbox._CHANGES, OutcomeKind.PERMANENT: tuple(DeliveryState)}
    return mock.patch.object(inbox, "_CHANGES", changes)


def _nothing_is_noted() -> contextlib.AbstractContextManager[object]:
    return mock.patch.object(Notes, "put")


_REDIRECT = """response = connection.getresponse()
    if response.getheader("Location"):
        import urllib.request
        urllib.request.urlopen(response.getheader("Location"), b"{}").close()
"""
FAULTS: dict[str, Fault] = {
    "unknown-is-transient": Fault(
        "what may have arrived is simply sent again",
        ("acts_and_drops_blunt", "mail_dropped"),
        planted=_unknown_is_tried_again,
    ),
    "receipt-dropped": Fault(
        "a late receipt is acknowledged, and nothing comes of it",
        ("three_days_blunt",),
        planted=_receipts_are_dropped,
    ),
    "last-word-counts": Fault(
        "what was delivered is refused, when the receiver says so later",
        ("changes_mind_keyed",),
        planted=_last_word_counts,
    ),
    "redirect-followed": Fault(
        "a parcel follows a redirection to an internal address",
        ("redirect_keyed",),
        _in_plugins("wire.py", "response = connection.getresponse()\n", _REDIRECT),
    ),
    "read-without-bound": Fault(
        "an answer is read however long it is",
        ("gigabyte_keyed",),
        _in_plugins("wire.py", "_LARGEST_ANSWER = 1_000_000", "_LARGEST_ANSWER = 1 << 40"),
    ),
    "waits-for-each-byte": Fault(
        "the time limit is for each piece of an answer, not for all of it",
        ("drips_keyed",),
        _in_plugins("wire.py", "left = self._until - time.monotonic()", "left = 1.0"),
        settings="\n[delivery]\nattempt_seconds = 10\n",
    ),
    "any-certificate": Fault(
        "a server is believed whatever its certificate",
        ("tls_expired_keyed",),
        _in_plugins(
            "wire.py",
            "connection = kind(",
            "import ssl\n"
            "        ssl._create_default_https_context = ssl._create_unverified_context\n"
            "        connection = kind(",
        ),
    ),
    "any-404-counts": Fault(
        "whoever says 404 has settled that it never arrived",
        ("go_between_404_asked",),
        _in_plugins(
            "intake.py",
            "answer.status == 404 and _is_about(answer, delivery.key, _NONE)",
            "answer.status == 404",
        ),
    ),
    "any-id-counts": Fault(
        "an answer about another delivery is taken for ours",
        ("wrong_id_keyed",),
        _in_plugins("intake.py", 'answer.data.get("key") == key and ', ""),
    ),
    "one-hand": Fault(
        "one delivery is carried out at a time, so that whoever hangs holds up all others",
        ("sftp_hang", "sftp_garbage", "sftp_busy", "sftp_lost_answer"),
        settings="\n[delivery]\nattempt_seconds = 25\nat_once = 1\n",
    ),
    "nothing-noted": Fault(
        "what a receiver has taken away looks as if it had never been there",
        ("sftp_grabbed",),
        planted=_nothing_is_noted,
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The suite's command line."""
    return suite.main(
        "receivers",
        run,
        {name: fault.told for name, fault in FAULTS.items()},
        title="Receivers that fail and lie",
        about=ABOUT,
        arguments=arguments,
    )


if __name__ == "__main__":
    sys.exit(main())
