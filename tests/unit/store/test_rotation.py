"""Keys that change while a store is used: seen, sealed anew, and taken out."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from dataclasses import replace

import pytest

from selvbetjening_core.journey.records import Attempt, KeptFile, StaffSession, WebSession
from selvbetjening_core.store import crypto
from selvbetjening_core.store.columns import Sealed, SealedMap
from selvbetjening_core.store.crypto import Cell, KeyRing
from selvbetjening_core.store.key_change import (
    add_and_use_key,
    add_key,
    remove_key,
    use_key,
)
from selvbetjening_core.store.key_file import KeyFileError, create_key_file, read_key_file
from selvbetjening_core.store.key_source import KeysElsewhere
from selvbetjening_core.store.rotating import KeyUse, key_use, reseal
from selvbetjening_core.store.rotation import _ROW_IDS, sealed_tables
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.store.tables import metadata
from selvbetjening_core.values import Outcome, OutcomeKind, Staff, StaffRole

NOW = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(minutes=5)
CELL = Cell("0773", "draft", "d1", "identity")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "keys.json"
    create_key_file(path)
    return path


@pytest.fixture
def store(engine, path):
    return SqlStore(engine, KeyRing.from_file(path))


def no_lines(*_):
    """Nobody is told."""


def read_all(store):
    """Everything that is sealed, opened by the repositories themselves."""
    with store.transaction("0773") as work:
        return (
            work.drafts.get("d1"),
            work.submissions.get("s1"),
            work.sessions.get("web", NOW),
            work.staff_sessions.get("staff", NOW),
            work.component_values.get("journal", "key", NOW),
            work.deliveries.attempts("l1"),
        )


@pytest.fixture
def filled(store, draft, accepted, case, facts, identity, delivery):
    """A store with a row in every table that holds anything sealed."""
    until = NOW + datetime.timedelta(days=9999)
    staff = Staff("bo", "Bo", frozenset({"0773"}), frozenset({StaffRole.OPERATOR}))
    with store.transaction("0773") as work:
        work.drafts.add(draft)
        work.drafts.freeze("d1", accepted, "p1")
        work.submissions.add(case, facts)
        work.uploads.add("d1", KeptFile("f1", "a.pdf", "application/pdf", 1, "ab", "cd"), NOW)
        work.sessions.add(WebSession("web", "csrf", identity, NOW, until))
        work.staff_sessions.add(StaffSession("staff", "csrf", staff, NOW, until))
        work.component_values.put("journal", "key", b"kept", None)
        work.deliveries.add(delivery)
        work.deliveries.begin_attempt(Attempt("l1", 1, "folder", "1.0", NOW))
        work.deliveries.end_attempt("l1", 1, Outcome(OutcomeKind.DELIVERED, "said so"), NOW)
    return store


def test_every_sealed_column_is_gone_through(filled):
    """A table that came later, and is not filled here, turns this red."""
    found = {
        table.name
        for table in metadata.sorted_tables
        if any(isinstance(column.type, Sealed | SealedMap) for column in table.columns)
    }
    assert set(sealed_tables()) == found
    assert all(name in _ROW_IDS or "id" in metadata.tables[name].c for name in found)
    with filled.transaction("0773") as work:
        empty = [name for name in found if not work.sealed.count(name)[0]]
    assert empty == []


def test_everything_is_sealed_anew_and_can_be_read(filled, path):
    before, count = read_all(filled), key_use(filled).sealed["k1"]
    assert add_and_use_key(path, NOW) == "k2"
    filled.keys.refresh()

    assert reseal(filled, no_lines) == count

    assert key_use(filled).sealed == {"k2": count}
    assert read_all(filled) == before
    assert reseal(filled, no_lines) == 0


def test_what_is_sealed_anew_needs_the_old_key_no_more(filled, path, engine):
    before = read_all(filled)
    add_and_use_key(path, NOW)
    filled.keys.refresh()
    reseal(filled, no_lines)
    with filled.transaction("0773") as work:
        work.audit.add("one", "s1", NOW)
    remove_key(path, "k1", LATER, lambda keys: key_use(filled).refuse_if_needed("k1", keys))

    fresh = SqlStore(engine, KeyRing.from_file(path))
    assert "k1" not in fresh.keys.ids
    assert read_all(fresh) == before


def test_an_unreadable_value_stops_it_and_changes_nothing(filled, path):
    add_and_use_key(path, NOW)
    filled.keys.refresh()
    draft = metadata.tables["draft"]
    with filled.transaction("0773") as work:
        token = work._scope.row(draft)["identity"]
        work._scope.change(draft, identity=token[:-8] + "AAAAAAA=")
    with pytest.raises(crypto.Unreadable):
        reseal(filled, no_lines)
    with filled.transaction("0773") as work:
        assert work.sealed.count("draft")[0]["k2"] == 0


def test_tables_larger_than_a_batch(filled, path, draft, monkeypatch):
    monkeypatch.setattr("selvbetjening_core.store.rotation.BATCH", 3)
    with filled.transaction("0773") as work:
        for number in range(10):
            work.drafts.add(replace(draft, id=f"x{number}", solution=f"s{number}"))
    count = key_use(filled).sealed["k1"]
    add_and_use_key(path, NOW)
    filled.keys.refresh()
    told = []
    assert reseal(filled, lambda *line: told.append(line)) == count
    assert sum(line[2] for line in told) == count
    assert key_use(filled).left("k2") == 0


def test_a_running_process_seals_with_the_new_key_soon(store, path, monkeypatch):
    monkeypatch.setattr(crypto, "_LOOK_EVERY_SECONDS", 0)
    store.keys._look_at = 0
    add_and_use_key(path, NOW)
    with store.transaction("0773"):
        pass
    assert store.keys.current == "k2"


def test_one_that_has_not_looked_yet_reads_what_another_sealed(path):
    slow, quick = KeyRing.from_file(path), KeyRing.from_file(path)
    add_and_use_key(path, NOW)
    quick.refresh()
    token = quick.seal(CELL, "x")
    assert crypto.key_id_of(token) == "k2"
    assert slow.open(CELL, token) == "x"


def test_a_key_file_that_was_damaged_changes_nothing(path, caplog):
    ring = KeyRing.from_file(path)
    ring._look_at = 0
    path.write_text("{}")
    ring.look()
    assert ring.open(CELL, ring.seal(CELL, "x")) == "x"
    assert "not read again" in caplog.text


@pytest.mark.parametrize("change", ["index", "replaced", "lost"])
def test_a_change_that_would_lose_rows_is_not_taken(path, change):
    ring = KeyRing.from_file(path)
    data = json.loads(path.read_text())
    if change == "index":
        data["index"] = "k1"
    elif change == "replaced":
        other = path.with_name("other.json")
        create_key_file(other)
        data["keys"]["k1"] = json.loads(other.read_text())["keys"]["k1"]
    else:
        del data["keys"]["i1"]
        data["index"] = "k1"
    path.write_text(json.dumps(data))
    with pytest.raises(KeyFileError):
        ring.refresh()
    assert ring.index_id == "i1"


def test_keys_kept_elsewhere_are_read_when_asked(path):
    vault = {"text": path.read_text()}
    ring = KeyRing.from_source(KeysElsewhere("vault:keys", lambda: vault["text"]))
    add_and_use_key(path, NOW)
    vault["text"] = path.read_text()
    ring._look_at = 0
    ring.look()
    assert ring.current == "k1"
    ring.refresh()
    assert ring.current == "k2"


def test_add_and_use_are_two_steps(path):
    assert add_key(path) == "k2"
    assert read_key_file(path).current == "k1"
    use_key(path, "k2", NOW)
    found = read_key_file(path)
    assert (found.current, found.since) == ("k2", NOW)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.glob("*keys*")] == ["keys.json"]


@pytest.mark.parametrize(
    ("key_id", "now", "count", "said"),
    [
        ("k2", LATER, 0, "current"),
        ("i1", LATER, 0, "indexes"),
        ("k9", LATER, 0, "no key"),
        ("k1", NOW, 0, "minute"),
        ("k1", LATER, 3, "3 values"),
    ],
)
def test_a_key_in_use_is_not_removed(path, key_id, now, count, said):
    add_and_use_key(path, NOW)
    use = KeyUse(Counter({"k1": count}))
    before = path.read_text()
    with pytest.raises(KeyFileError, match=said):
        remove_key(path, key_id, now, lambda keys: use.refuse_if_needed("k1", keys))
    assert path.read_text() == before
    assert [one.name for one in path.parent.glob("*keys*")] == ["keys.json"]


def test_a_removed_key_is_kept_beside_the_key_file(path):
    add_and_use_key(path, NOW)
    before = path.read_text()
    copy = remove_key(path, "k1", LATER, nothing_needs_it)
    assert copy == path.with_name("keys.json.with-k1-20260301T120500Z")
    assert copy.read_text() == before
    assert copy.stat().st_mode & 0o777 == 0o600
    assert "k1" not in read_key_file(path).keys
    assert set(read_key_file(copy).keys) == {"k1", "k2", "i1"}


def test_a_copy_that_cannot_be_kept_stops_the_removal(path):
    add_and_use_key(path, NOW)
    before = path.read_text()
    path.with_name("keys.json.with-k1-20260301T120500Z").mkdir()
    with pytest.raises(KeyFileError, match="cannot be changed"):
        remove_key(path, "k1", LATER, nothing_needs_it)
    assert path.read_text() == before


def test_no_copy_is_kept_where_none_is_wanted(path):
    add_and_use_key(path, NOW)
    assert remove_key(path, "k1", LATER, nothing_needs_it, keep_copy=False) is None
    assert [one.name for one in path.parent.glob("*keys*")] == ["keys.json"]


def test_a_machine_that_still_seals_with_the_old_key_is_told_of(store, path, engine):
    """It has a copy of the key file of its own, from before the change."""
    other = path.with_name("other.json")
    other.write_text(path.read_text())
    other.chmod(0o600)
    there = SqlStore(engine, KeyRing.from_file(other))
    with there.transaction("0773") as work:
        work.audit.add("before", "s1", NOW - datetime.timedelta(hours=1))
    add_and_use_key(path, NOW)
    keys = read_key_file(path)
    with pytest.raises(KeyFileError) as caught:
        key_use(store).refuse_if_needed("k1", keys)
    assert "a machine had the old key file still" not in str(caught.value)
    with there.transaction("0773") as work:
        work.audit.add("after", "s1", LATER)
    with pytest.raises(KeyFileError, match="at 2026-03-01 12:05 UTC: a machine had the old"):
        key_use(store).refuse_if_needed("k1", keys)
    assert key_use(store).refuse_if_needed("k2", keys) is None, "control"


def nothing_needs_it(_keys):
    """Nothing is sealed with it."""


def test_the_key_of_the_indexes_seals_nothing(path):
    with pytest.raises(KeyFileError, match="indexes"):
        use_key(path, "i1", NOW)
