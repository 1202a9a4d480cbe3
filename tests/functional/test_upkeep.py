"""Nothing kept too long, nothing forgotten: a whole site, with the time moved ahead."""

from __future__ import annotations

import contextlib
import datetime
import email
import email.policy
import json
import shutil
import sqlite3
import threading

import pytest

from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.delivery.rules import REFUSED
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.journey.records import DeliveryState, PaymentOutcome
from selvbetjening_core.opening import key_file, open_store
from selvbetjening_core.restoring import OtherKeys, back_up_store, restore_backup, settle_store
from selvbetjening_core.store.backup import BackupError
from selvbetjening_core.store.key_change import add_and_use_key
from selvbetjening_core.store.rotating import key_use, reseal
from selvbetjening_core.texts.formats import DANISH_TIME
from selvbetjening_core.upkeep import tasks
from selvbetjening_core.upkeep.erase_list import EraseListError

DAYS = datetime.timedelta(days=1)
CPR = "2512484916"
DIGEST = """
[component.driftsmail]
plugin    = "mail"
server    = "env:SELVBETJENING_DEMO_SMTP"
sender    = "selvbetjening@mors.example"
recipient = "drift@mors.example"

[digest]
hour = 7
"""


def order(town, name="mors", person="kirsten"):
    """A free health card, from login to receipt."""
    browser = town.browser(name)
    browser.log_in(person)
    browser.answer(cause="married")
    browser.submit()
    return browser


def stored(town, code="0773"):
    with town.work(code) as work:
        return work.deliveries.count_by_state()


def refuse(town, code="0773"):
    """From now on the journal takes nothing."""
    at = town.application.composition.municipalities[code]
    component = at.named(IDelivery, "journal")

    def down(_parcel):
        raise Unavailable("down for a test")

    getattr(component, "_component", component).send = down


def plan_of(town):
    return read_plan(
        town.folder / "selvbetjening.toml",
        register_core,
        datetime.datetime.now(datetime.UTC).date(),
    )


@pytest.fixture
def sent(town):
    """A town with one submission that was delivered everywhere."""
    order(town)
    town.application.engine.drain()
    assert set(stored(town)) == {"delivered"}
    return town


# -- retention ----------------------------------------------------------------------


def test_after_its_time_a_submission_is_gone(sent):
    order(sent)
    sent.application.engine.drain()
    sent.clock.ahead = 89 * DAYS
    sent.application.upkeep.run_due()
    assert stored(sent) == {"delivered": 4}
    sent.clock.ahead = 91 * DAYS
    sent.application.upkeep.run_due()
    assert stored(sent) == {}
    with contextlib.closing(sqlite3.connect(database(sent))) as connection:
        for table in ("submission", "draft", "delivery_attempt"):
            assert connection.execute(f"SELECT 1 FROM {table}").fetchall() == []  # noqa: S608
    assert len(sent.journal()) == 2, "what the receiver has is the receiver's to keep"


def test_what_is_not_delivered_stays_for_as_long_as_it_takes(town):
    refuse(town)
    order(town)
    town.application.engine.drain()
    town.clock.ahead = 1000 * DAYS
    town.application.upkeep.run_due()
    assert sum(stored(town).values()) == 2


