from __future__ import annotations

import datetime
import hashlib
import io
import json
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from zope.interface.verify import verifyObject

from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.testing.cases import an_attachment
from selvbetjening_core.values import Document, OutcomeKind, Parcel, ResolvesUnknown
from selvbetjening_core.values.case_json import case_from_json
from selvbetjening_folder import shelf
from selvbetjening_folder.plugin import FolderDelivery

RECEIPT = Document("kvittering-MORS-4F7K-2Q.html", "text/html", "<p>Kvittering æøå</p>".encode())


@pytest.fixture
def path(tmp_path):
    return tmp_path / "var" / "journal"


@pytest.fixture
def folder(make_context, path):
    return FolderDelivery(make_context(path=str(path)))


@pytest.fixture
def parcel(case):
    deadline = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=1)
    return Parcel("parcel-key-1", "case_system", 1, deadline, case, (RECEIPT,))


def test_it_keeps_its_contract(folder):
    assert verifyObject(IDelivery, folder)
    assert folder.resolves_unknown is ResolvesUnknown.SAFE_REPEAT


def test_a_parcel_becomes_a_folder_with_all_of_it(folder, path, parcel):
    outcome = folder.send(parcel)
    target = path / "MORS-4F7K-2Q"
    assert outcome.kind is OutcomeKind.DELIVERED
    assert outcome.remote_reference == "MORS-4F7K-2Q"
    assert [entry.name for entry in path.iterdir()] == ["MORS-4F7K-2Q"]
    assert (target / RECEIPT.name).read_bytes() == RECEIPT.content
    data = json.loads((target / "case.json").read_text("utf-8"))
    assert (data["key"], data["destination"]) == ("parcel-key-1", "case_system")
    assert data["documents"][0]["sha256"] in outcome.evidence
    assert case_from_json(data["case"]) == parcel.case


def test_a_repeat_finds_it_and_gives_the_same_evidence(folder, path, parcel):
    first = folder.send(parcel)
    before = (path / "MORS-4F7K-2Q" / "case.json").stat()
    assert folder.send(replace(parcel, attempt=2)) == first
    after = (path / "MORS-4F7K-2Q" / "case.json").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_receipt_number_of_another_parcel_is_never_overwritten(folder, path, parcel):
    folder.send(parcel)
    before = (path / "MORS-4F7K-2Q" / "case.json").read_bytes()
    assert folder.send(replace(parcel, key="parcel-key-2")).kind is OutcomeKind.PERMANENT
    assert (path / "MORS-4F7K-2Q" / "case.json").read_bytes() == before


@pytest.mark.parametrize("case_file", [None, b"", b"[]", b'{"key": 1}'])
def test_a_folder_that_is_not_ours_is_left_alone(folder, path, parcel, case_file):
    target = path / "MORS-4F7K-2Q"
    target.mkdir(parents=True)
    (target / "theirs.txt").write_text("kept")
    if case_file is not None:
        (target / "case.json").write_bytes(case_file)
    assert folder.send(parcel).kind is OutcomeKind.PERMANENT
    assert (target / "theirs.txt").read_text() == "kept"


def test_many_attempts_at_once_write_one_folder(folder, path, parcel):
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(folder.send, [parcel] * 16))
    delivered = {one.evidence for one in outcomes if one.kind is OutcomeKind.DELIVERED}
    assert len(delivered) == 1
    assert {one.kind for one in outcomes} <= {OutcomeKind.DELIVERED, OutcomeKind.TRANSIENT}
    assert folder.send(parcel).evidence in delivered
    assert [entry.name for entry in path.iterdir()] == ["MORS-4F7K-2Q"]


def test_a_full_disk_is_transient_and_leaves_nothing(folder, path, parcel):
    path.mkdir(parents=True)
    resource = pytest.importorskip("resource")
    # A limit on the size of files fails a write just as a full disk does.
    big = replace(parcel, documents=(replace(RECEIPT, content=b"x" * 200_000),))
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        outcome = folder.send(big)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert outcome.kind is OutcomeKind.TRANSIENT
    assert str(path) not in outcome.evidence
    assert list(path.iterdir()) == []
    assert folder.send(big).kind is OutcomeKind.DELIVERED


def test_a_place_that_cannot_be_written_is_transient(make_context, tmp_path, parcel):
    (tmp_path / "file").write_text("in the way")
    folder = FolderDelivery(make_context(path=str(tmp_path / "file" / "journal")))
    assert folder.send(parcel).kind is OutcomeKind.TRANSIENT


_CUT_OFF = """
import os, pathlib, sys
from selvbetjening_folder import shelf
real = os.fsync
def cut_off(descriptor):
    real(descriptor)
    os._exit(9)
os.fsync = cut_off
shelf.put(pathlib.Path(sys.argv[1]), {"a": [b"1"], "b": [b"2"]}, sys.argv[2])
"""


