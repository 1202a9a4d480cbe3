"""Whatever the ledger says in English is said in a reader's language: collected, not listed."""

from __future__ import annotations

import ast
import datetime
from pathlib import Path

import pytest

import selvbetjening_core.delivery
from selvbetjening_core.delivery import calls, operating, rules, worker
from selvbetjening_core.delivery.reasons import (
    EVIDENCE,
    SENTENCES,
    evidence_in_words,
    reason_in_words,
)
from selvbetjening_core.texts import LANGUAGES, placeholders, texts_for

DA = texts_for("da")
NOT_SHOWN = {worker.ENDED_LATE, rules.TIME}
FOLDER = Path(selvbetjening_core.delivery.__file__).parent
TOLD_BY = {"Decision": 1, "put_off": 1, "Outcome": 1, "_put_off": 1}


def sentences(module):
    """The texts that a module names for others."""
    return {
        value
        for name, value in vars(module).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, str)
    }


def unnamed(source):
    """What is told without a name, so that nobody can say it in another language."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        told = [word.value for word in call.keywords if word.arg in ("reason", "evidence")]
        told += call.args[TOLD_BY[name] : TOLD_BY[name] + 1] if name in TOLD_BY else []
        yield from (
            one.value
            for one in told
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value
        )


@pytest.mark.parametrize("module", [rules, operating, worker, calls], ids=lambda one: one.__name__)
def test_every_sentence_has_its_text(module):
    said = sentences(module)
    assert said
    assert said - {*SENTENCES.values(), *EVIDENCE.values()} - NOT_SHOWN == set()


def test_every_sentence_has_a_name():
    for path in sorted(FOLDER.glob("*.py")):
        assert list(unnamed(path.read_text("utf-8"))) == [], path.name


@pytest.mark.parametrize(
    "planted",
    ['Decision(state, "It rains.")', 'Outcome(kind, "It rains.")', 'move(reason="It rains.")'],
)
def test_a_sentence_without_a_name_is_found(planted):
    """Negative control."""
    assert list(unnamed(planted)) == ["It rains."]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_each_is_said_in_the_readers_words(locale):
    texts = texts_for(locale)
    for kind, known, say in (
        ("reason", SENTENCES, reason_in_words),
        ("evidence", EVIDENCE, evidence_in_words),
    ):
        for key, sentence in known.items():
            values = dict.fromkeys(placeholders(sentence), "x1")
            said = say(sentence.format(**values), texts)
            assert said == texts.t(f"staff.{kind}.{key}", **values), key
            assert ("x1" in said) is bool(values), key


def test_several_sentences_and_a_time():
    since = datetime.datetime(2026, 11, 1, 10, 0, tzinfo=datetime.UTC)
    kept = f"{rules.GIVEN_UP.format(attempts=3, since=f'{since:{rules.TIME}}')} {rules.REFUSED}"
    said = reason_in_words(kept, DA)
    assert "3 forsøg siden 1. nov. 2026 kl. 11.00" in said
    assert "UTC" not in said
    assert said.endswith(DA.t("staff.reason.refused"))


def test_what_is_not_ours_is_shown_as_it_is():
    assert reason_in_words("Klaret i hånden.", DA) == "Klaret i hånden."
    assert evidence_in_words("HTTP 503 in the plugin of others", DA).startswith("HTTP 503")
