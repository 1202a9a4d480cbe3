"""Codes that open the drafts of guests: stored as keyed hashes, bound, and gone with the draft."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from selvbetjening_core.errors import Conflict
from selvbetjening_core.journey.readable import ALPHABET, as_made, random_letters, read_aloud
from selvbetjening_core.journey.records import SubmissionFacts, WebSession
from selvbetjening_core.store import sealing
from selvbetjening_core.values import Basis, Channel, Guest, GuestId, Parties

HERE, THERE = "0773", "0851"
CODE, OTHER = "0123456789ABCDEF", "ZZZZZZZZZZZZZZZZ"
GUEST, SECOND = Guest(GuestId("g1")), Guest(GuestId("g2"))
SOLUTION = "vejhul"
DAY = datetime.timedelta(days=1)


@pytest.fixture
def coded(store, draft):
    """A guest's draft with a code."""
    with store.transaction(HERE) as work:
        work.drafts.add(replace(draft, identity=GUEST, household=None, solution=SOLUTION))
        assert work.drafts.give_code("d1", GUEST.owner, SOLUTION, CODE)
    return store


def found(store, code=CODE, *, solution=SOLUTION, municipality=HERE, since):
    with store.transaction(municipality) as work:
        draft = work.drafts.by_code(solution, code, since)
    return None if draft is None else draft.id


@pytest.fixture
def since(draft):
    return draft.updated_at - DAY


def test_the_code_opens_the_draft_and_no_other_code_does(coded, since):
    assert found(coded, since=since) == "d1"
    assert found(coded, OTHER, since=since) is None
    assert found(coded, "", since=since) is None


def test_it_is_bound_to_municipality_and_solution(coded, draft, since):
    assert found(coded, municipality=THERE, since=since) is None
    with coded.transaction(HERE) as work:
        work.drafts.add(replace(draft, id="d2", identity=GUEST, household=None, solution="lygte"))
        assert not work.drafts.give_code("d2", GUEST.owner, SOLUTION, OTHER)
    assert found(coded, solution="lygte", since=since) is None


def test_the_hash_is_of_this_purpose_and_solution(coded, since, monkeypatch):
    """Negative control: with another purpose the right code opens nothing."""
    hashes = {
        coded.keys.index_text(HERE, purpose, f"{solution}|{CODE}")
        for purpose in ("resume_code", "guest")
        for solution in (SOLUTION, "lygte")
    }
    assert len(hashes) == 4
    monkeypatch.setattr(sealing, "_RESUME_CODE", "guest")
    assert found(coded, since=since) is None


def test_a_new_code_replaces_the_old(coded, since):
    with coded.transaction(HERE) as work:
        assert work.drafts.give_code("d1", GUEST.owner, SOLUTION, OTHER)
    assert found(coded, since=since) is None
    assert found(coded, OTHER, since=since) == "d1"


def test_only_the_guest_whose_draft_it_is_gives_it_a_code(coded, since):
    with coded.transaction(HERE) as work:
        assert not work.drafts.give_code("d1", SECOND.owner, SOLUTION, OTHER)
    assert found(coded, since=since) == "d1"


def test_it_opens_nothing_that_is_too_old(coded, draft):
    assert found(coded, since=draft.updated_at) is None


def test_it_opens_nothing_that_was_sent(coded, since):
    with coded.transaction(HERE) as work:
        assert work.drafts.mark_submitted("d1", "s1")
        assert not work.drafts.give_code("d1", GUEST.owner, SOLUTION, OTHER)
        assert not work.drafts.hand_over("d1", SECOND)
    assert found(coded, since=since) is None
    assert found(coded, OTHER, since=since) is None


def test_it_opens_what_is_being_paid_for(coded, accepted, since):
    with coded.transaction(HERE) as work:
        assert work.drafts.freeze("d1", accepted, "p1")
    assert found(coded, since=since) == "d1"


def test_a_draft_is_handed_over_whole(coded, draft):
    with coded.transaction(HERE) as work:
        assert work.drafts.hand_over("d1", SECOND)
    with coded.transaction(HERE) as work:
        assert work.drafts.unfinished(GUEST.owner, SOLUTION) is None
        moved = work.drafts.unfinished(SECOND.owner, SOLUTION)
    assert moved.identity == SECOND
    assert moved.answers == draft.answers


def test_nobody_has_two_drafts_of_a_solution(coded, draft):
    second = replace(draft, id="d2", identity=SECOND, household=None, solution=SOLUTION)
    with coded.transaction(HERE) as work:
        work.drafts.add(second)
    with pytest.raises(Conflict), coded.transaction(HERE) as work:
        work.drafts.hand_over("d1", SECOND)
    with coded.transaction(HERE) as work:
        assert work.drafts.unfinished(GUEST.owner, SOLUTION).id == "d1"


def test_a_guest_is_found_by_no_cpr_number(store, identity):
    """A guest's id that looks like a number, and the number, are kept apart."""
    with store.transaction(HERE) as work:
        index = work.drafts._scope.index
        assert index(GuestId(identity.cpr.reveal())) != index(identity.cpr)


def test_a_guests_session_comes_back(store, now):
    session = WebSession("hash", "csrf", GUEST, now, now + DAY)
    with store.transaction(HERE) as work:
        work.sessions.add(session)
    with store.transaction(HERE) as work:
        assert work.sessions.get("hash", now) == session


def test_a_case_of_nobody_is_its_guests(store, case, facts, now):
    nobody = Parties(None, None, Basis.SELF, None, Channel.SELF_SERVICE)
    sent = replace(case, parties=nobody, solution=SOLUTION)
    told = replace(facts, guest=GUEST.owner)
    with store.transaction(HERE) as work:
        assert work.submissions.add(sent, told)
    with store.transaction(HERE) as work:
        assert work.submissions.owned("s1", GUEST.owner) == sent
        assert work.submissions.owned("s1", SECOND.owner) is None
        assert work.submissions.newest(GUEST.owner, SOLUTION, now - DAY) == sent


def test_a_case_of_nobody_at_all_is_refused(store, case, facts):
    assert isinstance(facts, SubmissionFacts)
    nobody = Parties(None, None, Basis.SELF, None, Channel.SELF_SERVICE)
    with pytest.raises(ValueError, match="nobody"), store.transaction(HERE) as work:
        work.submissions.add(replace(case, parties=nobody), facts)


def test_a_code_has_at_least_eighty_bits():
    codes = {random_letters(16) for _ in range(300)}
    assert len(codes) == 300
    assert len(ALPHABET) == 32
    for place in range(16):
        assert len({code[place] for code in codes}) > 25, "each letter varies"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0123-4567-89AB-CDEF", CODE),
        ("  0123 4567 89ab cdef\n", CODE),
        ("o1i3-4567-89ab-cdef", "01134567" + "89ABCDEF"),
        ("0123\u20114567\u201389AB\u00a0CDEF", CODE),
        ("0123-4567-89AB-CDE", ""),
        ("0123-4567-89AB-CDEFF", ""),
        ("0123-4567-89AB-CDEU", ""),
        ("0123-4567-89AB-CDE\uff26", ""),
        ("0123-4567-89AB-CDE\u0131", ""),
        ("\ud800" * 16, ""),
        ("", ""),
    ],
)
def test_a_code_is_read_as_people_write_it(typed, code):
    assert as_made(typed, 16) == code


def test_a_code_is_told_in_groups():
    assert read_aloud(CODE) == "0123-4567-89AB-CDEF"
