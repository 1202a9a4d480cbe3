from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from selvbetjening_core.journey.records import ENDED, DeliveryState, UnfinishedCount

HOUR = datetime.timedelta(hours=1)
OPEN = [state for state in DeliveryState if state not in ENDED]


@pytest.fixture
def filled(store, submit, delivery, now):
    """Rows of two components in all states: the first is the oldest, some at the same moment."""
    names = []
    for number in range(3):
        submit(f"s{number}")
        for place, component in enumerate(("journal", "post")):
            for state in DeliveryState:
                name = f"{number}-{component}-{state}"
                row = replace(
                    delivery,
                    id=name,
                    key=name,
                    submission_id=f"s{number}",
                    destination=f"{component}-{state}",
                    component=component,
                    state=state,
                    created_at=now + (number + place) * HOUR,
                )
                with store.transaction("0773") as work:
                    work.deliveries.add(row)
                names.append((row.created_at, name))
    return [name for _, name in sorted(names) if name.rpartition("-")[2] not in ENDED]


def _page(store, municipality="0773", **more):
    with store.transaction(municipality) as work:
        return work.deliveries.page(**more)


def test_what_has_not_ended_is_counted_with_its_age(store, filled, now):
    with store.transaction("0773") as work:
        found = work.deliveries.unfinished_counts()
    assert sorted(found, key=lambda one: (one.component, one.state)) == [
        UnfinishedCount(component, state, 3, now + place * HOUR)
        for place, component in enumerate(("journal", "post"))
        for state in sorted(OPEN)
    ]
    assert len(filled) == 3 * 2 * len(OPEN)
    with store.transaction("0851") as work:
        assert work.deliveries.unfinished_counts() == []


@pytest.mark.parametrize("size", [1, 4, 7, 1000])
def test_page_by_page_every_row_comes_once_oldest_first(store, filled, size):
    found, after = [], None
    while page := _page(store, size=size, after=after):
        assert len(page) <= size
        found += [one.delivery.id for one in page]
        after = page[-1].key
    assert found == filled


def test_a_listed_row_has_its_receipt_number_and_solution(store, filled):
    (first,) = _page(store, size=1)
    assert (first.delivery.id, first.receipt_number, first.solution) == (
        filled[0],
        "R-s0",
        "sundhedskort",
    )
    assert _page(store, "0851") == []


def test_a_page_of_one_state_of_one_component(store, filled, now):
    found = _page(store, state=DeliveryState.PARKED, component="post")
    assert [one.delivery.id for one in found] == [f"{n}-post-parked" for n in range(3)]
    both = _page(store, state=DeliveryState.PARKED)
    assert [one.delivery.id for one in both] == [one for one in filled if one.endswith("parked")]
    overdue = _page(store, component="post", overdue_before=now + 2 * HOUR)
    assert {one.delivery.created_at for one in overdue} == {now + HOUR}
    assert _page(store, overdue_before=now) == []


def test_a_submission_is_found_by_what_a_citizen_has(store, submit):
    submit("s1")
    submit("s2")
    with store.transaction("0773") as work:
        head = work.submissions.by_receipt_number("R-s1")
        assert (head.id, head.solution) == ("s1", "sundhedskort")
        assert work.submissions.by_enquiry_code(head.enquiry_code) == [head]
        assert work.submissions.by_receipt_number("R-s3") is None
        assert work.submissions.by_enquiry_code("") == []
    with store.transaction("0851") as work:
        assert work.submissions.by_receipt_number("R-s1") is None
