"""Each error of each kind of field, forced on real pages: our own sentence, in two languages."""

from __future__ import annotations

import re

import pytest

from selvbetjening_core.forms.control_parts import TYPED_LIMIT
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.testing.pages import Expected, PageKind, breaches
from selvbetjening_core.texts import LANGUAGES, placeholders, texts_for

CONTROL = "en\x01to"
TOO_MUCH = "a" * (TYPED_LIMIT + 1)
DATE = ("day", "month", "year")

# What forces each code: the keys of the field, and what is sent under its name.
# A code that has no way to be forced is one that a kind must not declare.
TEXTS = {
    "required": ("", [("", "  ")]),
    "now_needed": ("", []),
    "not_text": ("", [("", CONTROL)]),
    "too_long": ("max_length = 5", [("", "seks tegn")]),
}
CHOICE = {
    "required": ("", []),
    "now_needed": ("", []),
    "not_an_option": ("", [("", "nothing-of-the-sort")]),
}
WRITTEN = {
    "required": ("", [("", "")]),
    "now_needed": ("", []),
    "too_long": ("", [("", TOO_MUCH)]),
}
FORCED = {
    "group": {"now_needed": ("", [])},
    "repeat": {
        "required": ("", []),
        "now_needed": ("", []),
        "too_few": ("at_least = 2", [(".1", ""), (".1.name", "Bo")]),
        "too_many": ("", [(".1", ""), (".1.name", "Bo"), (".4", ""), (".4.name", "Ea")]),
    },
    "text": TEXTS,
    "long_text": TEXTS,
    "number": {
        "required": ("", [("", "")]),
        "now_needed": ("", []),
        "not_a_number": ("", [("", "syv")]),
        "too_small": ("min = 3", [("", "2")]),
        "too_great": ("max = 3", [("", "4")]),
        "too_long": ("", [("", "1" * (TYPED_LIMIT + 1))]),
    },
    "email": {
        **TEXTS,
        "too_long": ("", [("", f"{'a' * 60}@{'b' * 250}.dk")]),
        "not_an_email": ("", [("", "navn")]),
    },
    "phone": {
        **TEXTS,
        "too_long": ("", [("", TOO_MUCH)]),
        "not_a_phone_number": ("", [("", "12")]),
    },
    "date": {
        "required": ("", [(f".{part}", "") for part in DATE]),
        "now_needed": ("", []),
        "date_incomplete": ("", [(".day", "1"), (".month", ""), (".year", "2020")]),
        "not_a_date": ("", [(".day", "31"), (".month", "2"), (".year", "2020")]),
        "too_early": ("earliest = 2020-01-02", [(".day", "1"), (".month", "1"), (".year", "2020")]),
        "too_late": ("latest = 2020-01-01", [(".day", "2"), (".month", "1"), (".year", "2020")]),
    },
    "amount": {
        **WRITTEN,
        "not_an_amount": ("", [("", "1e3")]),
        "amount_too_small": ("min = 3", [("", "2,99")]),
        "amount_too_great": ("max = 3", [("", "3,01")]),
    },
    "time": {
        **WRITTEN,
        "not_a_time": ("", [("", "25.00")]),
        "time_too_early": ('earliest = "08:00"', [("", "7.59")]),
        "time_too_late": ('latest = "15:30"', [("", "15.31")]),
    },
    "postcode": {**WRITTEN, "not_a_postcode": ("", [("", "0799")])},
    "cpr": {**WRITTEN, "not_a_cpr_number": ("", [("", "3201300000")])},
    "cvr": {
        **WRITTEN,
        "not_a_cvr_number": ("", [("", "1234567")]),
        "wrong_check_digit": ("", [("", "12345678")]),
    },
    "p_number": {**WRITTEN, "not_a_p_number": ("", [("", "123")])},
    "bank_account": {
        "required": ("", [(".registration", " "), (".account", "")]),
        "now_needed": ("", []),
        "too_long": ("", [(".registration", "1234"), (".account", TOO_MUCH)]),
        "account_incomplete": ("", [(".registration", ""), (".account", "1234567")]),
        "not_a_registration_number": ("", [(".registration", "12345"), (".account", "1")]),
        "not_an_account_number": ("", [(".registration", "1234"), (".account", "DK12")]),
    },
    "address": {
        "required": ("", [("", "")]),
        "now_needed": ("", []),
        "too_long": ("", [("", "x" * 201)]),
        "choose_match": ("", [("", "rådhuspladsen")]),
        "nothing_found": ("", [("", "qzqz")]),
    },
    "lookup": {
        "required": ("", [("", "")]),
        "now_needed": ("", []),
        "too_long": ("", [("", "x" * 201)]),
        "choose_match": ("", [("", "rådhuspladsen")]),
        "nothing_found": ("", [("", "qzqz")]),
    },
    "choice": {**CHOICE, "no_longer_offered": ("", [("", "third")])},
    "choices": {
        "required": ("", []),
        "now_needed": ("", []),
        "not_an_option": ("", [(".first", "nothing-of-the-sort")]),
        "no_longer_offered": ("", [(".first", "first"), (".third", "third")]),
        "too_few": ("at_least = 2", [(".first", "first")]),
        "too_many": ("at_most = 1", [(".first", "first"), (".second", "second")]),
        "none_and_others": (
            'none_of_these = "second"',
            [(".first", "first"), (".second", "second")],
        ),
    },
    "matrix": {
        "required": ("", []),
        "now_needed": ("", []),
        "not_an_option": ("", [(".food", "nothing-of-the-sort"), (".shop", "first")]),
        "no_longer_offered": ("", [(".food", "third"), (".shop", "first")]),
        "row_missing": ("", [(".food", "first")]),
    },
    "yes_no": CHOICE,
    "consent": CHOICE,
    "person": CHOICE,
    "people": {
        "required": ("", []),
        "now_needed": ("", []),
        "not_an_option": ("", [(".self", "nothing-of-the-sort")]),
        "too_few": ("at_least = 2", [(".self", "self")]),
        "too_many": ("at_most = 1", [(".self", "self"), (".other-1", "other-1")]),
    },
}
CASES = [(kind, code) for kind, codes in FORCED.items() for code in codes]
# The third is withdrawn by what is answered to the trigger.
LISTED = 'options = ["first", "second", "third"]'
MORE_KEYS = {
    "group": 'group = "person"',
    "repeat": 'group = "person"\nat_most = 3\neach = { da = "Række", en = "Row" }\n'
    'add = { da = "Tilføj", en = "Add" }',
    "choice": LISTED,
    "choices": LISTED,
    "matrix": f'{LISTED}\nrows = ["food", "shop"]',
    "person": 'from = "custody_same_address"',
    "lookup": 'role = "addresses"',
    "people": 'from = "household"',
}
ROWS = """
[step.{step}.{name}.row]
food.da = "Mad"
food.en = "Food"
shop.da = "Indkøb"
shop.en = "Shopping"
"""
OPTIONS = """
[step.{step}.{name}.option]
first.da = "Det første"
first.en = "The first"
second.da = "Det andet"
second.en = "The second"
third.da = "Det tredje"
third.en = "The third"
third.when = {{ trigger = false }}
"""
HEAD = """
[solution]
version = "1"
title.da = "Prøve"
title.en = "Trial"
languages = ["da", "en"]
kle = "29"
minutes = 5
level = "substantial"
may_act = ["self", "custody"]

[retention]
draft_days = 30
delivered_days = 90

[[law]]
title = "Prøveloven"
valid_from = 2020-01-01

[text.after]
da = "Så er du færdig."
en = "Then you are done."

[text.purpose]
da = "Her kan du prøve."
en = "Here you can try."

[text.alternative]
da = "Ring til os."
en = "Call us."

[group.person.name]
kind = "text"
label.da = "Navn"
label.en = "Name"

[step.trial]
title.da = "Prøve"
title.en = "Trial"

[step.trial.trigger]
kind = "yes_no"
label.da = "Udløser"
label.en = "Trigger"
"""
FOOT = """
[[destination]]
role = "case_system"
after = "payment"
"""


