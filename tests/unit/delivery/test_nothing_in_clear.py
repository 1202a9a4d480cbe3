"""After a whole life, the bytes on disk show nobody's number, name or address."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace

import pytest

from selvbetjening_core.journey.records import AcceptedCase, Draft, WebSession
from selvbetjening_core.journey.visits import StepSaved, StepToSave
from selvbetjening_core.values import Child, Household, Identity, Outcome, OutcomeKind
from selvbetjening_core.values.identity import AssuranceLevel


def _forms(text):
    """``text`` in the forms in which it might be stored by carelessness."""
    plain = text.encode()
    forms = [plain, plain.hex().encode(), plain.hex().upper().encode()]
    forms += [text.encode("utf-16-le"), text.encode("unicode_escape")]
    for digest in (hashlib.sha256, hashlib.sha1, hashlib.md5):
        forms += [digest(plain).digest(), digest(plain).hexdigest().encode()]
    for offset in range(3):
        # In the middle of a longer text base64 looks different; its ends are cut off.
        encoded = base64.b64encode(b"\0" * offset + plain)
        forms.append(encoded[4 if offset else 0 : len(encoded) // 4 * 4 - 4])
    return forms


def _secrets(person):
    number = person.cpr.reveal()
    hyphen = f"{number[:6]}-{number[6:]}"
    return [number, hyphen, person.name, person.name.split()[-1], person.address.lines[0]]


def _found(folder, person):
    content = b"".join(file.read_bytes() for file in sorted(folder.glob("store.db*")))
    return [
        secret for secret in _secrets(person) if any(form in content for form in _forms(secret))
    ]


@pytest.fixture
def lived(world):
    """A database that a whole life has gone through, with its side files."""
    person, now, code = world.person, world.clock.now, world.code
    identity = Identity(person.cpr, person.name, AssuranceLevel.SUBSTANTIAL, "i", "login", now)
    household = Household(person, (Child(person, custody=True),), "register", now)
    answers = {"holder": person.cpr.reveal(), "name": person.name}
    draft = Draft(
        "d1", "sundhedskort", "1", "ab", "da", identity, household, now, now, answers=answers
    )
    # What a careless receiver answers is kept as evidence.
    careless = f"422 {person.cpr.reveal()} {person.name}, {person.address.lines[0]}"
    world.receivers["mail"].answers = [Outcome(OutcomeKind.PERMANENT, careless)]
    with world.store.transaction(code) as work:
        work.sessions.add(WebSession("hash", "csrf", identity, now, now.replace(hour=23)))
        work.drafts.add(replace(draft, answers={}))
        save = StepToSave("d1", draft.identity.cpr, "about", frozenset(), answers, 0)
        assert work.drafts.save_step(save, now) is StepSaved.SAVED
        work.drafts.freeze("d1", AcceptedCase(world.a_case("s1"), "ab", {}, ()), "p1")
        work.drafts.mark_submitted("d1", "s1")
        work.audit.add("submitted", "s1", now)
    world.submit("s1", world.a_delivery("s1"), world.a_delivery("s1", "mail"))
    world.embedded().drain()
    return world


def test_nothing_about_a_person_is_stored_in_clear(lived, tmp_path):
    assert {file.name for file in tmp_path.glob("store.db*")} >= {"store.db", "store.db-wal"}
    assert _found(tmp_path, lived.person) == []
    lived.restart()
    assert _found(tmp_path, lived.person) == []
    assert lived.attempts("s1-mail")[0].evidence.startswith("422 2512484916")


@pytest.mark.parametrize("which", range(len(_forms("x"))))
def test_each_form_would_be_found(lived, tmp_path, which):
    """The control: a number written down in any of the forms is seen."""
    leak = _forms(lived.person.cpr.reveal())[which]
    with lived.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE leak (a BLOB)")
        connection.exec_driver_sql("INSERT INTO leak VALUES (?)", (leak,))
    assert lived.person.cpr.reveal() in _found(tmp_path, lived.person)


@pytest.mark.parametrize("before", ["", "a", "ab"])
def test_base64_of_a_longer_text_would_be_found(lived, tmp_path, before):
    person = lived.person
    leak = base64.b64encode(f"{before}{person.name} and more".encode())
    with lived.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE leak (a BLOB)")
        connection.exec_driver_sql("INSERT INTO leak VALUES (?)", (leak,))
    assert person.name in _found(tmp_path, person)
