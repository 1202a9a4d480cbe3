"""What PDF/UA-1 and PDF/A-3a ask of the file, as far as pikepdf and poppler can tell.

Each check is a function that returns what is wrong, and has a negative control:
the same PDF with one thing taken away.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import asdict, replace
from itertools import pairwise
from xml.etree import ElementTree

import pikepdf
import pytest
import typst

from selvbetjening_core.values import Answer, AnswerGroup
from selvbetjening_pdf_receipt.plugin import PdfReceipt
from selvbetjening_pdf_receipt.typesetter import SHIPPED

NAMES = {
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "dc": "http://purl.org/dc/elements/1.1/",
}


def elements(pdf):
    """Every structure element in reading order: its type and itself."""

    def walk(node):
        if isinstance(node, pikepdf.Array):
            for one in node:
                yield from walk(one)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield str(node.S).removeprefix("/"), node
            yield from walk(node.get("/K", pikepdf.Array()))

    if "/StructTreeRoot" in pdf.Root:
        yield from walk(pdf.Root.StructTreeRoot.get("/K", pikepdf.Array()))


def inside(element, kinds):
    """The types of the elements right below one."""
    children = element.get("/K", pikepdf.Array())
    children = children if isinstance(children, pikepdf.Array) else [children]
    return [
        str(one.S).removeprefix("/")
        for one in children
        if isinstance(one, pikepdf.Dictionary) and "/S" in one and str(one.S)[1:] in kinds
    ]


def metadata(pdf, name):
    if "/Metadata" not in pdf.Root:
        return None
    space, word = name.split(":")
    root = ElementTree.fromstring(pdf.Root.Metadata.read_bytes())  # noqa: S314 - our own
    found = root.find(f".//{{{NAMES[space]}}}{word}")
    return None if found is None else "".join(found.itertext()).strip()


def is_tagged(pdf):
    marked = pdf.Root.get("/MarkInfo", {}).get("/Marked", False)
    return [] if marked and any(elements(pdf)) else ["not tagged"]


def has_language(pdf):
    return [] if str(pdf.Root.get("/Lang", "")) in ("da-DK", "en-GB") else ["no language"]


def has_shown_title(pdf):
    shown = pdf.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)
    title = metadata(pdf, "dc:title") or ""
    return (
        []
        if shown and title.startswith(("Kvittering ", "Receipt "))
        else ["no title that is shown"]
    )


def has_headings_in_order(pdf):
    levels = [int(kind[1]) for kind, _ in elements(pdf) if re.fullmatch("H[1-6]", kind)]
    if levels[:1] != [1] or levels.count(1) != 1:
        return [f"the headings do not begin with the only H1: {levels}"]
    return [f"H{one} before H{next_}" for one, next_ in pairwise(levels) if next_ > one + 1]


def has_tables_with_headers(pdf):
    tables = [one for kind, one in elements(pdf) if kind == "Table"]
    wrong = [] if tables else ["no table"]
    for table in tables:
        rows = [one for kind, one in walk_below(table) if kind == "TR"]
        if not rows or set(inside(rows[0], {"TH", "TD"})) != {"TH"}:
            wrong.append("a table whose first row is not of header cells")
        heads = [one for kind, one in walk_below(table) if kind == "TH"]
        wrong += ["a header cell without a scope" for one in heads if not scope_of(one)]
    return wrong


def walk_below(element):
    pdf_like = element.get("/K", pikepdf.Array())
    nodes = pdf_like if isinstance(pdf_like, pikepdf.Array) else [pdf_like]
    for node in nodes:
        if isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield str(node.S).removeprefix("/"), node
            yield from walk_below(node)


def scope_of(cell):
    attributes = cell.get("/A", pikepdf.Array())
    attributes = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
    return [one.Scope for one in attributes if "/Scope" in one]


def declares_its_standards(pdf):
    wanted = {"pdfaid:part": "3", "pdfaid:conformance": "A", "pdfuaid:part": "1"}
    return [name for name, value in wanted.items() if metadata(pdf, name) != value]


def has_output_intent(pdf):
    intents = pdf.Root.get("/OutputIntents", [])
    good = [one for one in intents if str(one.S) == "/GTS_PDFA1" and "/DestOutputProfile" in one]
    return [] if good else ["no output intent"]


def has_the_data_attached(pdf):
    files = list(pdf.Root.get("/AF", []))
    if len(files) != 1 or str(files[0].get("/AFRelationship", "")) != "/Source":
        return ["no associated file"]
    content = files[0].EF.F
    if str(content.get("/Subtype", "")) != "/application/json":
        return ["the associated file has no type"]
    return [] if json.loads(content.read_bytes())["format"] == 1 else ["not a case"]


def has_whole_fonts(pdf):
    wrong = []
    fonts = [
        one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and is_whole_font(one)
    ]
    for font in fonts:
        if "/ToUnicode" not in font:
            wrong.append(f"{font.get('/BaseFont')} without ToUnicode")
        descriptor = font.DescendantFonts[0].FontDescriptor
        if not {"/FontFile2", "/FontFile3"} & set(descriptor.keys()):
            wrong.append(f"{font.get('/BaseFont')} is not embedded")
    return wrong if fonts else ["no fonts"]


def is_whole_font(one):
    return one.get("/Type") == pikepdf.Name.Font and "/DescendantFonts" in one


def needs_nothing_else(pdf):
    forbidden = {"/JavaScript", "/JS", "/Launch", "/URI", "/Encrypt", "/AA", "/OpenAction"}
    names = {
        name
        for one in pdf.objects
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream)
        for name in one.keys()  # noqa: SIM118 - a stream is not a mapping
    }
    return sorted(names & forbidden)


def drop_headers(pdf):
    for kind, one in elements(pdf):
        if kind == "TH":
            one.S = pikepdf.Name.TD


def skip_a_level(pdf):
    for kind, one in elements(pdf):
        if kind == "H2":
            one.S = pikepdf.Name.H3


def drop_from_root(name):
    def drop(pdf):
        del pdf.Root[name]

    return drop


def drop_from_fonts(pdf):
    for one in pdf.objects:
        if isinstance(one, pikepdf.Dictionary) and is_whole_font(one):
            del one["/ToUnicode"]


def add_script(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1")


CHECKS: list[tuple[Callable, Callable]] = [
    (is_tagged, drop_from_root("/StructTreeRoot")),
    (has_language, drop_from_root("/Lang")),
    (has_shown_title, drop_from_root("/ViewerPreferences")),
    (has_headings_in_order, skip_a_level),
    (has_tables_with_headers, drop_headers),
    (declares_its_standards, drop_from_root("/Metadata")),
    (has_output_intent, drop_from_root("/OutputIntents")),
    (has_the_data_attached, drop_from_root("/AF")),
    (has_whole_fonts, drop_from_fonts),
    (needs_nothing_else, add_script),
]


@pytest.fixture(scope="module")
def make():
    made = {}

    def issue(case, context):
        told = repr(asdict(case))
        if told not in made:
            made[told] = PdfReceipt(context).issue(case).content
        return made[told]

    return issue


@pytest.fixture
def contents(case, make, make_context):
    """A short receipt, a long one with rare letters, and one in English."""
    answers = tuple(Answer(f"f{n}", f"Spørgsmål {n}", f"Svar 漢 {n} " * n, "") for n in range(20))
    groups = tuple(AnswerGroup(f"s{n}", f"Trin {n}", answers) for n in range(3))
    context = make_context(seal_key="k")
    cases = (case, replace(case, groups=groups), replace(case, locale="en"))
    return [make(one, context) for one in cases]


def opened(content):
    return pikepdf.open(io.BytesIO(content))


@pytest.mark.parametrize("check", [check for check, _ in CHECKS], ids=lambda one: one.__name__)
def test_a_receipt_has_what_it_must(contents, check):
    for content in contents:
        with opened(content) as pdf:
            assert check(pdf) == []


@pytest.mark.parametrize(("check", "plant"), CHECKS, ids=lambda one: one.__name__)
def test_each_check_sees_what_is_missing(contents, check, plant):
    """Negative controls of the test above."""
    with opened(contents[0]) as pdf:
        plant(pdf)
        assert check(pdf) != []


def test_a_pdf_without_standards_passes_next_to_none_of_the_checks():
    """Negative control: what Typst makes when it is asked for nothing."""
    plain = typst.Compiler(b"= Kvittering", root=SHIPPED).compile(format="pdf", pdf_tags=False)
    with opened(plain) as pdf:
        passed = {check.__name__ for check, _ in CHECKS if check(pdf) == []}
    assert passed <= {"has_whole_fonts", "needs_nothing_else", "has_language"}


def test_each_language_is_declared(contents):
    languages = []
    for content in contents:
        with opened(content) as pdf:
            languages.append(str(pdf.Root.Lang))
    assert languages == ["da-DK", "da-DK", "en-GB"]


@pytest.mark.skipif(not shutil.which("pdfinfo"), reason="poppler's pdfinfo is not installed")
def test_poppler_reads_the_tags(contents, tmp_path):
    file = tmp_path / "receipt.pdf"
    file.write_bytes(contents[0])

    def told(option):
        done = subprocess.run(["pdfinfo", option, file], capture_output=True, check=True)
        return done.stdout.decode("utf-8", "replace")  # headings come in UTF-16

    tags = re.findall(r"^ *([A-Z]\w*)", told("-struct"), re.MULTILINE)
    assert {"Document", "H1", "H2", "H3", "P", "Table", "TH", "TD", "L", "Lbl", "LBody"} <= set(
        tags
    )
    text = told("-struct-text")
    places = [text.index(one) for one in ("MORS-4F7K-2Q", "Hvad sker der nu", "3400", "225,00")]
    assert places == sorted(places)
    assert "Side 1 af" not in text  # a footer is no content