def declared():
    """What every kind says it can fail with. Files are sent in test_uploads.py."""
    kinds = [one.declaration for one in BUILTIN_KINDS if one.declaration.name != "files"]
    return {(kind.name, code) for kind in kinds for code in kind.errors}


def field_name(kind, code):
    return f"f_{kind}_{code}"


def label(kind, code, locale):
    return f"{'Mærke' if locale == 'da' else 'Mark'} {CASES.index((kind, code)) + 1}"


def _field(kind, code):
    keys, _ = FORCED[kind][code]
    name = field_name(kind, code)
    lines = [
        f"[step.trial.{name}]",
        f'kind = "{kind}"',
        f'label.da = "{label(kind, code, "da")}"',
        f'label.en = "{label(kind, code, "en")}"',
        MORE_KEYS.get(kind, ""),
        keys,
        "visible = { trigger = true }" if code == "now_needed" else "",
    ]
    keys = MORE_KEYS.get(kind, "")
    texts = OPTIONS * ("options" in keys) + ROWS * ("rows" in keys)
    return "\n".join(lines) + texts.format(step="trial", name=name)


def definition():
    return HEAD + "\n\n".join(_field(kind, code) for kind, code in CASES) + FOOT


@pytest.fixture
def trial(own_solution, installation, make_town):
    """A citizen at a step with every kind of field, once for each of its errors."""
    folder = own_solution.parent.parent / "trial"
    folder.mkdir()
    (folder / "solution.toml").write_text(definition(), "utf-8")
    for file in (installation / "municipalities").glob("*.toml"):
        text = file.read_text("utf-8").replace("[roles]", '[roles]\naddresses = "places"')
        more = '\n[component.places]\nplugin = "demo_addresses"\n\n[solutions.trial]\n'
        file.write_text(text + more, "utf-8")
    town = make_town()
    browser = town.browser()
    browser.log_in("kirsten", solution="trial")
    return browser


