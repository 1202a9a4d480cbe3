from __future__ import annotations

import io
import json
import os
import re
import shutil
import statistics
import struct
import subprocess
import sys
import threading
import time
import unicodedata
import zlib
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest
from zope.interface.verify import verifyObject

from selvbetjening_core.errors import NotInstalled
from selvbetjening_core.interfaces import IReceipt
from selvbetjening_core.receipts import check_code, receipt_data
from selvbetjening_core.values import (
    Answer,
    AnswerGroup,
    Contact,
    Document,
    Money,
    PaymentSummary,
)
from selvbetjening_core.values.case_json import case_to_json
from selvbetjening_pdf_receipt import typesetter
from selvbetjening_pdf_receipt.plugin import PdfReceipt

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30">'
    '<rect width="90" height="30" fill="#004b8d"/></svg>'
)
LAYOUT = "#let layout(receipt) = [= #receipt.t.receipt #receipt.case.number\nEgen udgave: {}]\n"


@pytest.fixture
def receipt(make_context):
    return PdfReceipt(make_context(seal_key="a key for seals"))


def text_of(document):
    pages = pypdfium2.PdfDocument(document.content)
    text = "\n".join(page.get_textpage().get_text_range() for page in pages)
    pages.close()
    return text.replace("\r\n", "\n").replace("\u200b", "")


def squeezed(text):
    """Without spaces, and without the marks of direction around a number."""
    return re.sub(r"[\s\u200e]", "", text)


def attached(document):
    with pikepdf.open(io.BytesIO(document.content)) as pdf:
        (name,) = pdf.attachments
        return name, json.loads(pdf.attachments[name].get_file().read_bytes())


def answering(case, *texts):
    answers = tuple(Answer(f"f{n}", f"Spørgsmål {n}", text, text) for n, text in enumerate(texts))
    return replace(case, groups=(AnswerGroup("step", "Trin", answers),))


def test_it_keeps_its_contract(receipt):
    assert verifyObject(IReceipt, receipt)


def test_a_receipt_holds_what_a_receipt_must(receipt, case):
    document = receipt.issue(case)
    assert (document.name, document.media_type) == (
        "kvittering-MORS-4F7K-2Q.pdf",
        "application/pdf",
    )
    text = text_of(document)
    required = {
        1: ("Kvittering", "Bestil nyt sundhedskort, version 2026.1"),
        2: ("MORS-4F7K-2Q", case.submission_id),
        3: ("Morsø Kommune", "0773", "99 70 70 00", "borger@mors.example", "Man-tors 9-15"),
        4: ("22. november 2026 kl. 14.05", "2026-11-22T14:05:00+01:00"),
        5: ("Kirsten Test Berggren", "Lars Test Berggren", "forældremyndighed", "Betydelig"),
        6: (
            "Kortet er til",
            "Testpark Allé 48\n3400 Hillerød",
            "Hentet fra Folkeregisteret (test), 2. november 2026 kl. 10.23",
        ),
        9: ("225,00 kr.", "Gebyr for nyt sundhedskort", "Dankort", "pay-17"),
        10: ("Du får kortet med posten inden for 2 uger.",),
        11: ("Ring til os, hvis noget er forkert.",),
        12: ("Denne kvittering er ikke en afgørelse.",),
        13: ("Vi bruger oplysningerne til at bestille kortet.",),
        14: ("KLE-nummer 29",),
        16: (check_code("a key for seals", case), "forseglet"),
    }
    missing = [(item, one) for item, all_ in required.items() for one in all_ if one not in text]
    assert missing == []
    assert "Side 1 af 2" in text
    assert "⟨U+" not in text


def test_the_case_is_attached_as_data(receipt, case):
    name, data = attached(receipt.issue(case))
    assert name == "kvittering-MORS-4F7K-2Q.json"
    assert data == json.loads(json.dumps(receipt_data(case)))


