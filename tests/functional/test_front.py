"""The front and the router answer the same, byte for byte; and each check of the front bites."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from typing import Any
from unittest import mock

import pytest
from front_world import (
    AARHUS,
    ANSWERED,
    DEFINITION,
    HOSTILE,
    HOSTS,
    MINUTE,
    MORS,
    ODD,
    ORIGIN,
    World,
    environ,
    posted,
    same,
)

from selvbetjening_core.journey.judging import token_hash
from selvbetjening_core.web.front import pages, steps
from selvbetjening_core.web.front.answers import Answer, PageHeaders


@pytest.fixture
def world(own_solution, installation, request):
    """A citizen with a draft, in one of the themes."""
    theme, level = getattr(request, "param", ("plain", "substantial"))
    folder = own_solution.parent.parent / "card"
    folder.mkdir()
    (folder / "solution.toml").write_text(DEFINITION, "utf-8")
    for file in (installation / "municipalities").glob("*.toml"):
        text = file.read_text("utf-8")
        if theme == "plain":
            text = re.sub(r"\[theme\]\n(?:.+\n)+", '[theme]\nname = "plain"\n', text)
        file.write_text(f"{text}\n[solutions.card]\n", "utf-8")
    made = World(installation, level)
    yield made
    made.application.close()


themes = pytest.mark.parametrize(
    "world", [("plain", "substantial"), ("dkfds", "substantial")], indirect=True
)


@themes
def test_a_step_is_shown_the_same(world):
    world.answers(**ANSWERED)
    for step in ("cause", "order", "last", "/en/card/trin/order"):
        for query in ("", "", "ret", "ret="):
            page = same(world.both(environ(world, step, QUERY_STRING=query)), by_front=True)
            assert page.status == "200 OK"
            assert "<script>alert" not in page.body


@themes
def test_right_answers_are_kept_and_lead_on_the_same(world):
    world.answers(cause="damaged")
    for why in ("Faldt", ODD):
        form = world.form("order", why=why, way="counter")
        answered = same(world.both(*posted(world, "order", form)), by_front=True)
        assert answered.status == "303 See Other"
        assert ("Location", f"{ORIGIN}/card/trin/last") in answered.headers
        assert world.stored()[0].answers["why"] == why
        form = world.form("order", why=why, way="counter")
        back = {"QUERY_STRING": "ret"}
        answered = same(world.both(*posted(world, "order", form, **back)), by_front=True)
        assert ("Location", f"{ORIGIN}/card/opsummering") in answered.headers


WRONG = [
    {"why": "", "way": ""},
    {"why": "", "way": "counter"},
    {"why": "x" * 5000, "way": "counter"},
    {"why": HOSTILE, "way": "courier"},
    {"why": HOSTILE * 50, "way": HOSTILE},
]


@themes
def test_wrong_answers_are_told_the_same(world):
    world.answers(cause="damaged")
    for wrong in WRONG:
        form = world.form("order", **wrong)
        answered = same(world.both(*posted(world, "order", form)), by_front=True)
        assert answered.status == "200 OK"
        assert "error-summary" in answered.body
        assert "<script>alert" not in answered.body


def test_a_withdrawn_option_is_told_the_same(world):
    world.answers(cause="moved", way="counter")
    page = same(world.both(environ(world, "order")), by_front=True)
    assert "ikke længere en mulighed" in page.body
    form = world.form("order", way="counter")
    same(world.both(*posted(world, "order", form)), by_front=True)


def test_the_first_of_a_name_that_comes_twice_counts_in_both(world):
    form = [*world.form("cause").items(), ("cause", "moved"), ("cause", "damaged")]
    same(world.both(*posted(world, "cause", form)), by_front=True)
    assert world.stored()[0].answers == {"cause": "moved"}


def test_a_session_that_is_used_lasts_longer_in_both(world):
    ended = world.stored()[1].expires_at
    world.time += 5 * MINUTE
    page = same(world.both(environ(world, "cause")), by_front=True)
    assert world.stored()[1].expires_at > ended
    assert 'data-seconds="1800"' in page.body


def _no_cookie(_: World) -> dict[str, Any]:
    return {"HTTP_COOKIE": "other=1"}


def _quoted(world: World) -> dict[str, Any]:
    return {"HTTP_COOKIE": f'a="; __Host-selvbetjening-{MORS}={world.token}; "'}


def _twice(world: World) -> dict[str, Any]:
    name = f"__Host-selvbetjening-{MORS}"
    return {"HTTP_COOKIE": f"{name}={'x' * 43}; {name}={world.token}"}


NOT_ORDINARY = {
    "nobody is logged in": _no_cookie,
    "a quoted cookie": _quoted,
    "the cookie twice": _twice,
    "the cookie of another municipality": lambda _: {"HTTP_HOST": HOSTS[AARHUS]},
    "another query": lambda _: {"QUERY_STRING": "a=b"},
    "an unreadable query": lambda _: {"QUERY_STRING": "%00"},
    "HEAD": lambda _: {"REQUEST_METHOD": "HEAD"},
    "too long headers": lambda _: {"HTTP_X_LONG": "x" * 70_000},
    "a step that is none": lambda _: {"PATH_INFO": "/card/trin/nothing"},
    "a solution that is none": lambda _: {"PATH_INFO": "/nothing/trin/cause"},
    "a step that cannot be reached yet": lambda _: {"PATH_INFO": "/card/trin/last"},
    "bytes that are no text": lambda _: {"PATH_INFO": "/card/trin/\xff"},
    "a host that is nobody's": lambda _: {"HTTP_HOST": "nobody.localhost"},
}


@pytest.mark.parametrize("name", NOT_ORDINARY)
def test_what_is_not_ordinary_is_the_routers(world, name):
    same(world.both(environ(world, "cause", **NOT_ORDINARY[name](world))), by_front=False)


@pytest.mark.parametrize("world", [("plain", "low")], indirect=True)
def test_a_login_that_is_not_sure_enough_is_the_routers(world):
    answered = same(world.both(environ(world, "cause")), by_front=False)
    assert answered.status == "403 Forbidden"


@pytest.mark.parametrize("minutes", [31, 500])
def test_a_session_that_has_ended_is_the_routers(world, minutes):
    world.time += minutes * MINUTE
    assert same(world.both(environ(world, "cause")), by_front=False).status == "403 Forbidden"


def test_a_login_that_has_lasted_its_longest_is_the_routers(world):
    # As if the limits had become stricter since the session was made.
    world.time += 9 * 60 * MINUTE
    with world.work() as work:
        work.sessions.prolong(token_hash(world.token), world.time + 20 * MINUTE)
    assert same(world.both(environ(world, "cause")), by_front=False).status == "403 Forbidden"


def test_a_step_that_was_saved_in_another_window_is_the_routers(world):
    form = world.form("cause", cause="moved")
    same(world.both(*posted(world, "cause", {**form, "cause": "damaged"})), by_front=True)
    answered = same(world.both(*posted(world, "cause", form)), by_front=False)
    assert answered.status == "200 OK"
    assert world.stored()[0].answers == {"cause": "damaged"}


def test_leaving_is_the_routers(world):
    form = world.form("cause", cause="moved", _leave="")
    answered = same(world.both(*posted(world, "cause", form)), by_front=False)
    assert answered.status == "303 See Other"


FORGED = {
    "no token": {"csrf_token": ""},
    "another token": {"csrf_token": "x" * 43},
    "another version": {"version": "0"},
    "another draft": {"draft": "somebody-elses"},
}
SENT = {
    "another site": {"HTTP_ORIGIN": "https://evil.example"},
    "a neighbour": {"HTTP_SEC_FETCH_SITE": "same-site"},
    "another site's page": {"HTTP_ORIGIN": None, "HTTP_REFERER": "https://evil.example/x"},
    "another type": {"CONTENT_TYPE": "text/plain"},
    "no length": {"CONTENT_LENGTH": ""},
    "too long": {"CONTENT_LENGTH": "999999999"},
}


@pytest.mark.parametrize("name", FORGED)
def test_a_form_that_is_not_the_drafts_is_the_routers(world, name):
    form = {**world.form("cause", cause="moved"), **FORGED[name]}
    assert same(world.both(*posted(world, "cause", form)), by_front=False).status[0] == "4"
    assert world.stored()[0].answers == {}


@pytest.mark.parametrize("name", SENT)
def test_a_form_from_elsewhere_is_the_routers(world, name):
    sent, body = posted(world, "cause", world.form("cause", cause="moved"), **SENT[name])
    sent = {key: value for key, value in sent.items() if value is not None}
    assert same(world.both(sent, body), by_front=False).status[0] == "4"
    assert world.stored()[0].answers == {}


@pytest.mark.parametrize("body", [b"cause=%ff", b"cause=%zz", b"cause=a%00", b"a=1&" * 600])
def test_a_form_that_cannot_be_read_is_the_routers(world, body):
    sent, _ = posted(world, "cause", {}, CONTENT_LENGTH=str(len(body)))
    assert same(world.both(sent, body), by_front=False).status[0] == "4"


def test_a_draft_that_is_being_paid_for_is_the_routers(world):
    form = world.form("cause", cause="moved")
    with contextlib.closing(sqlite3.connect(world.file)) as database, database:
        database.execute("update draft set state = 'paying'")
    assert same(world.both(environ(world, "cause")), by_front=False).status[:3] == "409"
    assert same(world.both(*posted(world, "cause", form)), by_front=False).status[:3] == "409"


def test_a_draft_of_another_edition_is_the_routers(world):
    with contextlib.closing(sqlite3.connect(world.file)) as database, database:
        database.execute("update draft set definition_sha256 = 'x'")
    assert same(world.both(environ(world, "cause")), by_front=False).status[:3] == "409"


def test_where_saving_fails_the_router_tells(world):
    form = world.form("cause", cause="moved")
    broken = mock.patch.object(steps, "save_answers", side_effect=RuntimeError("planted"))
    with broken:
        ours, _ = world.both(*posted(world, "cause", form))
    assert ours.status == "303 See Other"
    assert not ours.by_front


def test_a_theme_that_computes_with_a_value_is_rendered_by_the_router(world):
    real = pages.compile_template

    def upper(render: Any, *given: Any) -> Any:
        return real(lambda slots: render(slots).replace("NANCY", "Nancy").upper(), *given)

    with mock.patch.object(pages, "compile_template", upper):
        same(world.both(environ(world, "cause")), by_front=False)


def test_requests_are_counted_alike(world):
    for front in (True, False):
        world.ask(environ(world, "cause"), b"", front=front)
    figures = [
        one.registry.meter.registry.get_sample_value(
            "selvbetjening_request_seconds_count",
            {"route": "step", "method": "GET", "status": "2xx"},
        )
        for one in world.apps.values()
    ]
    assert figures == [1, 1]


def _raw(segments: Any, values: Any) -> str:
    """Filled, and nothing escaped."""
    pieces = [segments.texts[0]]
    for slot, text in zip(segments.slots, segments.texts[1:], strict=True):
        pieces += (values[slot], text)
    return "".join(pieces)


_slots = pages.Shown.slots


def _swapped(shown: Any) -> list[str]:
    first, second, *rest = _slots(shown)
    return [second, first, *rest]


def _without_policy(self: PageHeaders, body: bytes, nonce: str) -> Answer:
    found = _answer(self, body, nonce)
    return Answer(found.status, [one for one in found.headers if "Policy" not in one[0]], body)


_answer = PageHeaders.answer


def _any_cookie(environ: dict[str, Any], _name: str) -> str:
    found = re.search(r"=([A-Za-z0-9_-]{43})", environ["HTTP_COOKIE"])
    return found.group(1) if found else ""


FAULTS: dict[str, tuple[object, str, object, Any]] = {
    "the token is not compared": (
        steps,
        "is_token",
        lambda *_: True,
        lambda world: test_a_form_that_is_not_the_drafts_is_the_routers(world, "another token"),
    ),
    "the origin is not looked at": (
        steps,
        "is_from_us",
        lambda *_: True,
        lambda world: test_a_form_from_elsewhere_is_the_routers(world, "another site"),
    ),
    "the longest login has no end": (
        steps,
        "is_over",
        lambda *_: False,
        test_a_login_that_has_lasted_its_longest_is_the_routers,
    ),
    "the headers may be of any length": (
        steps,
        "header_size",
        lambda _: 0,
        lambda world: test_what_is_not_ordinary_is_the_routers(world, "too long headers"),
    ),
    "the form is not the draft's": (
        steps,
        "form_problem",
        lambda *_: "",
        lambda world: test_a_form_that_is_not_the_drafts_is_the_routers(world, "another draft"),
    ),
    "a session is not prolonged": (
        steps,
        "prolonged_until",
        lambda *_: None,
        test_a_session_that_is_used_lasts_longer_in_both,
    ),
    "any cookie is the session's": (
        steps,
        "sent_token",
        _any_cookie,
        lambda world: test_what_is_not_ordinary_is_the_routers(world, "a quoted cookie"),
    ),
    "a value is not escaped": (pages.Segments, "fill", _raw, test_a_step_is_shown_the_same),
    "two slots are mixed up": (pages.Shown, "slots", _swapped, test_a_step_is_shown_the_same),
    "a page has no policy": (PageHeaders, "answer", _without_policy, test_a_step_is_shown_the_same),
    "every variant is the same": (
        pages.Shown,
        "variant",
        lambda _: (),
        test_a_step_is_shown_the_same,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_of_the_front_is_found(world, name):
    target, attribute, planted, finds = FAULTS[name]
    with mock.patch.object(target, attribute, planted), pytest.raises(AssertionError):
        finds(world)


@pytest.mark.parametrize("world", [("plain", "low")], indirect=True)
def test_a_front_that_does_not_look_at_the_level_is_found(world):
    planted = mock.patch.object(steps, "is_sure_enough", return_value=True)
    with planted, pytest.raises(AssertionError):
        test_a_login_that_is_not_sure_enough_is_the_routers(world)
