from __future__ import annotations

import datetime
import json
from dataclasses import replace

from selvbetjening_core.receipts import content_of, language, receipt_data, words
from selvbetjening_core.values import AssuranceLevel, Basis, Channel, Money, PaymentSummary
from selvbetjening_core.values.case_json import case_from_json, case_to_json

SECRET = ("2911829996", "291182-9996", "9996", "0505159995", "9995")


def hidden_child(case):
    child = replace(case.parties.principal, protected=True, name="Hemmeligt Navn")
    return replace(case, parties=replace(case.parties, principal=child))


def test_every_word_the_core_may_use_has_a_text():
    wanted = [f"basis_{one}" for one in Basis] + [f"channel_{one}" for one in Channel]
    wanted += [f"level_{one.name.lower()}" for one in AssuranceLevel]
    for locale in ("da", "en"):
        assert set(wanted) <= words(locale).keys()


def test_an_unknown_language_becomes_the_first_one():
    assert [language(one) for one in ("da", "en", "de", "")] == ["da", "en", "da", "da"]
    assert words("de") == words("da")


def test_times_are_danish_and_exact(case):
    def received(*parts):
        at = datetime.datetime(*parts, tzinfo=datetime.UTC)
        return content_of(replace(case, received_at=at)).received

    assert received(2026, 7, 1, 22, 30).words == "2. juli 2026 kl. 00.30"
    # The hour that comes twice: the words are alike, the exact times are not.
    twice = [received(2026, 10, 25, hour, 30) for hour in (0, 1)]
    assert {one.words for one in twice} == {"25. oktober 2026 kl. 02.30"}
    assert [one.iso[-6:] for one in twice] == ["+02:00", "+01:00"]


def test_what_costs_nothing_is_free(case):
    free = replace(case, payment=PaymentSummary(Money(0), ""))
    assert content_of(free).paid.amount == "Gratis"
    assert content_of(replace(free, locale="en")).paid.amount == "Free of charge"


def test_cpr_numbers_are_masked_in_words_and_in_data(case):
    for told in (repr(content_of(case)), json.dumps(receipt_data(case))):
        assert "291182-xxxx" in told
        assert "050515-xxxx" in told
        assert [one for one in SECRET if one in told] == []
    # The control: the case itself has them.
    assert "2911829996" in json.dumps(case_to_json(case))


def test_a_protected_child_is_named_to_nobody_but_itself(case):
    hidden = hidden_child(case)
    assert content_of(hidden).acting.principal == "Navne- og adressebeskyttet, 050515-xxxx"
    assert "Hemmeligt" not in json.dumps(receipt_data(hidden))
    child = hidden.parties.principal
    own = replace(hidden, parties=replace(hidden.parties, actor=child, basis=Basis.SELF))
    assert content_of(own).acting.principal.startswith("Hemmeligt Navn")
    assert "Hemmeligt" in json.dumps(receipt_data(own))


def test_the_data_leave_out_addresses_a_register_knows(case):
    assert "Testpark" not in json.dumps(receipt_data(case))
    assert "Testpark" in json.dumps(case_to_json(case))


def test_the_data_are_a_case_but_for_what_is_masked(case):
    data = receipt_data(case)
    data["parties"] = case_to_json(case)["parties"]
    assert case_from_json(data) == case
