from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zope.interface.verify import verifyObject

from selvbetjening_core.interfaces import IReceipt
from selvbetjening_core.values import (
    Answer,
    AnswerGroup,
    Basis,
    Contact,
    Document,
    Money,
    PaymentSummary,
)
from selvbetjening_core.values.case_json import case_to_json
from selvbetjening_html_receipt.plugin import HtmlReceipt

SETTINGS = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class Reader(HTMLParser):
    """What is in a document: its text, its tags, what it fetches."""

    def __init__(self, content):
        super().__init__()
        self.parts, self.tags, self.attributes = [], [], []
        self.feed(content.decode())
        self.close()
        self.text = "".join(self.parts)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data):
        self.parts.append(data)


@pytest.fixture
def receipt(make_context):
    return HtmlReceipt(make_context(seal_key="a key for seals"))


def text_of(document):
    return Reader(document.content).text


def test_it_keeps_its_contract(receipt):
    assert verifyObject(IReceipt, receipt)


def test_a_receipt_holds_what_a_receipt_must(receipt, case):
    document = receipt.issue(case)
    assert (document.name, document.media_type) == ("kvittering-MORS-4F7K-2Q.html", "text/html")
    text = text_of(document)
    required = {
        1: ("Kvittering: Bestil nyt sundhedskort", "version 2026.1"),
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
        14: ("KLE-nummer", "29"),
        16: ("Kontrolkode", "forseglet"),
    }
    missing = [(item, one) for item, all_ in required.items() for one in all_ if one not in text]
    assert missing == []


def test_cpr_numbers_are_masked(receipt, case):
    content = receipt.issue(case).content
    assert b"291182-xxxx" in content
    assert b"050515-xxxx" in content
    for hidden in (b"2911829996", b"291182-9996", b"-9996", b"-9995"):
        assert hidden not in content


def test_a_protected_child_is_not_named_to_the_actor_but_to_itself(receipt, case):
    lars = replace(case.parties.principal, protected=True, name="Hemmeligt Navn")
    for_another = replace(case.parties, principal=lars)
    text = text_of(receipt.issue(replace(case, parties=for_another, groups=())))
    assert "Hemmeligt Navn" not in text
    assert "Navne- og adressebeskyttet" in text
    for_self = replace(case.parties, actor=lars, principal=lars, basis=Basis.SELF)
    assert "Hemmeligt Navn" in text_of(receipt.issue(replace(case, parties=for_self)))


def test_what_costs_nothing_is_free(receipt, case):
    free = replace(case, payment=PaymentSummary(Money(0), "Gratis for børn under 15"))
    text = text_of(receipt.issue(free))
    assert "Gratis" in text
    assert "Gratis for børn under 15" in text
    assert "Betalt med" not in text
    assert "kr." not in text


def test_an_english_case_has_an_english_receipt(receipt, case):
    document = receipt.issue(replace(case, locale="en"))
    text = text_of(document)
    for told in ("This receipt is not a decision.", "22 November 2026 at 14:05", "DKK 225.00"):
        assert told in text
    assert b'<html lang="en">' in document.content


def test_empty_texts_leave_no_empty_headings(receipt, case):
    bare = replace(case, texts={}, contact=Contact("", "", "", ""), groups=())
    text = text_of(receipt.issue(bare))
    for heading in ("Det sker der nu", "Hvis noget skal rettes", "Telefon"):
        assert heading not in text


def test_a_receipt_needs_nothing_but_itself(receipt, case):
    document = Reader(receipt.issue(case).content)
    assert not {"script", "link", "img", "iframe", "form"} & set(document.tags)
    assert not {"src", "href", "style"} & set(document.attributes)
    assert b"url(" not in receipt.issue(case).content
    assert (document.tags.count("main"), document.tags.count("h1")) == (1, 1)