def test_cpr_numbers_are_masked_everywhere(receipt, case):
    document = receipt.issue(case)
    with pikepdf.open(io.BytesIO(document.content)) as pdf:
        streams = [one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream)]
    everything = b"".join([document.content, text_of(document).encode(), *streams])
    assert b"291182-xxxx" in everything
    assert b"050515-xxxx" in everything
    for secret in (b"2911829996", b"291182-9996", b"0505159995", b"050515-9995"):
        assert secret not in everything


def test_what_costs_nothing_is_free(receipt, case):
    text = text_of(receipt.issue(replace(case, payment=PaymentSummary(Money(0), "Under 15 år"))))
    assert "Gratis" in text
    assert "Under 15 år" in text
    assert "Betalt med" not in text


def test_an_english_case_has_an_english_receipt(receipt, case):
    text = text_of(receipt.issue(replace(case, locale="en")))
    told = ("This receipt is not a decision.", "22 November 2026 at 14:05", "DKK 225.00", "Page 1")
    for one in told:
        assert one in text


def test_empty_texts_leave_no_empty_headings(receipt, case):
    bare = replace(case, texts={}, contact=Contact("", "", "", ""), groups=(), kle="")
    text = text_of(receipt.issue(bare))
    for heading in ("Det sker der nu", "Hvis noget skal rettes", "Telefon", "Det har du sendt"):
        assert heading not in text


# -- the same case, the same bytes ---------------------------------------------


def test_the_same_case_gives_the_same_bytes_whatever_was_made_between(receipt, case):
    first = receipt.issue(case)
    receipt.issue(answering(case, "漢字", "another"))
    assert receipt.issue(replace(case)) == first


def test_the_same_case_gives_the_same_bytes_in_another_process_and_time_zone(receipt, case):
    code = (
        "import json, sys, pathlib, datetime\n"
        "from selvbetjening_core.values import ComponentContext\n"
        "from selvbetjening_core.values.case_json import case_from_json\n"
        "from selvbetjening_pdf_receipt.plugin import PdfReceipt\n"
        "context = ComponentContext('c', '0773', {'seal_key': 'a key for seals'},"
        " pathlib.Path(), datetime.datetime.now)\n"
        "case = case_from_json(json.load(sys.stdin))\n"
        "sys.stdout.buffer.write(PdfReceipt(context).issue(case).content)\n"
    )
    odd = answering(case, "漢字 😀", "æøå", "x" * 500)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
        "SOURCE_DATE_EPOCH": "1",
    }
    for one in (case, odd):
        answer = subprocess.run(
            [sys.executable, "-c", code],
            input=json.dumps(case_to_json(one)).encode(),
            capture_output=True,
            env=environment,
            check=True,
        )
        assert answer.stdout == receipt.issue(one).content