def sent():
    pairs = [("trigger", "yes")]
    for kind, code in CASES:
        name = field_name(kind, code)
        pairs += [(f"{name}{part}", value) for part, value in FORCED[kind][code][1]]
    return pairs


def hidden(page):
    """What the page sends by itself, but which fields it showed, and rows: those are forced."""
    found = page.html.find("main").find_all("input", {"type": "hidden"})
    left_out = ("_shown", "f_repeat_")
    return [(one["name"], one["value"]) for one in found if not one["name"].startswith(left_out)]


def messages(page):
    """The message beside each field, by the name of the field."""
    found = page.html.find_all(id=re.compile(r"^field-.*-error$"))
    by_name = {}
    for one in found:
        one.find(class_="sr-only").extract()
        by_name[one["id"].removeprefix("field-").removesuffix("-error")] = one.get_text(strip=True)
    return by_name


def wrong(page, locale, kind=PageKind.STEP):
    """What the project's own rules say of the page: its markup, its errors, its words."""
    expected = Expected(
        locale=locale, logged_in=True, errors=kind is PageKind.STEP, quoted=("Test Berggren",)
    )
    return breaches(page.text, kind, expected)


def pattern(kind, code, locale):
    """Our own sentence for the code, with anything but nothing where a limit stands."""
    catalogue = texts_for(locale).by_key
    text = catalogue.get(f"field_error.{kind}.{code}") or catalogue[f"field_error.{code}"]
    known = re.escape(text.replace("{label}", label(kind, code, locale)))
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^{}]+", known))