def test_it_is_done_once_a_night_by_one_of_many(sent, make_town):
    towns = [sent, make_town()]
    for town in towns:
        town.clock.ahead = 91 * DAYS
    threads = [threading.Thread(target=town.application.upkeep.run_due) for town in towns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stored(sent) == {}
    with sent.work() as work:
        assert len(work.audit.about("retention")) == 1
    for town in towns:
        assert town.application.upkeep.run_due() == 0, "it is due the next night"
        town.clock.ahead = 92 * DAYS
    assert towns[1].application.upkeep.run_due() > 0


def test_a_task_that_fails_is_tried_again_and_holds_up_no_other(town, caplog):
    done = []

    def fails(municipality, _stop):
        done.append(municipality.code)
        raise ValueError(CPR)

    town.application.upkeep._tasks = (tasks.OwnTask("fails", fails),)
    assert town.application.upkeep.run_due() == 2
    assert sorted(done) == ["0751", "0773"]
    assert "fails in 0773 failed: ValueError" in caplog.text
    assert CPR not in caplog.text
    assert town.application.upkeep.run_due() == 0
    town.clock.ahead = tasks.TRY_AGAIN + datetime.timedelta(seconds=1)
    assert town.application.upkeep.run_due() == 2


# -- the erase list -----------------------------------------------------------------


def database(town):
    return town.folder / "var" / "selvbetjening.sqlite"


def copy_of(town, target):
    with (
        contextlib.closing(sqlite3.connect(database(town))) as source,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)


def put_in_place(town, copy):
    """As a person does who knows of no command for it."""
    town.application.close()
    for ending in ("-wal", "-shm"):
        database(town).with_name(f"{database(town).name}{ending}").unlink(missing_ok=True)
    shutil.copy(copy, database(town))


def test_what_was_erased_does_not_come_back(sent, make_town, tmp_path):
    copy_of(sent, tmp_path / "copy")
    sent.clock.ahead = 91 * DAYS
    sent.application.upkeep.run_due()
    assert stored(sent) == {}
    put_in_place(sent, tmp_path / "copy")
    again = make_town()
    assert stored(again) == {}, "before anybody is served"


def test_without_the_list_it_comes_back(sent, make_town, tmp_path):
    copy_of(sent, tmp_path / "copy")
    sent.clock.ahead = 91 * DAYS
    sent.application.upkeep.run_due()
    put_in_place(sent, tmp_path / "copy")
    shutil.rmtree(sent.folder / "var" / "erased")
    assert stored(make_town()) == {"delivered": 2}


def test_with_a_list_that_cannot_be_read_nobody_is_served(sent, make_town):
    (sent.folder / "var" / "erased" / "2026-01.txt").mkdir(parents=True)
    with pytest.raises(EraseListError):
        make_town()


# -- backup and restore -------------------------------------------------------------


@pytest.fixture
def backup(town, tmp_path):
    """``backup()``: made while the town is served; where it is."""

    def backup():
        folder = tmp_path / "backup"
        back_up_store(plan_of(town), folder, town.clock())
        return folder

    return backup


@pytest.fixture
def restore(town, make_town):
    """``restore(folder)``: the town stops, and starts on the backup."""

    def restore(folder):
        town.application.close()
        restored = restore_backup(plan_of(town), folder, town.clock())
        return restored, make_town()

    return restore


def delivered_mails(town):
    return [mail for mail in town.mailbox.mails if b"To: drift@" not in mail]


def test_what_was_delivered_since_the_backup_is_not_sent_again(town, backup, restore):
    order(town)
    folder = backup()
    town.application.engine.drain()
    assert stored(town) == {"delivered": 2}
    assert (len(town.journal()), len(delivered_mails(town))) == (1, 1)
    restored, again = restore(folder)
    assert restored.settled.in_doubt == 2
    with again.work() as work:
        (journal, post) = work.deliveries.page()
        assert {journal.delivery.state, post.delivery.state} == {DeliveryState.UNKNOWN}
    for _ in range(4):
        again.application.engine.drain()
        again.clock.ahead += datetime.timedelta(minutes=10)
    # The folder recognises a repeat; of the mail nobody can tell but a person.
    assert stored(again) == {"delivered": 1, "parked": 1}
    assert (len(again.journal()), len(delivered_mails(again))) == (1, 1)


def test_put_back_by_hand_it_would_be_sent_again(town, make_town, tmp_path):
    order(town)
    copy_of(town, tmp_path / "copy")
    town.application.engine.drain()
    put_in_place(town, tmp_path / "copy")
    again = make_town()
    again.application.engine.drain()
    assert len(delivered_mails(again)) == 2, "else the test above tests nothing"


def test_settling_after_other_tools_refuses_as_restore_does_when_a_key_is_lost(town, backup):
    """What is sealed with a key that was taken out would be unreadable for good."""
    order(town)
    folder = backup()
    plan = plan_of(town)
    town.application.close()
    keys = key_file(plan)
    before = keys.read_text()
    add_and_use_key(keys, town.clock())
    with_new = json.loads(keys.read_text())
    del with_new["keys"]["k1"]
    keys.write_text(json.dumps(with_new))
    for settle in (lambda: settle_store(plan), lambda: restore_backup(plan, folder, town.clock())):
        with pytest.raises(OtherKeys, match="needs the key k1"):
            settle()
    keys.write_text(before)
    settled, _ = settle_store(plan)
    assert settled.in_doubt == 2, "refused before anything was changed"


def test_the_audit_log_needs_its_key_as_well(town):
    """Where nothing is sealed with it any more: its lines could be checked by nobody."""
    plan = plan_of(town)
    with town.work() as work:
        work.audit.add("one", "s1", work.now())
    town.application.close()
    keys = key_file(plan)
    add_and_use_key(keys, town.clock())
    store = open_store(plan)
    reseal(store, lambda *_: None)
    use = key_use(store)
    store.close()
    assert (use.sealed["k1"], use.macs["k1"] > 0) == (0, True)
    left = json.loads(keys.read_text())
    del left["keys"]["k1"]
    keys.write_text(json.dumps(left))
    with pytest.raises(OtherKeys, match="needs the key k1"):
        settle_store(plan)


def test_settled_after_other_tools_it_is_not(town, make_town, tmp_path):
    order(town)
    copy_of(town, tmp_path / "copy")
    town.application.engine.drain()
    put_in_place(town, tmp_path / "copy")
    settled, _ = settle_store(plan_of(town))
    assert settled.in_doubt == 2
    again = make_town()
    again.application.engine.drain()
    assert len(delivered_mails(again)) == 1


def test_a_parked_one_that_may_have_been_sent_since_is_told(town, backup, restore):
    refuse(town)
    order(town)
    town.application.engine.drain()
    with town.work() as work:
        one = work.deliveries.page(component="journal")[0].delivery.id
        work.deliveries.move(one, "parked", work.now())
    restored, again = restore(backup())
    assert (restored.settled.parked, restored.settled.in_doubt) == (1, 1)
    with again.work() as work:
        assert work.deliveries.may_have_arrived(one)
        assert work.deliveries.get(one).state is DeliveryState.PARKED


def test_a_payment_under_way_is_left_to_a_person(town, backup, restore):
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer(cause="lost")
    away = browser.accept()
    folder = backup()
    browser.get(browser.pay(away))
    town.application.engine.drain()
    assert len(town.journal()) == 1
    restored, again = restore(folder)
    assert restored.settled.payments == 1
    again.application.reconcile(datetime.timedelta())
    again.application.engine.drain()
    assert stored(again) == {}, "submitted once more, it would be a second case"
    with contextlib.closing(sqlite3.connect(database(again))) as connection:
        found = connection.execute("SELECT outcome FROM payment").fetchall()
    assert found == [(PaymentOutcome.DISPUTED,)]


def test_what_was_erased_since_the_backup_is_erased_again(sent, backup, restore):
    folder = backup()
    sent.clock.ahead = 91 * DAYS
    sent.application.upkeep.run_due()
    restored, again = restore(folder)
    assert restored.erased_again == 2
    assert stored(again) == {}


def test_everybody_is_logged_out(town, backup, restore):
    browser = town.browser()
    browser.log_in("kirsten")
    folder = backup()
    _, again = restore(folder)
    with contextlib.closing(sqlite3.connect(database(again))) as connection:
        assert connection.execute("SELECT count(*) FROM web_session").fetchone() == (0,)


def test_the_old_database_is_kept_aside(sent, backup, restore):
    folder = backup()
    order(sent)
    restored, again = restore(folder)
    assert stored(again) == {"delivered": 2}
    with contextlib.closing(sqlite3.connect(restored.aside)) as old:
        assert old.execute("SELECT count(*) FROM submission").fetchone() == (2,)
    names = sorted(path.name for path in database(again).parent.glob("selvbetjening.sqlite*"))
    assert [name for name in names if "restoring" in name] == []


def test_nothing_is_restored_while_something_runs(sent, backup):
    folder = backup()
    before = database(sent).read_bytes()
    with pytest.raises(BackupError, match="something runs on"):
        restore_backup(plan_of(sent), folder, sent.clock())
    order(sent)
    assert database(sent).read_bytes()[:16] == before[:16]
    assert sum(stored(sent).values()) == 4


def test_a_backup_that_was_changed_is_refused(sent, backup):
    folder = backup()
    copy = folder / "database.sqlite"
    content = bytearray(copy.read_bytes())
    content[-1] ^= 1
    copy.write_bytes(content)
    sent.application.close()
    with pytest.raises(BackupError, match="not as it was"):
        restore_backup(plan_of(sent), folder, sent.clock())


def test_a_backup_of_another_installation_is_refused(sent, backup):
    folder = backup()
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | {"keys": "others"}), "utf-8")
    sent.application.close()
    with pytest.raises(OtherKeys):
        restore_backup(plan_of(sent), folder, sent.clock())
    restore_backup(plan_of(sent), folder, sent.clock(), even_so=True)