def test_several_threads_can_ask_at_once(receipt, case):
    cases = [answering(case, f"svar {number}") for number in range(24)]
    alone = [receipt.issue(one) for one in cases]
    together = [None] * len(cases)

    def work(start):
        for place in range(start, len(cases), 4):
            together[place] = receipt.issue(cases[place])

    threads = [threading.Thread(target=work, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


def test_a_receipt_is_made_fast(receipt, case, capsys):
    """A measurement. What is asserted is work done, which a busy machine does not change."""
    many = tuple(f"Et svar på omtrent en linje, nummer {number}" for number in range(15))
    waited, worked = [], []
    for number in range(100):
        started, began = time.perf_counter(), time.process_time()
        receipt.issue(answering(case, *many, str(number)))
        waited.append((time.perf_counter() - started) * 1000)
        worked.append((time.process_time() - began) * 1000)
    waited.sort()
    p50, p99, work = statistics.median(waited), waited[98], statistics.median(worked)
    with capsys.disabled():
        sys.stdout.write(
            f"\nPDF receipt of 16 answers: p50 {p50:.0f} ms, p99 {p99:.0f} ms, work {work:.0f} ms\n"
        )
    assert work < 100


# -- the seal --------------------------------------------------------------------


def test_a_receipt_is_recognised_and_another_is_not(receipt, case, make_context):
    document = receipt.issue(case)
    assert receipt.verify(document).ok
    stranger = PdfReceipt(make_context(seal_key="another key"))
    refused = stranger.verify(document)
    assert not refused.ok
    assert refused.reasons


def test_every_change_is_found(receipt, case):
    content = receipt.issue(case).content
    assert content.endswith(b"%%EOF")
    places = sorted({*range(0, len(content), 97), *range(len(content) - 200, len(content))})
    unseen = [
        place
        for place in places
        if receipt.verify(
            Document("x", "x", content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        ).ok
    ]
    assert unseen == []
    for changed in (content[:-1], content + b"\n", content + content, content[100:]):
        assert not receipt.verify(Document("x", "x", changed)).ok


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\xff" * 100, b"selvbetjening-seal:"])
def test_a_foreign_document_is_refused(receipt, content):
    assert not receipt.verify(Document("x.pdf", "application/pdf", content)).ok


def test_the_sealed_file_is_as_sound_as_before(receipt, case):
    """Sealing moves nothing: every object is where the file's table says."""
    with pikepdf.open(io.BytesIO(receipt.issue(case).content)) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_an_answer_that_looks_like_a_place_for_the_seal_stays_as_it_is(receipt, case):
    blank = "selvbetjening-seal:" + "0" * 64
    document = receipt.issue(answering(case, blank))
    assert blank in squeezed(text_of(document))
    assert attached(document)[1]["groups"][0]["answers"][0]["text"] == blank
    assert receipt.verify(document).ok


def test_an_empty_key_seals_nothing_and_is_refused(make_context):
    with pytest.raises(ValueError, match="seal_key"):
        PdfReceipt(make_context(seal_key=""))


# -- hostile answers ---------------------------------------------------------------

HOSTILE = (
    '#read("/etc/passwd")',
    '#image("../secret.png")',
    "#panic()",
    "]]]} #let x = 1; $ sum_1^2 $ \\ \\u{41} `raw` *bold* _it_ = H <a> @b // c /* d",
    '"); #eval("1") (',
    "{{ case }} {page} {file}",
    "-- --- ... ~ 'x' \"y\"",
    "1. + - / a: b",
)


@pytest.mark.parametrize("answer", HOSTILE)
def test_an_answer_is_text_and_never_code(receipt, case, answer):
    everywhere = replace(
        answering(case, answer), title=answer, texts={"after": answer}, authority=answer
    )
    text = squeezed(text_of(receipt.issue(everywhere)))
    assert text.count(squeezed(answer)) >= 4


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("a\x00b\x1fc\x7f", "a⟨U+0000⟩b⟨U+001F⟩c⟨U+007F⟩"),
        ("a\ud800b", "a⟨U+D800⟩b"),
        ("\u202eabc\u2066", "⟨U+202E⟩abc⟨U+2066⟩"),
        ("\ue000\ufeff\ufffe", "⟨U+E000⟩⟨U+FEFF⟩⟨U+FFFE⟩"),
        ("漢字", "⟨U+6F22⟩⟨U+5B57⟩"),
        ("ไทย x", "⟨U+0E44⟩⟨U+0E17⟩⟨U+0E22⟩x"),
        ("a" + "\u0315" * 6, "⟨U+0315⟩⟨U+0315⟩"),
        ("\U000e0041x", "⟨U+E0041⟩x"),
        ("a\ufffcb\u3164", "a⟨U+FFFC⟩b⟨U+3164⟩"),
    ],
)
def test_what_cannot_be_shown_is_told_by_its_number_and_exact_in_the_data(
    receipt, case, answer, shown
):
    document = receipt.issue(answering(case, answer))
    text = squeezed(text_of(document))
    assert shown in text
    assert "Nogletegnkanikkevises" in text.replace("få", "")
    assert attached(document)[1]["groups"][0]["answers"][0]["text"] == answer


def test_names_with_many_letters_are_shown_as_they_are(receipt, case):
    names = ("Łukasz Żółć", "Ngô Thị Hường", "Олександр Ґудзь", "Şükrü Öğün", "Ölöf Þórðardóttir")
    names += ("Γιώργος", "გიორგი", "Ṃȧŕĩǟ", "n̈a", "Ḩ̌", "ŵŷ", "中".replace("中", "ß"))
    names += ("AȮA", "AO\u0307A", "Ǽ")
    text = unicodedata.normalize("NFC", text_of(receipt.issue(answering(case, *names))))
    names = [unicodedata.normalize("NFC", name) for name in names]
    assert [name for name in names if squeezed(name) not in squeezed(text)] == []
    assert "⟨U+" not in text


def test_lines_of_an_answer_stay_lines(receipt, case):
    text = text_of(receipt.issue(answering(case, "en\r\nto\rtre\u2028fire\nfem\tseks")))
    assert "en\nto\ntre\nfire\nfem seks" in text


def test_without_its_fonts_a_receipt_is_set_in_typsts_own(
    case, make_context, monkeypatch, tmp_path
):
    monkeypatch.setattr(typesetter, "FONTS", tmp_path / "nowhere")
    typesetter._fonts.cache_clear()
    try:
        receipt = PdfReceipt(make_context(seal_key="a key for seals"))
        assert receipt._shipped.families == ["Libertinus Serif", "DejaVu Sans Mono"]
        text = squeezed(text_of(receipt.issue(answering(case, "Łukasz 漢 Олег ⟨ 😀"))))
    finally:
        typesetter._fonts.cache_clear()
    assert "Łukasz⟨U+6F22⟩Олег⟨" in text


# -- a municipality's own ----------------------------------------------------------


def test_an_own_logo_stands_at_the_top(make_context, case, tmp_path):
    (tmp_path / "våben.svg").write_text(SVG, "utf-8")
    receipt = PdfReceipt(make_context(seal_key="k", logo=str(tmp_path / "våben.svg")))
    with pikepdf.open(io.BytesIO(receipt.issue(case).content)) as pdf:
        figures = [
            one
            for one in pdf.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/S") == pikepdf.Name.Figure
        ]
    assert [str(one.Alt) for one in figures] == ["Morsø Kommune"]


def test_a_logo_may_be_a_png(make_context, case, tmp_path):
    (tmp_path / "våben.png").write_bytes(red_png(4, 2))
    context = make_context(seal_key="k", logo=str(tmp_path / "våben.png"))
    assert PdfReceipt.check_settings(context) == ()
    with pikepdf.open(io.BytesIO(PdfReceipt(context).issue(case).content)) as pdf:
        sizes = [
            (int(one.Width), int(one.Height))
            for one in pdf.objects
            if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == pikepdf.Name.Image
        ]
    assert sizes == [(4, 2)]


def red_png(wide, high):
    """A picture, by the book."""
    rows = (b"\0" + b"\xc0\0\0" * wide) * high
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("logo.svg", b"<svg", "logo cannot be used"),
        ("logo.svg", b"<p/>", "is no SVG picture"),
        ("logo.png", b"no picture", "logo cannot be used"),
        ("logo.png", b"\x89PNG\r\n\x1a\n" + bytes(20), "not a whole one"),
        ("logo.gif", b"GIF89a", "must be an SVG or a PNG"),
        ("", b"", "No such file"),
    ],
)
def test_a_logo_that_cannot_be_used_is_told_at_the_start(
    make_context, tmp_path, name, content, told
):
    logo = tmp_path / (name or "missing.svg")
    if name:
        logo.write_bytes(content)
    with pytest.raises(ValueError, match=told):
        PdfReceipt(make_context(seal_key="k", logo=str(logo)))


