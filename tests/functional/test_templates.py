"""A blank that citizens fetch, fill in and send: found, served, told apart."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest
from tests.functional.test_uploads import (
    DEFINITION,
    asks_for_papers,
    clamd,  # noqa: F401 - a fixture
    shown,
    told,
    upload,
)
from upload_files import PDF

from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.texts import LANGUAGES
from selvbetjening_core.uploads.marks import MARKED_TYPES, has_mark

CSV = "Dato;Udgift i kr.;Formål\r\n".encode("cp1252")
DOWNLOADED = (
    "attachment; filename=\"Regnskab 2026 _.csv\"; filename*=UTF-8''Regnskab%202026%20%C3%A5.csv"
)
KEYS = """
types = ["csv", "pdf"]
template = "Regnskab 2026 å.csv"
template_mark = "Udgift i kr."
"""


def sheet(*cells):
    strings = "".join(f"<si><t>{one}</t></si>" for one in cells)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/sharedStrings.xml", f"<sst>{strings}</sst>")
    return made.getvalue()


def ods(*cells):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        texts = "".join(f"<text:p>{one}</text:p>" for one in cells)
        archive.writestr("content.xml", f"<table>{texts}</table>")
    return made.getvalue()


def form(name):
    return PDF + b"\n5 0 obj<</FT/Tx/T " + name + b">>endobj\n"


def packed(name):
    inner = zlib.compress(b"<</FT/Tx/T " + name + b">>")
    return PDF + b"\n5 0 obj<</Type/ObjStm>>stream\r\n" + inner + b"\nendstream endobj\n"


WIDE = b"\xfe\xff" + "Beløb".encode("utf-16-be")
COPIES = {
    "csv, semicolon": ("csv", CSV, "Udgift i kr."),
    "csv, comma, UTF-8 with a mark": ("csv", "\ufeffDato,Beløb\n1,2".encode(), "Beløb"),
    "csv, quoted": ("csv", b'Dato,"Udgift, kr."\n', "Udgift, kr."),
    "xlsx": ("xlsx", sheet("Dato", "Udgift i kr."), "Udgift i kr."),
    "xlsx, escaped": ("xlsx", sheet("Løn &amp; pension"), "Løn & pension"),
    "ods": ("ods", ods("Dato", "Beløb"), "Beløb"),
    "pdf": ("pdf", form(b"(amount)"), "amount"),
    "pdf, brackets": ("pdf", form(rb"(amount \(kr\))"), "amount (kr)"),
    "pdf, wide": ("pdf", form(b"(" + WIDE + b")"), "Beløb"),
    "pdf, digits": ("pdf", form(b"<" + WIDE.hex().upper().encode() + b">"), "Beløb"),
    "pdf, packed": ("pdf", packed(b"(amount)"), "amount"),
}
OTHERS = {
    "csv, in another row": ("csv", b"Dato\nUdgift i kr.\n", "Udgift i kr."),
    "csv, empty": ("csv", b"\n", "Udgift i kr."),
    "xlsx, part of a cell": ("xlsx", sheet("Udgift i kr. og øre"), "Udgift i kr."),
    "pdf, as text": ("pdf", PDF + b"(amount) Tj", "amount"),
    "pdf, broken stream": ("pdf", PDF + b"stream\nno such thing", "amount"),
    "pdf, printed anew": ("pdf", PDF, "amount"),
}


@pytest.mark.parametrize("case", COPIES)
def test_a_copy_is_told(case):
    kind, content, mark = COPIES[case]
    assert has_mark(kind, io.BytesIO(content), mark)
    assert not has_mark(kind, io.BytesIO(content), f"{mark}x"), "control"


@pytest.mark.parametrize("case", OTHERS)
def test_what_is_no_copy_is_told(case):
    kind, content, mark = OTHERS[case]
    assert not has_mark(kind, io.BytesIO(content), mark)


def test_each_type_with_a_mark_is_tried():
    assert {kind for kind, _, _ in COPIES.values()} == set(MARKED_TYPES)


@pytest.fixture
def make_papers(own_solution, installation, make_town, clamd):  # noqa: F811
    def make(keys=KEYS, content=CSV):
        hosted = f'host = "127.0.0.1"\nport = {clamd.port}\nseconds = 1'
        asks_for_papers(own_solution, installation, hosted)
        folder = own_solution.parent.parent / "papers"
        text = DEFINITION.replace('types = ["pdf", "jpg", "docx", "txt"]', keys)
        (folder / "solution.toml").write_text(text, "utf-8")
        (folder / "Regnskab 2026 å.csv").write_bytes(content)
        return make_town()

    return make


@pytest.fixture
def browser(make_papers):
    one = make_papers().browser()
    one.log_in("kirsten", solution="papers")
    one.get("/papers/trin/papers")
    return one


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_blank_is_offered_with_type_and_size_and_can_be_fetched(browser, locale):
    prefix = "" if locale == "da" else "/en"
    page = browser.get(f"{prefix}/papers/trin/papers")
    (link,) = page.html.find_all("a", {"download": True})
    assert (
        link.get_text()
        == {
            "da": "Hent skabelonen Regnskab 2026 å.csv (CSV, 1 kB)",
            "en": "Get the template Regnskab 2026 å.csv (CSV, 1 kB)",
        }[locale]
    )
    found = page.click(href="skabelon/proof")
    assert found.body == CSV
    assert found.content_type == "text/csv"
    assert found.headers["Content-Disposition"] == DOWNLOADED
    assert found.headers["X-Content-Type-Options"] == "nosniff"


def test_who_is_not_logged_in_may_prepare(browser):
    stranger = browser.town.browser()
    assert stranger.app.get("/papers/skabelon/proof").body == CSV
    for path in ("/papers/skabelon/more", "/papers/skabelon/why", "/papers/skabelon/x"):
        stranger.app.get(path, status=404)
    stranger.app.get("/papers/skabelon/..%2Fsolution.toml", status=404)


def test_another_file_of_that_type_is_refused_and_a_copy_is_taken(browser):
    page = upload(browser, "andet.csv", b"Navn;Adresse\r\nBo;Her\r\n")
    assert told(page) == ["Brug skabelonen under »Bilag«: Hent den, udfyld den, og vedhæft den"]
    assert not shown(page)
    page = upload(browser, "udfyldt.csv", CSV + b"1. marts;12;Frugt\r\n")
    assert not told(page)
    assert shown(page) == ["udfyldt.csv (1 kB)"]


def test_of_another_type_nothing_can_be_told(browser):
    assert shown(upload(browser, "bilag.pdf", PDF)) == ["bilag.pdf (1 kB)"]


def test_without_a_mark_nothing_is_looked_at(make_papers):
    one = make_papers(KEYS.replace('template_mark = "Udgift i kr."', "")).browser()
    one.log_in("kirsten", solution="papers")
    one.get("/papers/trin/papers")
    assert not told(upload(one, "andet.csv", b"Navn\n"))


@pytest.mark.parametrize(
    ("keys", "content", "why"),
    [
        (KEYS.replace("å.csv", "ø.csv"), CSV, "there is no file"),
        (KEYS.replace("Regnskab 2026 å.csv", "../papers/Regnskab 2026 å.csv"), CSV, "there is no"),
        (KEYS.replace("Regnskab 2026 å.csv", "solution.toml"), CSV, "there is no file"),
        (KEYS.replace('"csv", "pdf"', '"pdf"'), CSV, "could not be sent"),
        (KEYS.replace("kr.", "øre"), CSV, "does not have the mark"),
        (KEYS, b"\0\1", "cannot be opened as a csv"),
        (KEYS, CSV + b"x" * 6_000_000, "has more than 5 MB"),
        ('template_mark = "x"', CSV, "there is no template to be told by it"),
    ],
)
def test_a_template_that_cannot_work_stops_the_definition(make_papers, keys, content, why):
    with pytest.raises(ConfigurationError) as stopped:
        make_papers(keys, content)
    assert any(why in one.message for one in stopped.value.problems)
