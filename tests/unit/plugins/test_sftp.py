from __future__ import annotations

import datetime
import io
import json
import logging
import threading
import zipfile
from dataclasses import replace

import asyncssh
import pytest
from zope.interface.verify import verifyObject

from selvbetjening_core.errors import BadSettings
from selvbetjening_core.interfaces import IDelivery, IDeliveryQuery
from selvbetjening_core.testing import Fault
from selvbetjening_core.testing.cases import an_attachment
from selvbetjening_core.values import DeliveryRef, Document, OutcomeKind, Parcel, ResolvesUnknown
from selvbetjening_core.values.case_json import case_from_json
from selvbetjening_sftp.counterpart import FOLDER, TAKEN, SftpCounterpart
from selvbetjening_sftp.host_keys import fingerprints
from selvbetjening_sftp.plugin import SftpDelivery

RECEIPT = Document("kvittering-MORS-4F7K-2Q.html", "text/html", "<p>Kvittering æøå</p>".encode())
KEY = "5f0c2f7e"
PART = f".{KEY}.1.part"
REF = DeliveryRef(KEY)


@pytest.fixture
def server():
    with SftpCounterpart() as server:
        yield server


@pytest.fixture
def sftp(make_context, server):
    return delivery(make_context, server)


def delivery(make_context, server, **more):
    return SftpDelivery(make_context(**{**server.settings, **more}))


@pytest.fixture
def parcel(case):
    deadline = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=1)
    return Parcel(KEY, "case_system", 1, deadline, case, (RECEIPT,))


def again(parcel, attempt=2):
    return replace(parcel, attempt=attempt)


def names(server, folder=FOLDER):
    return sorted(file.name for file in server.path(folder).iterdir())


def cut_at_the_end(sftp, server, parcel):
    with server.behaving(Fault.LOST_ANSWER):
        outcome = sftp.send(parcel)
    assert outcome.kind is OutcomeKind.UNKNOWN
    return outcome


def test_it_keeps_its_contract(sftp):
    assert verifyObject(IDelivery, sftp)
    assert verifyObject(IDeliveryQuery, sftp)
    assert sftp.resolves_unknown is ResolvesUnknown.QUERY


def test_a_parcel_becomes_one_archive_with_all_of_it(sftp, server, parcel):
    outcome = sftp.send(parcel)
    assert outcome.kind is OutcomeKind.DELIVERED
    assert outcome.remote_reference == KEY
    assert names(server) == [f"{KEY}.zip"]
    content = server.path(f"{FOLDER}/{KEY}.zip").read_bytes()
    assert f"{len(content)} bytes" in outcome.evidence
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["case.json", RECEIPT.name]
        assert archive.read(RECEIPT.name) == RECEIPT.content
        data = json.loads(archive.read("case.json"))
    assert data["key"] == KEY
    assert case_from_json(data["case"]) == parcel.case


def test_the_same_parcel_is_the_same_archive(make_context, parcel):
    found = []
    for _ in range(2):
        with SftpCounterpart() as server:
            delivery(make_context, server).send(parcel)
            found.append(server.path(f"{FOLDER}/{KEY}.zip").read_bytes())
    assert found[0] == found[1]


def test_a_key_that_is_no_name_is_hidden_in_one(sftp, server, parcel):
    sftp.send(replace(parcel, key="../a b"))
    [name] = names(server)
    assert len(name) == 64 + len(".zip")
    assert sftp.query(DeliveryRef("../a b")).kind is OutcomeKind.DELIVERED


def test_whoever_looks_all_the_time_never_sees_half_a_parcel(sftp, server, parcel):
    large = replace(parcel, attachments=(an_attachment(content=bytes(range(256)) * 40_000),))
    broken, stop = [], threading.Event()

    def look():
        while not stop.is_set():
            for file in server.path(FOLDER).glob("*.zip"):
                try:
                    with zipfile.ZipFile(file) as archive:
                        assert archive.testzip() is None
                except zipfile.BadZipFile:
                    broken.append(file.name)

    thread = threading.Thread(target=look)
    thread.start()
    outcome = sftp.send(large)
    stop.set()
    thread.join()
    assert outcome.kind is OutcomeKind.DELIVERED
    assert broken == []