def test_a_backup_holds_no_key_and_nobody_in_clear(sent, backup):
    folder = backup()
    content = (folder / "database.sqlite").read_bytes() + (folder / "manifest.json").read_bytes()
    key = json.loads((sent.folder / "secrets" / "keys.json").read_text("utf-8"))["keys"]["k1"]
    assert CPR.encode() not in content
    assert key.encode() not in content
    rows = json.loads((folder / "manifest.json").read_text("utf-8"))["rows"]
    assert (rows["submission"], rows["delivery"], rows["draft"]) == (1, 2, 1)
    assert (folder / "database.sqlite").stat().st_mode & 0o077 == 0


def test_a_backup_is_made_while_others_write(town, tmp_path):
    stop, failed = threading.Event(), []

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            try:
                with town.work() as work:
                    work.audit.add("busy", str(number), work.now())
            except Exception as error:  # noqa: BLE001 - whatever a citizen would have met
                failed.append(error)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    for number in range(3):
        made = back_up_store(plan_of(town), tmp_path / f"backup-{number}", town.clock())
    stop.set()
    for writer in writers:
        writer.join()
    assert failed == []
    assert made.rows["audit"] > 0


# -- the daily digest ---------------------------------------------------------------


@pytest.fixture
def told(installation, make_town):
    """A town whose people are told once a day; the mails they got."""
    file = installation / "municipalities" / "0773.toml"
    text = file.read_text("utf-8").replace("[roles]\n", '[roles]\ndigest = "driftsmail"\n')
    file.write_text(text + DIGEST, "utf-8")
    return make_town()


