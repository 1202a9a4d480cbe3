"""A citizen orders a health card, in both municipalities, in every way it can go."""

from __future__ import annotations

import json

import pytest


def read_receipt(page):
    assert "/kvittering/" in page.request.path
    assert "Kvittering" in page.text
    return page


def test_paid(town):
    browser = town.browser("mors")
    browser.log_in("kirsten")
    summary = browser.answer()
    assert "225,00" in summary
    url = browser.accept()
    receipt = read_receipt(browser.get(browser.pay(url)))
    assert "Kirsten Test Berggren" in receipt
    assert "225,00" in receipt
    assert "Betalingskort (demo)" in receipt
    assert town.counts() == (1, 1)
    assert town.application.engine.drain() == 2
    (case,) = town.journal()
    data = json.loads(case.read_text("utf-8"))
    assert data["case"]["payment"]["ore"] == 22500
    assert len(town.mailbox.mails) == 1