def test_every_code_that_is_declared_is_forced_here():
    assert declared() == set(CASES)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_each_error_has_its_own_finished_sentence(trial, locale):
    prefix = "" if locale == "da" else "/en"
    page = trial.get(f"{prefix}/trial/trin/trial")
    page = trial.app.post(page.request.path, [*hidden(page), *sent()], status=200)
    shown = messages(page)
    assert shown.keys() == {field_name(kind, code) for kind, code in CASES}
    for kind, code in CASES:
        message = shown[field_name(kind, code)]
        assert pattern(kind, code, locale).fullmatch(message), (kind, code, message)
        assert label(kind, code, locale) in message
    assert wrong(page, locale) == []
    links = [a.get_text() for a in page.html.find(class_="error-summary").find_all("a")]
    assert links == [shown[field_name(kind, code)] for kind, code in CASES]


def test_the_sentences_differ_so_that_a_wrong_one_is_seen():
    """Negative control: the sentence of one code is not taken for that of another."""
    for kind, code in CASES:
        for other in FORCED[kind]:
            text = texts_for("da").by_key.get(f"field_error.{kind}.{other}")
            if other != code and text is None:
                text = texts_for("da").by_key[f"field_error.{other}"]
                filled = text.replace("{label}", label(kind, code, "da"))
                for name in placeholders(filled):
                    filled = filled.replace(f"{{{name}}}", "3")
                assert not pattern(kind, code, "da").fullmatch(filled), (kind, code, other)


def test_a_stock_sentence_of_a_library_is_found():
    """Negative control: what colander and Deform would say themselves."""
    for stock in (
        "Required",
        "Invalid date",
        "Shorter than minimum length 3",
        '"x" is not one of a, b',
        "Invalid pstruct: 'a' is not a mapping type",
    ):
        html = f"<p>Ret dit svar i »Alder«. {stock}</p>"
        assert breaches(html, PageKind.FRAGMENT, Expected(locale="da")), stock
    assert not breaches("<p>Ret dit svar i »Alder«.</p>", PageKind.FRAGMENT, Expected(locale="da"))


CRAFTED = [
    [("__start__", "trigger:mapping"), ("a", "1"), ("__end__", "trigger:mapping")],
    [("__start__", "f_text_required:sequence"), ("x", "1"), ("__end__", "x")],
    [("__start__", "x:nonsense"), ("__end__", "y:nonsense")],
    [("__end__", "f_text_required:mapping")],
    [("__formid__", "deform"), ("_charset_", "utf-16"), ("trigger", "maybe")],
    [(field_name("date", "required") + ".day", "x" * 5000), ("trigger", "yes")],
    [(field_name("number", "required"), "9" * 5000), ("trigger", "no")],
    [(field_name("text", "required"), "<script>alert(1)</script>\u202e"), ("trigger", "")],
    [(field_name("person", "required"), "child-99999999999999"), ("trigger", "yes")],
    [("draft_id", "1"), ("identity", "x"), ("price", "0"), ("actor", "self"), ("_shown", "x")],
    [("trigger", "yes")] * 200,
]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_what_is_crafted_meets_no_internal_word(trial, locale):
    prefix = "" if locale == "da" else "/en"
    start = trial.get(f"{prefix}/trial/trin/trial")
    for pairs in CRAFTED:
        page = trial.app.post(start.request.path, [*hidden(start), *pairs], status=200)
        shown = messages(page)
        assert shown, pairs
        assert wrong(page, locale) == [], pairs


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b'{"trigger": "yes"}', "application/json", 400),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"trigger=%00", "application/x-www-form-urlencoded", 400),
        (b"x=" + b"a" * 250_000, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"x=1" for _ in range(600)), "application/x-www-form-urlencoded", 413),
        # Files may be sent along; without the token of the form nothing is kept of them.
        (b"--x\r\n\r\n", "multipart/form-data; boundary=x", 403),
    ],
)
def test_a_body_of_another_kind_meets_a_clear_page(trial, locale, body, content_type, status):
    prefix = "" if locale == "da" else "/en"
    path = f"{prefix}/trial/trin/trial"
    page = trial.app.post(path, body, content_type=content_type, status=status)
    assert wrong(page, locale, PageKind.MESSAGE) == []
    assert page.html.h1.get_text()
