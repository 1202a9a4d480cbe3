"""The benchmark of the forms in small, in plain tox: without the peers, and without timing.

The whole of it: ``tox run -e bench``.
"""

from __future__ import annotations

import dataclasses

import pytest
from answering import ours
from answering.bounds import Bounds
from answering.checked import checked, differences, expected
from answering.definition import solution
from answering.faults import FAULTS, FOUND_BY, PLANTED, plant, pull_up
from answering.frame import Frame
from answering.page import Content
from answering.rounds import Rounds
from answering.step import FIELDS, RIGHT, TITLE
from answering.worker import GET, OURS, Spent

from selvbetjening_core.forms.compiled import CompiledStep
from selvbetjening_core.forms.views import Compiled


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What our own stack shows and accepts, and its page."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ours.ENVIRONMENT.items():
            patch.setenv(name, value)
        stack = ours.stack(ours.installation(tmp_path_factory.mktemp("bench")))
        yield checked(stack), stack.get().body.decode()
        stack.close()


def test_our_step_is_the_step_that_is_compared(found):
    walked, _ = found
    assert differences(walked, walked.empty.frame) == []
    assert walked.forged == 403


def without(content: Content, name: str) -> Content:
    return dataclasses.replace(
        content, fields={key: one for key, one in content.fields.items() if key != name}
    )


def changed(content: Content, name: str, **values: str) -> Content:
    shown = dataclasses.replace(content.fields[name], **values)
    return dataclasses.replace(content, fields={**content.fields, name: shown})


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("empty", lambda one: without(one, "note")),
        ("empty", lambda one: changed(one, "cpr", hint="")),
        ("empty", lambda one: dataclasses.replace(one, title="Noget andet")),
        ("empty", lambda one: dataclasses.replace(one, frame=())),
        ("saved", lambda one: changed(one, "navn", value="Æske")),
        ("saved", lambda one: changed(one, "ejer", options=())),
        ("refused", lambda one: changed(one, "antal", error="")),
        ("refused", lambda one: changed(one, "vej", error="Ret svaret")),
        ("accepted", lambda _: 200),
        ("forged", lambda _: 303),
    ],
)
def test_other_work_is_found(found, part, change):
    walked, _ = found
    other = dataclasses.replace(walked, **{part: change(getattr(walked, part))})
    assert len(differences(other, walked.empty.frame)) == 1


def test_the_frame_of_the_peers_is_ours_but_for_name_and_token(found):
    _, page = found
    frame = Frame.of(page)
    assert "Nancy" not in frame.before + frame.after
    around = frame.around("<h1>X</h1>", "NAME", "TOKEN")
    assert around.count("NAME") == 1
    assert around.count('name="csrf_token" value="TOKEN"') == page.count('name="csrf_token"') - 1


def test_every_field_is_in_the_definition():
    text = solution()
    assert all(f"[step.home.{one.name}]" in text for one in FIELDS)
    assert list(expected(RIGHT, {})) == [one.name for one in FIELDS]
    assert TITLE in text


def spent(*processor: float) -> list[Spent]:
    return [Spent(one, one) for one in processor]


def test_a_ratio_is_of_one_round_and_not_of_medians():
    rounds = Rounds({("peer", GET): spent(10, 40, 90), (OURS, GET): spent(10, 20, 10)})
    ratio = rounds.ratio("peer", OURS, GET)
    assert (ratio.least, ratio.median, ratio.greatest) == (1, 2, 9)
    assert rounds.more("peer", OURS, GET) == 20


def test_a_missed_bound_is_told():
    bounds = Bounds()
    bounds.at_least("GET of fastapi, of ours", 5, 5, 8)
    bounds.at_most("start", 600, 600, 350, " ms")
    assert bounds.missed == []
    bounds.at_least("GET of flask, of ours", 19.9, 20, 35)
    bounds.at_most("memory", 91, 90, 60, " MB")
    assert bounds.missed == [
        "GET of flask, of ours: 19.9, at least 20",
        "memory: 91 MB, at most 90 MB",
    ]


def test_every_planted_fault_has_its_plant_and_its_finder():
    assert set(FAULTS) == set(FOUND_BY) == set(PLANTED)


@pytest.mark.parametrize("fault", ["slower-with-fields", "slower-to-read", "drawn-each-time"])
def test_what_is_planted_in_the_forms_is_pulled_up(fault):
    """Else a fault would be found by what another one left behind."""
    before = (CompiledStep.render, CompiledStep.read, Compiled.html)
    plant(fault, OURS)
    assert before != (CompiledStep.render, CompiledStep.read, Compiled.html)
    pull_up()
    assert before == (CompiledStep.render, CompiledStep.read, Compiled.html)