def test_what_is_there_is_never_overwritten(sftp, server, parcel):
    file = server.path(f"{FOLDER}/{KEY}.zip")
    file.write_bytes(b"taken")
    sftp.send(parcel)
    assert file.read_bytes() == b"taken"
    assert names(server) == [f"{KEY}.zip"]


def test_a_server_with_another_key_is_sent_nothing(make_context, server, parcel):
    with SftpCounterpart() as other:
        sftp = delivery(make_context, server, host_key=other.fingerprint)
        outcome = sftp.send(parcel)
    assert outcome.kind is OutcomeKind.TRANSIENT
    assert outcome.evidence.endswith("the server's host key is not the one in the settings")
    assert sftp.query(REF).kind is OutcomeKind.UNKNOWN
    assert names(server) == []


def test_a_key_is_pinned_as_fingerprint_public_key_or_known_hosts(make_context, server, parcel):
    public = server.host_key.export_public_key().decode()
    for number, written in enumerate(
        (public, f"# a comment\n[127.0.0.1]:{server.port} {public}", f"SHA256:{'x' * 43}\n{public}")
    ):
        sftp = delivery(make_context, server, host_key=written)
        assert sftp.send(replace(parcel, key=f"pin-{number}")).kind is OutcomeKind.DELIVERED


@pytest.mark.parametrize("text", ["", "# only this", "sha256:x", "ssh-ed25519 ****", "mors"])
def test_what_pins_nothing_is_refused(text):
    with pytest.raises(ValueError, match=r"key|line"):
        fingerprints(text)


def test_a_wrong_password_is_told_and_tried_again(make_context, server, parcel):
    outcome = delivery(make_context, server, password="wrong").send(parcel)
    assert outcome.kind is OutcomeKind.TRANSIENT
    assert outcome.evidence.endswith("the server refused the login")


def test_a_private_key_that_cannot_be_read_is_refused_without_telling_it(make_context, server):
    key = asyncssh.generate_private_key("ssh-ed25519")
    locked = key.export_private_key(passphrase="right").decode()
    for passphrase in ("", "wrong"):
        with pytest.raises(BadSettings, match=r"private_key|passphrase") as caught:
            delivery(make_context, server, private_key=locked, passphrase=passphrase)
        assert locked[100:150] not in str(caught.value)
    assert delivery(make_context, server, private_key=locked, passphrase="right")


def test_settings_that_are_of_no_use_are_told_together(make_context, server):
    settings = {**server.settings, "host_key": "none", "folder": "a\nb", "taken": ""}
    faults = SftpDelivery.check_settings(make_context(**settings))
    assert {fault.setting for fault in faults} == {"host_key", "folder"}
    with pytest.raises(BadSettings, match="another folder"):
        delivery(make_context, server, taken=FOLDER)
    with pytest.raises(BadSettings, match="password"):
        delivery(make_context, server, password="")


def test_a_folder_that_is_not_there_is_tried_again_and_settles_nothing(
    make_context, server, parcel
):
    sftp = delivery(make_context, server, folder="/nowhere")
    assert sftp.send(parcel).kind is OutcomeKind.TRANSIENT
    assert sftp.query(REF).kind is OutcomeKind.UNKNOWN


