"""What lies on the disk: nobody can read it, and what was done to it shows."""

from __future__ import annotations

import os

import pytest

from selvbetjening_core.store import sealed_file
from selvbetjening_core.store.sealed_file import PIECE, SEALED
from selvbetjening_core.store.upload_folder import UploadFolder
from selvbetjening_core.web.limits.spool import UnreadableFile

HERE = "0773"


@pytest.fixture
def folder(tmp_path):
    return UploadFolder(tmp_path / "files")


def kept(folder, content, municipality=HERE):
    file = folder.new(municipality)
    for first in range(0, len(content), 10_007):
        file.write(content[first : first + 10_007])
    file.finish()
    return file, folder.root / municipality / file.id


def read(folder, file, municipality=HERE):
    with folder.open(municipality, file.id, file.key) as content:
        return content.read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 5])
def test_what_was_written_is_read(folder, size):
    content = os.urandom(size)
    file, path = kept(folder, content)
    assert read(folder, file) == content
    # Of a few bytes it would be chance.
    assert size < 50 or content[:50] not in path.read_bytes()
    with folder.open(HERE, file.id, file.key) as opened:
        assert opened.seek(0, os.SEEK_END) == size
        opened.seek(size // 2)
        assert opened.read(7) == content[size // 2 : size // 2 + 7]


def cut(path, _):
    path.write_bytes(path.read_bytes()[:-1])


def cut_piece(path, _):
    path.write_bytes(path.read_bytes()[: 2 * SEALED])


def longer(path, _):
    path.write_bytes(path.read_bytes() + bytes(SEALED))


def flipped(path, _):
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)


def moved(path, _):
    content = path.read_bytes()
    path.write_bytes(content[SEALED : 2 * SEALED] + content[:SEALED] + content[2 * SEALED :])


def another(path, other):
    path.write_bytes(other.read_bytes())


def emptied(path, _):
    path.write_bytes(b"")


CHANGES = [cut, cut_piece, longer, flipped, moved, another, emptied]


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_shows(folder, change):
    content = os.urandom(2 * PIECE + 100)
    file, path = kept(folder, content)
    _, other = kept(folder, content)
    change(path, other)
    with pytest.raises(OSError, match="changed, moved or cut off"):
        read(folder, file)


@pytest.mark.parametrize("change", [cut_piece, moved])
def test_a_file_that_does_not_say_which_piece_it_is_hides_it(folder, change, monkeypatch):
    # The control: without the associated data, and with one nonce, nothing would show.
    monkeypatch.setattr(sealed_file.Pieces, "_told", lambda *_, **__: b"")
    monkeypatch.setattr(sealed_file, "_nonce", lambda _: bytes(12))
    file, path = kept(folder, os.urandom(3 * PIECE))
    change(path, None)
    assert read(folder, file)


def test_a_file_of_another_municipality_cannot_be_read(folder):
    file, path = kept(folder, b"Hej")
    target = folder.root / "0751"
    target.mkdir()
    path.rename(target / file.id)
    with pytest.raises(OSError, match="moved"):
        read(folder, file, "0751")


@pytest.mark.parametrize("name", ["../0751/x", "", "a" * 32 + "/", "A" * 32])
def test_only_names_of_our_own_are_opened(folder, name):
    with pytest.raises(ValueError, match="32 hexadecimal"):
        folder.open(HERE, name, "00" * 32)


def test_copies_are_made_of_what_is_not_there_yet(folder, tmp_path):
    file, path = kept(folder, b"Hej")
    other = UploadFolder(tmp_path / "other")
    (path.parent / ".left").write_bytes(b"no file of ours")
    assert (folder.copy_to(other), folder.copy_to(other)) == (1, 0)
    assert read(other, file) == b"Hej"


def test_a_body_that_waits_is_read_as_it_came_and_lies_sealed():
    content = os.urandom(2 * PIECE + 100)
    with UnreadableFile() as file:
        for first in range(0, len(content), 9_999):
            at = file.tell()
            file.seek(0, os.SEEK_END)
            file.write(content[first : first + 9_999])
            file.seek(at)
        assert file.read() == content
        file.seek(PIECE - 3)
        assert file.read(6) == content[PIECE - 3 : PIECE]
        kept_there = os.pread(file._file.fileno(), 10**6, 0)
        assert len(kept_there) == 2 * SEALED
        assert content[:50] not in kept_there
        file.seek(1)
        with pytest.raises(OSError, match="at its end"):
            file.write(b"x")