@pytest.fixture
def half_a_picture(tmp_path):
    """It is an SVG, and has nothing that could be shown."""
    content = '<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0"/>'
    (tmp_path / "logo.svg").write_text(content, "utf-8")
    return str(tmp_path / "logo.svg")


def test_a_logo_that_typst_cannot_read_is_told_by_check(make_context, half_a_picture):
    (fault,) = PdfReceipt.check_settings(make_context(logo=half_a_picture))
    assert fault.setting == "logo"
    assert "logo cannot be used" in fault.text


def test_a_logo_that_fails_costs_nobody_the_receipt(make_context, case, half_a_picture, caplog):
    receipt = PdfReceipt(make_context(seal_key="k", logo=half_a_picture))
    document = receipt.issue(case)
    assert "Morsø Kommune" in text_of(document)
    assert receipt.verify(document).ok
    (record,) = caplog.records
    assert "own receipt logo failed" in record.getMessage()


def test_where_typst_is_not_the_start_tells(make_context, monkeypatch):
    typesetter._require_typst.cache_clear()
    monkeypatch.setattr(typesetter, "find_spec", lambda _: None)
    with pytest.raises(NotInstalled, match="PDF receipt"):
        PdfReceipt(make_context(seal_key="k"))


def test_an_own_template_takes_the_place_of_the_shipped_one(make_context, case, tmp_path):
    folder = tmp_path / "kvittering"
    folder.mkdir()
    use = '#import "parts.typ": facts\n#import "navne.typ": navn\n'
    (folder / "navne.typ").write_text('#let navn = "fra egen mappe"\n', "utf-8")
    template = folder / "vores.typ"
    template.write_text(use + LAYOUT.format("#navn"), "utf-8")
    receipt = PdfReceipt(make_context(seal_key="k", template=str(template)))
    shutil.rmtree(folder)  # read once, when it starts
    document = receipt.issue(case)
    assert "Egen udgave: fra egen mappe" in text_of(document)
    assert receipt.verify(document).ok
    assert attached(document)[1]["receipt_number"] == case.receipt_number


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("#let layout(receipt) = [\n#nothing\n]", r"vores\.typ:2: unknown variable: nothing"),
        ("#let layout(receipt) = [", r"vores\.typ:1: unclosed"),
        ("#let x = 1", "unresolved import"),
        ('\n#import "@preview/cetz:0.3.0"', r"vores\.typ:2: a template uses no packages"),
        ('#let layout(r) = read("/etc/passwd")', r"vores\.typ:1: file not found"),
        ('#let layout(r) = read("../secrets/key")', r"vores\.typ:1: .*outside|escape"),
        ("#let layout(r) = [= A\n=== C]", r"vores\.typ:2: .*heading level"),
    ],
)
def test_a_broken_template_is_told_at_the_start_with_file_and_line(
    make_context, tmp_path, source, told
):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "key").write_text("a secret", "ascii")
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "vores.typ").write_text(source, "utf-8")
    with pytest.raises(ValueError, match=told):
        PdfReceipt(make_context(seal_key="k", template=str(folder / "vores.typ")))


def test_a_template_that_fails_for_one_case_costs_nobody_the_receipt(
    make_context, case, tmp_path, caplog
):
    template = tmp_path / "vores.typ"
    fails = 'if "Lars" in receipt.case.acting.principal { panic(receipt) }'
    template.write_text(f"#let layout(receipt) = [= A\n#{fails}]", "utf-8")
    receipt = PdfReceipt(make_context(seal_key="k", template=str(template)))
    document = receipt.issue(case)
    assert "Det har du sendt" in text_of(document)
    (record,) = caplog.records
    assert "vores.typ:2" in record.getMessage()
    assert "Lars" not in caplog.text


@pytest.mark.fetched
def test_more_fonts_show_more_letters(make_context, case, tmp_path):
    with pytest.raises(ValueError, match="not a folder"):
        PdfReceipt(make_context(seal_key="k", fonts=str(tmp_path / "nowhere")))
    receipt = PdfReceipt(make_context(seal_key="k", fonts=str(typesetter.FONTS)))
    assert receipt.verify(receipt.issue(case)).ok
