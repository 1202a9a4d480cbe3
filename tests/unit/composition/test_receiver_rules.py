from __future__ import annotations

import datetime

import pytest

from selvbetjening_core.composition.receiver_rules import COMMON_RULES, ReceiverRules

FILE = "municipalities/0773.toml"
ALL = """
[delivery.journal]
at_once              = 1
first_wait_seconds   = 30
longest_wait_minutes = 120
give_up_after_days   = 14
overdue_after_hours  = 4
rest_after_failures  = 3
rest_minutes         = 10
"""


def _add(installation, text):
    file = installation.folder / FILE
    file.write_text(f"{file.read_text('utf-8')}\n{text}\n", "utf-8")


def test_what_is_written_counts_and_what_is_not_is_common(installation):
    _add(installation, ALL)
    found = installation.plan().municipalities["0773"]
    assert found.rules_for("journal") == ReceiverRules(
        at_once=1,
        first_wait=datetime.timedelta(seconds=30),
        longest_wait=datetime.timedelta(hours=2),
        give_up_after=datetime.timedelta(days=14),
        overdue_after=datetime.timedelta(hours=4),
        rest_after_failures=3,
        rest=datetime.timedelta(minutes=10),
    )
    assert found.rules_for("archive") == found.rules_for("gone") == COMMON_RULES
    assert set(found.deliverers) == {"journal", "archive"}


def test_an_empty_table_says_what_is_common(installation):
    _add(installation, "[delivery.journal]")
    assert installation.plan().municipalities["0773"].rules_for("journal") == COMMON_RULES


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("[delivery.journal]\nat_once = 0", ["out-of-range"]),
        ("[delivery.journal]\nat_once = true", ["wrong-type"]),
        ("[delivery.journal]\nat_onec = 2", ["unknown-key"]),
        ("[delivery.journal]\nrest_minutes = 61", ["out-of-range"]),
        ("[delivery.journal]\nfirst_wait_seconds = 61\nlongest_wait_minutes = 1", ["out-of-range"]),
        ("[delivery.jurnal]", ["unknown-component"]),
        ("[delivery.card]\nat_once = 2", ["not-a-receiver"]),
        ("[delivery]\nat_once = 2", ["unknown-key"]),
    ],
)
def test_one_mistake_is_one_problem(installation, text, codes):
    _add(installation, text)
    assert installation.errors() == codes
