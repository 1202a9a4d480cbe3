"""What the ClamAV plugin looks for in archives itself, whatever clamd is set to."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selvbetjening_clamav import archives
from selvbetjening_clamav.archives import Limits, Unseen, look_into
from selvbetjening_core.testing.scan_files import (
    CLEAN,
    archive,
    damaged_archive,
    deep_archive,
    encrypted_archive,
)

LIMITS = Limits(largest=1_000_000)


def reason(content, limits=LIMITS):
    """Why it is refused; empty if it is not."""
    try:
        look_into(io.BytesIO(content), limits)
    except Unseen as why:
        return str(why)
    return ""


def archive_of(files, how=zipfile.ZIP_DEFLATED):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", how) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return whole.getvalue()


def nested(times, content=b"inderst"):
    for _ in range(times):
        content = archive("i.zip", content)
    return content


@pytest.mark.parametrize("content", [*CLEAN, b"", b"P", b"PK", b"PK-fag: tekst", nested(5)])
def test_what_can_be_looked_into_is_left_to_clamd(content):
    assert reason(content) == ""


def test_an_office_document_is():
    document = archive_of({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>" * 9999})
    assert reason(document) == ""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (encrypted_archive(), "encrypted"),
        (archive("ydre.zip", encrypted_archive()), "encrypted"),
        (damaged_archive(), "damaged"),
        (archive("ydre.zip", damaged_archive()), "damaged"),
        (deep_archive(), "too many archives"),
        (nested(6), "too many archives"),
        (archive("nuller", bytes(1_000_001)), "too much"),
        (archive_of({str(i): bytes(999_999) for i in range(5)}), "too much"),
        (archive("ydre.zip", archive("nuller", bytes(1_000_001))), "too much"),
        (archive_of(dict.fromkeys(map(str, range(10_001)), b"")), "too many files"),
        (archive_of({"a": b"abc" * 99}, zipfile.ZIP_LZMA), "packed in a way"),
        (b"PK\x03\x04", "damaged"),
        (b"PK\x05\x06" + b"\xff" * 18, "damaged"),
    ],
    ids=range(13),
)
def test_what_cannot_be_is_refused_with_a_reason(content, why):
    assert why in reason(content)


def test_the_limits_are_reached_before_they_are_passed():
    """Control: at the limit nothing is refused."""
    assert reason(archive("nuller", bytes(1_000_000))) == ""
    assert reason(archive_of({str(i): bytes(1_000_000) for i in range(4)})) == ""
    assert reason(archive_of(dict.fromkeys(map(str, range(10_000)), b""))) == ""


def test_archives_in_each_other_share_the_memory_of_one():
    inner = archive_of({"fyld": bytes(600_000)}, zipfile.ZIP_STORED)
    side_by_side = archive_of({"1.zip": inner, "2.zip": inner}, zipfile.ZIP_DEFLATED)
    assert reason(side_by_side) == ""
    outer = archive_of({"inner.zip": inner}, zipfile.ZIP_STORED)
    assert "too much" in reason(archive("outer.zip", outer))


def test_a_wrong_checksum_is_damage():
    good = archive_of({"brev.txt": b"x" * 50}, zipfile.ZIP_STORED)
    at = good.index(b"x" * 50)
    assert reason(good) == ""
    assert "damaged" in reason(good[:at] + b"y" + good[at + 1 :])


def test_a_bomb_costs_little():
    """200 MB in 200 kB: given up at the first file that is too large, in pieces."""
    bomb = archive("nuller", bytes(200_000_000))
    tracemalloc.start()
    try:
        begun = time.process_time()
        assert "too much" in reason(bomb, Limits(largest=25_000_000))
        seconds = time.process_time() - begun
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (seconds < 5, peak < 5_000_000) == (True, True), (seconds, peak)


def test_a_directory_that_lies_about_its_length_is_counted_all_the_same():
    """25 MB of nothing but names of files would be hundreds of megabytes in memory."""
    whole = archive_of(dict.fromkeys(map(str, range(20_000)), b""))
    end = whole.rindex(b"PK\x05\x06")
    lying = whole[: end + 8] + struct.pack("<HH", 1, 1) + whole[end + 12 :]
    assert "too many files" in reason(lying)


def test_a_name_that_straddles_two_pieces_is_counted(monkeypatch):
    monkeypatch.setattr(archives, "_PIECE", 7)
    assert archives._entries(io.BytesIO(archive_of(dict.fromkeys("abcdef", b"x" * 9)))) == 6


class Stream(io.RawIOBase):
    """What can only be read from its beginning to its end, as a file that is being decrypted."""

    def __init__(self, content):
        self._inner = io.BytesIO(content)

    def readable(self):
        return True

    def readinto(self, buffer):
        return self._inner.readinto(buffer)


def test_a_file_that_cannot_be_rewound_is_looked_into():
    with pytest.raises(Unseen, match="encrypted"):
        look_into(io.BufferedReader(Stream(encrypted_archive())), LIMITS)
    look_into(io.BufferedReader(Stream(archive("brev.txt", b"hej"))), LIMITS)


def test_a_file_that_cannot_be_read_is_no_damage():
    class Broken(Stream):
        def readinto(self, _buffer):
            raise OSError("the disk gave up")

    with pytest.raises(OSError, match="gave up"):
        look_into(Broken(b""), LIMITS)


@given(st.binary(max_size=400), st.sampled_from([b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"]))
def test_nonsense_that_begins_as_an_archive_is_refused_and_raises_nothing(tail, beginning):
    assert reason(beginning + tail)


MIXED = archive_of({"a.txt": b"a" * 300, "b.zip": archive("c", b"c" * 100)})
CHANGES = st.dictionaries(st.integers(4, len(MIXED) - 1), st.integers(0, 255), max_size=8)


@given(CHANGES)
def test_a_broken_archive_raises_nothing_else(changes):
    """Bytes of a good one changed: looked into, or refused; nothing else comes."""
    content = bytearray(MIXED)
    for at, byte in changes.items():
        content[at] = byte
    reason(bytes(content))