def test_the_same_case_gives_the_same_bytes(receipt, case, make_context):
    again = HtmlReceipt(make_context(seal_key="a key for seals"))
    assert receipt.issue(case) == again.issue(replace(case))


def test_the_same_case_gives_the_same_bytes_in_another_process_and_time_zone(receipt, case):
    code = (
        "import json, sys, hashlib, pathlib, datetime\n"
        "from selvbetjening_core.values import ComponentContext\n"
        "from selvbetjening_core.values.case_json import case_from_json\n"
        "from selvbetjening_html_receipt.plugin import HtmlReceipt\n"
        "context = ComponentContext('c', '0773', {'seal_key': 'a key for seals'},"
        " pathlib.Path(), datetime.datetime.now)\n"
        "case = case_from_json(json.load(sys.stdin))\n"
        "sys.stdout.buffer.write(HtmlReceipt(context).issue(case).content)\n"
    )

    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
    }
    answer = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(case_to_json(case)).encode(),
        capture_output=True,
        env=environment,
        check=True,
    )
    assert answer.stdout == receipt.issue(case).content


def test_a_receipt_is_recognised_and_another_is_not(receipt, case, make_context):
    document = receipt.issue(case)
    assert receipt.verify(document).ok
    stranger = HtmlReceipt(make_context(seal_key="another key"))
    refused = stranger.verify(document)
    assert not refused.ok
    assert refused.reasons
    assert not receipt.verify(stranger.issue(case)).ok


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\x00",
        b"<html></html>",
        b'<meta name="selvbetjening-seal" content="">',
        b'<meta name="selvbetjening-seal" content="' + b"0" * 64 + b'">',
    ],
)
def test_a_foreign_document_is_refused(receipt, content):
    assert not receipt.verify(Document("x.html", "text/html", content)).ok


def test_every_flipped_byte_is_found(receipt, case):
    content = receipt.issue(case).content
    for place in range(len(content)):
        flipped = bytearray(content)
        flipped[place] ^= 0x20
        assert not receipt.verify(Document("x", "text/html", bytes(flipped))).ok, place


@SETTINGS
@given(data=st.data())
def test_no_change_goes_unseen(receipt, case, data):
    content = receipt.issue(case).content
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 80)))
    changed = content[:start] + data.draw(st.binary(max_size=80)) + content[end:]
    assert receipt.verify(Document("x", "text/html", changed)).ok is (changed == content)


@SETTINGS
@given(st.binary(max_size=300))
def test_verify_never_raises(receipt, content):
    assert not receipt.verify(Document("x", "text/html", content)).ok


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="<>&\"'æøåÆØÅ/=-! \n{}%", max_size=40),
    st.sampled_from(
        [
            "</dd><script>alert(1)</script>",
            '<meta name="selvbetjening-seal" content="">',
            '<meta name="selvbetjening-seal" content="' + "0" * 64 + '">',
            "&amp;lt; {{ case }} {% raw %}",
            "</style></title>",
        ]
    ),
)


@SETTINGS
@given(answer=HOSTILE, label=HOSTILE, title=HOSTILE)
def test_every_answer_is_in_the_document_as_text(receipt, case, answer, label, title):
    group = AnswerGroup("step", title, (Answer("field", label, answer, answer),))
    document = receipt.issue(replace(case, groups=(group,)))
    found = Reader(document.content)
    for shown in (answer, label, title):
        assert shown in found.text
    assert found.tags.count("meta") == 3
    assert "script" not in found.tags
    assert receipt.verify(document).ok


def test_a_lone_surrogate_does_not_stop_a_receipt(receipt, case):
    group = AnswerGroup("step", "Title", (Answer("field", "Label", "a\ud800b", None),))
    assert receipt.verify(receipt.issue(replace(case, groups=(group,)))).ok


def test_an_empty_key_seals_nothing_and_is_refused(make_context):
    with pytest.raises(ValueError, match="seal_key"):
        HtmlReceipt(make_context(seal_key=""))
