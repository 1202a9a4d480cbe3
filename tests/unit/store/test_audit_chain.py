"""The audit log's MACs and its chain. What falsifications it finds: ``tests/security``."""

from __future__ import annotations

import datetime
import threading
import time
from dataclasses import replace

import pytest
import sqlalchemy as sa

from selvbetjening_core.journey.audit import AuditWanted, AuditWay
from selvbetjening_core.store.audit import new_line_id
from selvbetjening_core.store.audit_chain import BEGAN, RETIRED
from selvbetjening_core.store.audit_check import Tampering, verify
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.store.tables import audit, audit_seal
from selvbetjening_core.upkeep.audit_heads import HeadsError, export_head, read_heads
from selvbetjening_core.upkeep.audit_tasks import seal_all, told_head

CODE, OTHER = "0773", "0851"
DAY = datetime.timedelta(days=1)
TWO_KEYS = {"k1": bytes(range(32)), "k2": bytes(range(1, 33))}


@pytest.fixture
def store(engine, keys, now):
    return SqlStore(engine, keys, lambda: now)


@pytest.fixture
def add(store, now):
    """Add one line."""

    def add(event, code=CODE, **values):
        with store.transaction(code) as work:
            work.audit.add(event, values.pop("subject", "s1"), values.pop("at", now), **values)

    return add


@pytest.fixture
def sealed(engine):
    """The events in the chain, in its order."""
    statement = (
        sa.select(audit.c.event)
        .join(
            audit_seal,
            sa.and_(
                audit_seal.c.municipality == audit.c.municipality,
                audit_seal.c.line_id == audit.c.id,
            ),
        )
        .where(audit.c.municipality == CODE)
        .order_by(audit_seal.c.position)
    )

    def sealed():
        with engine.begin() as connection:
            return list(connection.execute(statement).scalars())

    return sealed


def kinds(store, now, heads=None):
    return {one.kind for one in verify(store, CODE, now, heads).findings}


def test_lines_say_who_by_which_way_and_why(engine, keys, add, now):
    add("looked", actor="ann", purpose="sundhedskort")
    add("notice", way=AuditWay.OUTSIDE)
    add("cleaned")
    by_command = SqlStore(engine, keys, actors_come_by=AuditWay.COMMAND)
    with by_command.transaction(CODE) as work:
        work.audit.add("exported", "s1", now, actor="root")
        found = [(one.event, one.actor, one.way, one.purpose) for one in work.audit.about("s1")]
    assert found == [
        ("looked", "ann", "staff", "sundhedskort"),
        ("notice", "", "outside", ""),
        ("cleaned", "", "", ""),
        ("exported", "root", "command", ""),
    ]


def test_lines_are_found_by_what_is_asked(store, add, now, parent, child):
    add("looked", actor="ann", persons=[parent.cpr, child.cpr])
    add("looked", actor="bob", subject="s2", at=now + DAY, persons=[child.cpr])
    add("changed", actor="ann", subject="s2", at=now + 2 * DAY)

    def found(**wanted):
        with store.transaction(CODE) as work:
            return [f"{one.event} {one.actor}" for one in work.audit.lines(AuditWanted(**wanted))]

    assert found() == ["looked ann", "looked bob", "changed ann"]
    assert found(most=1) == ["changed ann"]
    assert found(since=now + DAY) == ["looked bob", "changed ann"]
    assert found(until=now + DAY) == ["looked ann"]
    assert found(subjects=("s2",), actor="ann") == ["changed ann"]
    assert found(event="looked", way="staff") == ["looked ann", "looked bob"]
    assert found(person=parent.cpr) == ["looked ann"]
    assert found(person=child.cpr) == ["looked ann", "looked bob"]


def test_who_looked_is_found_across_a_rotation_and_in_no_other_municipality(engine, now, parent):
    for current in ("k1", "k2"):
        store = SqlStore(engine, KeyRing(TWO_KEYS, current, "k1"))
        for code in (CODE, OTHER):
            with store.transaction(code) as work:
                work.audit.add("looked", current, now, persons=[parent.cpr])
    with store.transaction(CODE) as work:
        found = work.audit.lines(AuditWanted(person=parent.cpr))
    assert [one.subject for one in found] == ["k1", "k2"]
    with engine.begin() as connection:
        kept = connection.execute(sa.select(audit.c.persons)).scalars().all()
    assert len(set(kept)) == 4
    assert not any(parent.cpr.reveal() in one for one in kept)


def test_new_lines_are_sealed_once_in_their_order(store, add, sealed, now):
    add("one")
    add("two")
    assert seal_all(store, CODE) == 3
    assert seal_all(store, CODE) == 0
    add("three")
    assert seal_all(store, CODE) == 1
    assert sealed() == ["one", "two", BEGAN, "three"]
    assert verify(store, CODE, now).findings == ()