def digests(town):
    mails = [
        email.message_from_bytes(one, policy=email.policy.default) for one in town.mailbox.mails
    ]
    return [one for one in mails if one["To"] == "drift@mors.example"]


def until(town, hour, days=1):
    """Move the clock to an hour of a Danish day."""
    local = town.clock().astimezone(DANISH_TIME) + days * DAYS
    then = datetime.datetime.combine(local.date(), datetime.time(hour, 1), DANISH_TIME)
    town.clock.ahead += then - town.clock()


def test_what_is_parked_is_told_once_a_day(told, make_town):
    refuse(told)
    browser = order(told)
    told.application.engine.drain()
    with told.work() as work:
        for one in work.deliveries.page(component="journal"):
            work.deliveries.move(one.delivery.id, "parked", work.now(), reason=REFUSED)
            number = one.receipt_number
    until(told, 6, days=2)
    told.application.upkeep.run_due()
    before = len(digests(told))
    until(told, 7, days=0)
    told.application.upkeep.run_due()
    mails = digests(told)[before:]
    assert len(mails) == 1
    text = mails[0].get_content()
    assert number in text
    assert "Kræver handling" in text
    assert "Modtageren afviste det" in text.replace("=\n", "")
    assert "Kommunens sagssystem (journal)" in text
    assert REFUSED not in text
    assert "Forsinket" in text, "the mail that comes after it is overdue"
    for told_nowhere in (CPR, "Kirsten", "Nygade"):
        assert told_nowhere not in text
    assert CPR not in mails[0]["Subject"]
    again = make_town()
    again.clock.ahead = told.clock.ahead
    again.application.upkeep.run_due()
    assert len(digests(told)) == before + 1, "not once more by another process"
    until(told, 7)
    told.application.upkeep.run_due()
    assert len(digests(told)) == before + 2
    assert browser.page is not None


def test_nothing_is_told_where_there_is_nothing(told):
    order(told)
    told.application.engine.drain()
    until(told, 8)
    told.application.upkeep.run_due()
    assert digests(told) == []


def test_it_is_told_all_the_same_where_somebody_wants_it(installation, told, make_town):
    file = installation / "municipalities" / "0773.toml"
    file.write_text(file.read_text("utf-8") + "always = true\n", "utf-8")
    again = make_town()
    until(again, 8)
    again.application.upkeep.run_due()
    (mail,) = digests(again)
    assert "Intet kræver handling, og intet er forsinket." in mail.get_content()
    assert digests(told) == [mail] or len(digests(told)) == 1


def test_one_that_was_not_taken_is_sent_again(told, monkeypatch):
    refuse(told)
    order(told)
    told.application.engine.drain()
    until(told, 8, days=2)
    at = told.application.composition.municipalities["0773"]
    monkeypatch.setitem(
        at._named,
        (next(k for k in at._named if k[1] == "driftsmail" and k[0].__name__ == "IDigest")),
        type("Down", (), {"send": staticmethod(_down)})(),
    )
    told.application.upkeep.run_due()
    assert digests(told) == []
    monkeypatch.undo()
    told.clock.ahead += tasks.TRY_AGAIN + datetime.timedelta(seconds=1)
    told.application.upkeep.run_due()
    assert len(digests(told)) == 1


def _down(_digest):
    raise Unavailable("the mail server is down")