def test_a_full_disk_leaves_nothing_and_is_tried_again(sftp, server, parcel, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(asyncssh.SFTPServer, "write", full)
    outcome = sftp.send(parcel)
    assert (outcome.kind, names(server)) == (OutcomeKind.TRANSIENT, [])
    assert sftp.query(REF).kind is OutcomeKind.TRANSIENT
    monkeypatch.undo()
    assert sftp.send(again(parcel)).kind is OutcomeKind.DELIVERED


def test_a_server_that_keeps_less_is_found_out(sftp, server, parcel, monkeypatch):
    monkeypatch.setattr(asyncssh.SFTPServer, "write", lambda *arguments: len(arguments[-1]))
    assert sftp.send(parcel).kind is OutcomeKind.TRANSIENT
    assert names(server) == []


def test_what_the_server_does_not_let_take_its_name_is_sent_anew(sftp, server, parcel):
    with server.behaving(Fault.BUSY):
        assert sftp.send(parcel).kind is OutcomeKind.TRANSIENT
    assert sftp.query(REF).kind is OutcomeKind.TRANSIENT
    assert sftp.send(again(parcel)).kind is OutcomeKind.DELIVERED
    assert names(server) == [f"{KEY}.zip"]


def test_what_arrived_before_the_line_broke_is_found(sftp, server, parcel):
    cut_at_the_end(sftp, server, parcel)
    outcome = sftp.query(REF)
    assert outcome.kind is OutcomeKind.DELIVERED
    assert "sha256:" in outcome.evidence
    assert sftp.send(again(parcel)).kind is OutcomeKind.DELIVERED
    assert names(server) == [f"{KEY}.zip"]


def test_what_was_left_under_its_temporary_name_never_arrived(sftp, server, parcel):
    cut_at_the_end(sftp, server, parcel)
    server.path(f"{FOLDER}/{KEY}.zip").rename(server.path(f"{FOLDER}/{PART}"))
    assert sftp.query(REF).kind is OutcomeKind.TRANSIENT
    assert sftp.send(again(parcel)).kind is OutcomeKind.DELIVERED
    assert names(server) == [f"{KEY}.zip"]


def test_what_the_receiver_has_taken_away_is_left_to_a_person(sftp, server, parcel):
    cut_at_the_end(sftp, server, parcel)
    server.path(f"{FOLDER}/{KEY}.zip").unlink()
    assert sftp.query(REF).kind is OutcomeKind.UNKNOWN
    # Should it be sent all the same, it is not.
    assert sftp.send(again(parcel)).kind is OutcomeKind.UNKNOWN
    assert names(server) == []


def test_what_the_receiver_has_moved_is_found_where_it_moves_them(make_context, server, parcel):
    sftp = delivery(make_context, server, taken=TAKEN)
    cut_at_the_end(sftp, server, parcel)
    server.path(f"{FOLDER}/{KEY}.zip").rename(server.path(f"{TAKEN}/{KEY}.zip"))
    assert sftp.query(REF).kind is OutcomeKind.DELIVERED
    server.path(TAKEN).rename(server.path("/elsewhere"))
    assert sftp.query(REF).kind is OutcomeKind.UNKNOWN


def test_what_never_began_the_last_step_never_arrived(sftp, server, parcel):
    server.path(f"{FOLDER}/{PART}").write_bytes(b"half")
    assert sftp.query(REF).kind is OutcomeKind.TRANSIENT
    assert sftp.send(again(parcel)).kind is OutcomeKind.DELIVERED
    assert names(server) == [f"{KEY}.zip"]


def test_a_file_of_another_size_is_left_to_a_person(sftp, server, parcel):
    cut_at_the_end(sftp, server, parcel)
    server.path(f"{FOLDER}/{KEY}.zip").write_bytes(b"half")
    assert sftp.query(REF).kind is OutcomeKind.UNKNOWN


def test_a_worker_that_wakes_up_too_late_puts_nothing_in_place(sftp, server, parcel, monkeypatch):
    late = sftp._attempts._notes.put

    def overtaken(stem, note):
        late(stem, note)
        monkeypatch.undo()
        # Another worker has the delivery by now, and sends it while the first one sleeps.
        thread = threading.Thread(target=lambda: outcomes.append(sftp.send(again(parcel))))
        thread.start()
        thread.join()

    outcomes = []
    monkeypatch.setattr(sftp._attempts._notes.__class__, "put", lambda _, *note: overtaken(*note))
    outcomes.append(sftp.send(parcel))
    # The one that overtook it is done first.
    assert outcomes[0].kind is OutcomeKind.DELIVERED
    assert names(server) == [f"{KEY}.zip"]
    assert outcomes[1].kind in (OutcomeKind.DELIVERED, OutcomeKind.UNKNOWN)
    assert sftp.query(REF).kind is OutcomeKind.DELIVERED


def test_names_and_logs_hold_nothing_personal(sftp, server, parcel, caplog):
    caplog.set_level(logging.DEBUG)
    cut_at_the_end(sftp, server, parcel)
    sftp.query(REF)
    text = f"{caplog.text} {names(server)}"
    for secret in ("Berggren", "Kirsten", "Lars", "2911829996", "291182-9996", "let me in"):
        assert secret not in text


def test_no_thread_and_no_loop_is_left(sftp, server, parcel):
    before = threading.active_count()
    with server.behaving(Fault.HANG):
        deadline = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=0.5)
        assert sftp.send(replace(parcel, deadline=deadline)).kind is OutcomeKind.UNKNOWN
        counterpart = [one for one in threading.enumerate() if "counterpart" in one.name]
        assert threading.active_count() - len(counterpart) <= before + 2