def test_the_chain_of_one_is_not_that_of_another(store, add, sealed, now):
    add("one", OTHER)
    seal_all(store, OTHER)
    assert sealed() == []
    assert kinds(store, now) == set()


def test_a_transaction_that_took_some_minutes_is_not_left_out(store, add, sealed, now):
    add("early")
    seal_all(store, CODE)
    _backdate(store, now, "late commit", 300)
    _backdate(store, now, "very late commit", 7200)
    seal_all(store, CODE)
    assert sealed()[-1] == "late commit"
    seal_all(store, CODE, thoroughly=True)
    assert sealed()[-1] == "very late commit"
    assert kinds(store, now) == set()


def test_a_line_that_was_put_back_is_not_sealed(store, add, sealed, now):
    add("now")
    seal_all(store, CODE)
    _backdate(store, now - 40 * DAY, "from a backup", 40 * 86_400)
    seal_all(store, CODE, thoroughly=True)
    assert "from a backup" not in sealed()
    assert kinds(store, now) == {Tampering.NOT_SEALED}


def _backdate(store, now, event, seconds):
    """A line of ours whose transaction began so long ago."""
    import selvbetjening_core.store.audit as writing  # noqa: PLC0415 - shares its name with a table

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "new_line_id", lambda: new_line_id(time.time() - seconds))
        with store.transaction(CODE) as work:
            work.audit.add(event, "s1", now)


def test_lines_from_before_are_sealed_as_found_and_told(engine, store, add, now, line):
    with engine.begin() as connection:
        connection.execute(sa.insert(audit), [{**line, "id": f"{one:032x}"} for one in range(3)])
    add("new")
    seal_all(store, CODE)
    found = verify(store, CODE, now)
    assert (found.lines, found.as_found, found.findings) == (5, 3, ())
    with engine.begin() as connection:
        connection.execute(
            sa.update(audit).where(audit.c.id == f"{1:032x}").values(detail="another")
        )
    assert kinds(store, now) == {Tampering.EDITED}


def test_a_line_without_a_mac_is_none_of_ours_afterwards(engine, store, add, sealed, now, line):
    add("new")
    seal_all(store, CODE)
    with engine.begin() as connection:
        connection.execute(sa.insert(audit), [{**line, "id": new_line_id()}])
    assert seal_all(store, CODE, thoroughly=True) == 0
    assert len(sealed()) == 2
    assert kinds(store, now) == {Tampering.INSERTED}


def test_forged_lines_do_not_hold_up_genuine_ones(engine, store, add, sealed, line):
    add("first")
    seal_all(store, CODE)
    forged = {**line, "key_id": "k1", "mac": "0" * 64, "way": "", "purpose": "", "persons": ""}
    with engine.begin() as connection:
        rows = [{**forged, "id": new_line_id()} for _ in range(1200)]
        connection.execute(sa.insert(audit), rows)
    add("genuine")
    assert seal_all(store, CODE) == 1
    assert sealed()[-1] == "genuine"


def test_what_retention_removed_is_told_apart(store, add, sealed, now):
    for number in range(6):
        add(f"old-{number}")
    seal_all(store, CODE)
    later = now + 10 * DAY
    add("new", at=later)
    with store.transaction(CODE) as work:
        work.audit_chain.seal(later, 10)
    for count in (4, 3):
        with store.transaction(CODE) as work:
            assert work.retention.erase_audit(now + DAY, later, 4) == count
    seal_all(store, CODE)
    found = verify(store, CODE, later)
    assert found.findings == ()
    assert found.retired == 7
    assert sealed()[-3:] == ["new", RETIRED, RETIRED]


def test_retention_leaves_the_end_of_the_chain(store, add, now):
    add("only")
    seal_all(store, CODE)
    before = told_head(store, CODE)
    with store.transaction(CODE) as work:
        work.retention.erase_audit(now + 10_000 * DAY, now, 10)
    seal_all(store, CODE)
    after = told_head(store, CODE)
    assert after.position > before.position
    assert kinds(store, now) == set()


