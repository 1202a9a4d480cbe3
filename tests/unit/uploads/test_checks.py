"""Files are what they say, and safe to open; what is hostile is refused with its reason."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest
import upload_files as files

from selvbetjening_core.uploads import archives, checks, names
from selvbetjening_core.uploads.refusal import ERRORS, FileRefused
from selvbetjening_core.uploads.types import FILE_TYPES

ALL = tuple(FILE_TYPES)


def reason(name, content, types=ALL):
    """Why it is refused; empty if it is taken."""
    try:
        checks.check_file(names.checked_name(name), io.BytesIO(content), len(content), types)
    except FileRefused as why:
        return why.reason if why.reason in ERRORS else "not declared"
    return ""


RIGHT = {
    "a.pdf": files.PDF,
    "a.PDF": files.PDF,
    "a.jpg": files.JPG,
    "a.jpeg": files.JPG,
    "a.png": files.png(),
    "a.heic": files.heic(),
    "a.docx": files.docx(),
    "a.odt": files.odt(),
    "a.ods": files.odt(b"application/vnd.oasis.opendocument.spreadsheet"),
    "a.xlsx": files.archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"}),
    "a.txt": files.TEXT,
    "a.csv": "navn;beløb\r\nÅse;1\r\n".encode("cp1252"),
}
WRONG = {
    "empty": ("a.pdf", b"", "empty_file"),
    "no ending": ("skema", files.PDF, "wrong_type"),
    "only an ending": (".pdf", b"x", "wrong_type"),
    "another ending": ("a.png", files.PDF, "wrong_type"),
    "program": ("a.pdf", b"MZ" + bytes(60), "wrong_type"),
    "svg": ("a.svg", b"<svg><script/></svg>", "wrong_type"),
    "svg as text": ("a.txt", b"<svg onload=x>", "wrong_type"),
    "page as text, late": ("a.txt", b"x" * 200_000 + b"<script>", "wrong_type"),
    "page as text, cut by a piece": ("a.txt", b"x" * 65_533 + b"<script>", "wrong_type"),
    "binary as text": ("a.txt", b"abc\x00def", "wrong_type"),
    "controls as text": ("a.txt", b"abc\x1b[2Jdef", "wrong_type"),
    "signature not at the start": ("a.pdf", b"\n" + files.PDF, "wrong_type"),
    "archive behind a picture": ("a.jpg", files.JPG + files.docx(), "wrong_type"),
    "word as excel": ("a.xlsx", files.docx(), "wrong_type"),
    "text as spreadsheet": ("a.ods", files.odt(), "wrong_type"),
    "macros": ("a.docx", files.docx(**{"word__vbaProject.bin": b"x"}), "wrong_type"),
    "old word": ("a.docx", files.OLE, "wrong_type"),
    "word with a password": ("a.docx", files.LOCKED_OFFICE, "password"),
    "pdf with a password": ("a.pdf", files.LOCKED_PDF, "password"),
    "half an archive": ("a.docx", files.docx()[:-30], "unreadable"),
    "bomb": ("a.docx", files.bomb(), "unreadable"),
    "bomb that lies": ("a.docx", files.lying_bomb(), "unreadable"),
    "archive in an archive": ("a.docx", files.docx(a=files.docx()), "unreadable"),
    "way out": ("a.docx", files.archive({"word/document.xml": b"", "../x": b""}), "unreadable"),
    "many files": (
        "a.docx",
        files.archive({"word/document.xml": b"", **{str(n): b"" for n in range(2001)}}),
        "unreadable",
    ),
    "huge picture": ("a.png", files.png(50_000, 50_000), "unreadable"),
    "huge picture of a telephone": ("a.heic", files.heic(50_000, 50_000), "unreadable"),
    "picture of nothing": ("a.png", files.png(0, 5), "unreadable"),
    "picture cut off": ("a.jpg", files.JPG[:12], "unreadable"),
    "hidden program": ("a.exe.pdf", files.PDF, "bad_name"),
    "turned text": ("a\u202efdp.exe.pdf", files.PDF, "bad_name"),
    "unseen": ("a\x00.pdf", files.PDF, "bad_name"),
    "long name": ("a" * 117 + ".pdf", files.PDF, "bad_name"),
    "no name": ("...", files.PDF, "bad_name"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_taken(name):
    assert reason(name, RIGHT[name]) == ""


def test_every_type_is_tried():
    assert {name.rpartition(".")[2].lower() for name in RIGHT} >= {
        one for one in FILE_TYPES if one != "jpg"
    }


@pytest.mark.parametrize("case", WRONG)
def test_what_is_hostile_is_refused_with_its_reason(case):
    name, content, why = WRONG[case]
    assert reason(name, content) == why


def test_a_type_that_the_field_does_not_take_is_refused():
    assert reason("a.pdf", files.PDF, ("jpg",)) == "wrong_type"


def test_a_bomb_is_counted_where_its_directory_is_believed(monkeypatch):
    # The control: each of the two walls holds without the other.
    monkeypatch.setattr(archives, "_check_directory", lambda *_: None)
    assert reason("a.docx", files.bomb()) == "unreadable"
    assert reason("a.docx", files.bomb(1)) == ""


def test_without_both_walls_the_bomb_passes(monkeypatch):
    monkeypatch.setattr(archives, "_check_directory", lambda *_: None)
    monkeypatch.setattr(archives, "_unpack_all", lambda *_: None)
    assert reason("a.docx", files.bomb()) == ""


@pytest.mark.parametrize(
    ("wall", "case"),
    [
        ((checks.zipfile, "is_zipfile", lambda _: False), "archive behind a picture"),
        ((checks, "_has", lambda *_: False), "pdf with a password"),
        ((checks, "_is_text", lambda _: True), "svg as text"),
        ((checks, "pixels", lambda *_: 1), "huge picture"),
        ((archives, "_MACROS", "nothing"), "macros"),
        ((archives, "_leads_out", lambda _: False), "way out"),
        ((archives, "MOST_FILES", 10_000), "many files"),
        ((archives, "_PACKED", ()), "archive in an archive"),
        ((names, "_hides_program", lambda _: False), "hidden program"),
        ((names, "_UNWANTED_CATEGORIES", frozenset()), "unseen"),
        ((names, "LONGEST_NAME", 1000), "long name"),
    ],
)
def test_a_wall_that_is_taken_down_is_noticed(monkeypatch, wall, case):
    monkeypatch.setattr(*wall, raising=True)
    assert reason(*WRONG[case][:2]) == ""


def memory_for(content):
    """The most bytes that looking at a document of Word takes, which is refused."""
    tracemalloc.start()
    assert reason("a.docx", content) == "unreadable"
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_a_bomb_takes_no_memory():
    assert memory_for(files.bomb()) < 5_000_000


def test_a_directory_of_very_many_files_takes_no_memory(monkeypatch):
    crowded = files.crowded(20_000)
    assert memory_for(crowded) < 1_000_000
    # The control: the files are counted before anything is made of them.
    monkeypatch.setattr(archives, "_entries", lambda _: 0)
    assert memory_for(crowded) > 5_000_000


class CountedReads(io.BytesIO):
    count = 0

    def read(self, *size):
        self.count += 1
        return super().read(*size)


@pytest.mark.parametrize("markers", [b"\xff\xfe\x00\x02", b"\xff\x01", b"\xff"])
def test_a_picture_of_nothing_but_markers_is_soon_given_up(markers):
    content = b"\xff\xd8" + 200_000 * markers
    counted = CountedReads(content)
    with pytest.raises(FileRefused, match="unreadable"):
        checks.check_file("a.jpg", counted, len(content), ALL)
    assert counted.count < 50_000


def test_a_picture_with_much_before_its_frame_is_taken():
    content = files.JPG[:2] + 300 * (b"\xff\xe2\x00\x10" + bytes(14)) + files.JPG[2:]
    assert reason("a.jpg", content) == ""


def test_two_files_of_one_name_in_an_archive_are_refused():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("word/document.xml", b"<w/>")
        with pytest.warns(UserWarning, match="Duplicate"):
            packed.writestr("word/document.xml", b"<other/>")
    assert reason("a.docx", made.getvalue()) == "unreadable"


@pytest.mark.parametrize("sent", ["C:\\mine\\a.pdf", "../../a.pdf", "/etc/a.pdf", " a.pdf "])
def test_a_name_is_without_a_path(sent):
    assert names.checked_name(sent) == "a.pdf"
