"""What a page begins with: ``<!-- given: NAME -->``."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

from docs_blocks import DOCS, Block, blocks_of
from docs_workshop import Workshop

import selvbetjening_solutions
from selvbetjening_core.application import utc_now
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.journey.records import (
    Attempt,
    Delivery,
    DeliveryState,
    SubmissionFacts,
)
from selvbetjening_core.opening import open_store
from selvbetjening_core.testing import cases
from selvbetjening_core.values import (
    CaseSnapshot,
    Outcome,
    OutcomeKind,
)
from selvbetjening_demo.folder import prepare_folder


def _follow(folder: Path, blocks: list[Block]) -> None:
    (folder / "secrets").mkdir(exist_ok=True)
    Workshop(folder, {}).follow(blocks)


def nothing(folder: Path) -> None:
    """An empty folder."""


def demo(folder: Path) -> None:
    """The folder that the demo makes."""
    prepare_folder(folder)


def first_municipality(folder: Path) -> None:
    """What the municipality's tutorial has at its end, with keys and secrets."""
    without_keys(folder)
    page = blocks_of(DOCS / "municipality" / "first-municipality.md")
    (secrets,) = (block for block in page if "new-keys" in block.text)
    _follow(folder, [secrets])


def without_keys(folder: Path) -> None:
    """The files of the municipality's tutorial."""
    kept = ("file", "append", "replace")
    page = blocks_of(DOCS / "municipality" / "first-municipality.md")
    _follow(folder, [block for block in page if block.way in kept])


def first_plugin(folder: Path) -> None:
    """What the vendor's tutorial has written and installed at its end."""
    page = DOCS / "vendor" / "first-plugin.md"
    told = [block for block in blocks_of(page) if block.way not in ("parse", "given")]
    quick = [block for block in told if "selvbetjening" not in block.text.splitlines()[0]]
    prepare_folder(folder)
    _follow(folder, quick)


def own_copy(folder: Path) -> None:
    """The demo's folder, with the health card as a solution of its own."""
    prepare_folder(folder)
    shipped = Path(selvbetjening_solutions.__file__).parent / "sundhedskort"
    shutil.copytree(shipped, folder / "solutions" / "sundhedskort")
    file = folder / "selvbetjening.toml"
    text = file.read_text(encoding="utf-8")
    assert '"package:selvbetjening_solutions"' in text
    file.write_text(text.replace('"package:selvbetjening_solutions"', '"solutions"'), "utf-8")


def a_parked_delivery(folder: Path) -> None:
    """The demo's folder, with one submission that could not be delivered."""
    prepare_folder(folder)
    now = utc_now()
    plan = read_plan(folder / "selvbetjening.toml", register_core, now.date())
    then = now - datetime.timedelta(days=3, hours=4, minutes=1)
    store = open_store(plan)
    try:
        with store.transaction("0773") as work:
            facts = SubmissionFacts("ab" * 32, {}, "draft-1")
            assert work.submissions.add(_case(then), facts)
            work.deliveries.add(_delivery(then))
            work.deliveries.begin_attempt(Attempt("d-1", 1, "folder", "0.1.0", then))
            refused = Outcome(OutcomeKind.PERMANENT, "the folder is read-only")
            work.deliveries.end_attempt("d-1", 1, refused, then)
    finally:
        store.close()


def _case(then: datetime.datetime) -> CaseSnapshot:
    return cases.a_case(submission_id="s-1", receipt_number="0773-ABCD", received_at=then)


def _delivery(then: datetime.datetime) -> Delivery:
    return Delivery(
        id="d-1",
        submission_id="s-1",
        destination="case_system",
        component="journal",
        key="key-1",
        position=0,
        state=DeliveryState.PARKED,
        attempts=1,
        due_at=then,
        created_at=then,
        changed_at=then,
        reason="The receiver refused it, and would refuse it again.",
    )


GIVEN: dict[str, Callable[[Path], None]] = {
    "nothing": nothing,
    "demo": demo,
    "municipality/first-municipality.md": first_municipality,
    "first plugin": first_plugin,
    "the first municipality, without keys": without_keys,
    "own copy of sundhedskort": own_copy,
    "a parked delivery": a_parked_delivery,
}