def test_several_who_seal_at_once_make_one_chain(store, add, sealed, now):
    add("first")
    seal_all(store, CODE)
    for number in range(40):
        add(f"{number:02}")
    threads = [threading.Thread(target=seal_all, args=(store, CODE)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal_all(store, CODE)
    assert sealed()[2:] == [f"{number:02}" for number in range(40)]
    assert kinds(store, now) == set()


def test_without_the_key_nothing_can_be_said_and_that_is_told(engine, add, store, now):
    add("one")
    seal_all(store, CODE)
    other = SqlStore(engine, KeyRing({"k9": b"\x07" * 32}, "k9"))
    assert kinds(other, now) == {Tampering.KEY_MISSING}


def test_a_head_is_written_and_read(store, add, tmp_path):
    file = tmp_path / "outside" / "heads.txt"
    add("one")
    first = told_head(store, CODE)
    export_head(first, file)
    add("two")
    second = told_head(store, CODE)
    export_head(second, file)
    assert read_heads(file) == {CODE: [first, second]}
    assert oct(file.stat().st_mode)[-3:] == "600"
    found = verify(store, CODE, second.told_at, [first, second])
    assert (found.heads, found.findings) == (2, ())


@pytest.mark.parametrize("content", ["nonsense", "2026-11-22T00:00:00 0773 1 aa k1 bb", "\xff"])
def test_a_file_that_holds_something_else_is_refused(tmp_path, content):
    file = tmp_path / "heads.txt"
    file.write_text(content, "latin-1")
    with pytest.raises(HeadsError, match="line 1"):
        read_heads(file)
    with pytest.raises(HeadsError, match="cannot be read"):
        read_heads(tmp_path / "none")


def test_what_was_lost_with_a_backup_is_a_note(store, engine, add):
    add("kept")
    seal_all(store, CODE)
    with engine.begin() as connection:
        backup = [
            [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in (audit, audit_seal)
        ]
    add("lost")
    head = told_head(store, CODE)
    with engine.begin() as connection:
        for table, rows in zip((audit, audit_seal), backup, strict=True):
            connection.execute(sa.delete(table))
            connection.execute(sa.insert(table), rows)
    assert kinds(store, head.told_at, [head]) == {Tampering.TRUNCATED}
    add("restored", at=head.told_at + datetime.timedelta(minutes=1))
    found = verify(store, CODE, head.told_at, [head])
    assert found.findings == ()
    assert "a backup was put back" in found.notes[0]


@pytest.fixture
def rotated(engine, store):
    """The store under the key that came after; its old one is there or was removed."""

    def rotated(*, has_old):
        old = {store.keys.current: store.keys._now.keys[store.keys.current]} if has_old else {}
        return SqlStore(engine, KeyRing({"k2": b"\x09" * 32, **old}, "k2"))

    return rotated


def test_a_head_of_a_removed_key_is_not_called_edited(store, rotated, add):
    head = told_head_after(store, add)
    removed = {one.kind: one.text for one in findings(rotated(has_old=False), head, head)}
    assert Tampering.HEAD_EDITED not in removed
    assert f"under the key {store.keys.current!r}" in removed[Tampering.HEAD_UNCHECKED]
    # Control: with the key there it is checked, and an edited one is found.
    both = rotated(has_old=True)
    assert findings(both, head, head) == ()
    edited = replace(head, told_at=head.told_at + DAY)
    assert Tampering.HEAD_EDITED in {one.kind for one in findings(both, edited, head)}


def test_a_head_that_nobody_can_check_does_not_count_as_the_newest(store, add):
    """Or who cut off the end could name a key that never was, in a head of today."""
    head = told_head_after(store, add)
    later = head.told_at + 10 * DAY
    invented = replace(head, told_at=later, key_id="k99")
    found = {one.kind for one in verify(store, CODE, later, [head, invented]).findings}
    assert found == {Tampering.HEAD_UNCHECKED, Tampering.HEAD_OLD}


def test_a_head_of_a_removed_key_whose_lines_retention_took_is_a_note(store, rotated, add, now):
    head = told_head_after(store, add)
    new, later = rotated(has_old=True), now + 10 * DAY
    for at in (later, later + 2 * DAY):
        with new.transaction(CODE) as work:
            work.audit.add("new", "s1", at)
            work.audit_chain.seal(at, 10)
    with new.transaction(CODE) as work:
        work.retention.erase_audit(later + DAY, later + 2 * DAY, 10)
    seal_all(new, CODE)
    fresh = told_head(new, CODE)
    found = verify(rotated(has_old=False), CODE, fresh.told_at, [head, fresh])
    assert Tampering.HEAD_UNCHECKED not in {one.kind for one in found.findings}
    assert Tampering.HEAD_EDITED not in {one.kind for one in found.findings}
    assert [note for note in found.notes if "retention removed" in note]


def told_head_after(store, add):
    add("first")
    seal_all(store, CODE)
    return told_head(store, CODE)


def findings(store, head, other):
    """Those about heads: lines of a removed key are findings of their own."""
    found = verify(store, CODE, other.told_at, [head]).findings
    return tuple(one for one in found if one.kind.startswith("head-"))