def test_a_process_that_dies_halfway_leaves_no_half_folder(folder, path, parcel):
    target = path / "MORS-4F7K-2Q"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    died = subprocess.run(
        [sys.executable, "-c", _CUT_OFF, str(target), parcel.key], env=environment, check=False
    )
    assert died.returncode == 9
    assert not target.exists()
    assert len(list(path.iterdir())) == 1
    assert folder.send(parcel).kind is OutcomeKind.DELIVERED
    assert [entry.name for entry in path.iterdir()] == ["MORS-4F7K-2Q"]


# -- attachments --------------------------------------------------------------------


HOSTILE = "../../Kirsten Test Berggren\x00\n.exe"


@pytest.fixture
def with_files(parcel):
    files = (an_attachment(HOSTILE, b"x" * 300_000), an_attachment("CV.pdf", b"%PDF"))
    odd = replace(files[1], media_type="application/x-unheard-of")
    return replace(parcel, attachments=(*files, odd))


def test_attachments_are_written_under_names_of_our_own(folder, path, with_files):
    outcome = folder.send(with_files)
    target = path / "MORS-4F7K-2Q"
    assert outcome.kind is OutcomeKind.DELIVERED
    files = {one.name: one.read_bytes() for one in target.glob("attachment-*")}
    assert files == {
        "attachment-1.png": b"x" * 300_000,
        "attachment-2.png": b"%PDF",
        "attachment-3.bin": b"%PDF",
    }
    told = json.loads((target / "case.json").read_text("utf-8"))["attachments"]
    assert told[0] == {
        "file": "attachment-1.png",
        "name": HOSTILE,
        "media_type": "image/png",
        "size": 300_000,
        "sha256": hashlib.sha256(b"x" * 300_000).hexdigest(),
    }
    for one in told:
        assert f"{one['file']} sha256:{one['sha256']}" in outcome.evidence
    assert "Berggren" not in outcome.evidence
    assert folder.send(replace(with_files, attempt=2)) == outcome


def test_an_attachment_is_never_in_memory_whole(folder, with_files):
    largest = []

    class Watched(io.BytesIO):
        def read(self, size=-1):
            largest.append(size)
            return super().read(size)

    watched = replace(with_files.attachments[0], open=lambda: Watched(b"x" * 300_000))
    assert folder.send(replace(with_files, attachments=(watched,))).kind is OutcomeKind.DELIVERED
    assert 0 < min(largest) <= max(largest) <= 65_536


@pytest.mark.parametrize("content", [b"x" * 299_999, b"x" * 300_001, b"y" * 300_000, None])
def test_an_attachment_that_is_another_file_leaves_nothing(folder, path, with_files, content):
    def opened():
        if content is None:
            raise PermissionError("planted")
        return io.BytesIO(content)

    spoilt = replace(with_files.attachments[0], open=opened)
    bad = replace(with_files, attachments=(with_files.attachments[1], spoilt))
    assert folder.accepts(bad).ok
    assert folder.send(bad).kind is OutcomeKind.TRANSIENT
    assert list(path.iterdir()) == []
    assert folder.send(with_files).kind is OutcomeKind.DELIVERED


def test_a_document_cannot_take_the_place_of_an_attachment(folder, with_files):
    document = replace(RECEIPT, name="Attachment-1.PNG")
    assert not folder.accepts(replace(with_files, documents=(document,))).ok


@pytest.mark.parametrize("name", ["../up", "/etc/x", "", ".hidden", "a b", "CASE.json", "æ", "a\n"])
def test_a_name_that_is_no_file_name_is_refused(folder, path, parcel, name):
    bad = replace(parcel, documents=(replace(RECEIPT, name=name),))
    assert not folder.accepts(bad).ok
    assert folder.accepts(parcel).ok
    assert folder.send(bad).kind is OutcomeKind.PERMANENT
    assert not path.exists()


def test_a_receipt_number_leads_nowhere_else(folder, path, parcel):
    bad = replace(parcel, case=replace(parcel.case, receipt_number="../elsewhere"))
    assert folder.send(bad).kind is OutcomeKind.PERMANENT
    assert not path.exists()


def test_names_and_evidence_hold_no_personal_data(folder, path, parcel):
    evidence = folder.send(parcel).evidence
    names = [str(entry.relative_to(path)) for entry in path.rglob("*")]
    for text in (evidence, *names):
        assert "Berggren" not in text
        assert not re.search(r"\b\d{6}-?\d{4}\b", text)


def test_everything_is_on_disk_before_the_folder_has_its_name(folder, parcel, monkeypatch):
    synced = []
    real = os.fsync
    monkeypatch.setattr(shelf.os, "fsync", lambda number: synced.append(real(number)))
    folder.send(parcel)
    # Two files, the folder they are in, and the folder that got a new name.
    assert len(synced) == 4
