"""Who vouched for the login: in the case, on every receipt, on the pages."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pypdfium2
import pytest

from selvbetjening_core.application import utc_now
from selvbetjening_core.receipts import check_code, content_of
from selvbetjening_core.texts import texts_for
from selvbetjening_core.values import ComponentContext
from selvbetjening_core.values.case_json import case_from_json, case_to_json
from selvbetjening_core.web.parties import party_rows
from selvbetjening_html_receipt.plugin import HtmlReceipt
from selvbetjening_pdf_receipt.plugin import PdfReceipt


@pytest.fixture
def vouched(case):
    return dataclasses.replace(
        case, parties=dataclasses.replace(case.parties, vouched_by="mors.dk")
    )


def test_the_stored_case_says_it(vouched):
    assert case_to_json(vouched)["parties"]["vouched_by"] == "mors.dk"
    assert case_from_json(case_to_json(vouched)) == vouched


def test_a_case_from_before_is_read_and_has_the_check_code_it_had(case):
    """Printed check codes are made from the JSON text: it must not grow."""
    told = case_to_json(case)
    assert "vouched_by" not in told["parties"]
    assert case_from_json(told) == case


def test_the_check_code_covers_it(case, vouched):
    assert check_code("key", case) != check_code("key", vouched)


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("da", "Login er bekræftet af mors.dk"),
        ("en", "The login is confirmed by mors.dk"),
    ],
)
def test_receipt_and_pages_say_it(case, vouched, locale, words):
    told = content_of(dataclasses.replace(vouched, locale=locale))
    assert told.acting.vouched_by == words
    assert words in dict(party_rows(vouched.parties, texts_for(locale))).values()
    assert content_of(case).acting.vouched_by == ""
    assert words not in dict(party_rows(case.parties, texts_for(locale))).values()


@pytest.mark.parametrize("plugin", ["html", "pdf"])
def test_both_shipped_receipts_print_it(plugin, vouched, case):
    words = "Login er bekræftet af mors.dk"
    assert words in printed(plugin, vouched)
    assert words not in printed(plugin, case)


def printed(plugin, case):
    context = ComponentContext("r", "0773", {"seal_key": "key"}, Path(), utc_now)
    if plugin == "html":
        return HtmlReceipt(context).issue(case).content.decode()
    pdf = pypdfium2.PdfDocument(PdfReceipt(context).issue(case).content)
    text = " ".join(page.get_textpage().get_text_range() for page in pdf)
    pdf.close()
    return " ".join(text.split())
