"""A definition is read as a whole; each mistake is one problem."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import selvbetjening_solutions
from selvbetjening_core.composition.roles import COMMON_ROLES
from selvbetjening_core.definitions.solution import RESERVED_ROLES
from selvbetjening_core.texts import LANGUAGES
from selvbetjening_core.values import AssuranceLevel, Basis

SHIPPED = Path(selvbetjening_solutions.__file__).parent / "sundhedskort" / "solution.toml"


@pytest.fixture
def changed(define, parts):
    """The usual definition with one thing changed."""

    def read(right, wrong, **options):
        text = parts["head"] + parts["cause"] + parts["answers"]
        assert text.count(right) == 1
        return define(head=text.replace(right, wrong), **options)

    return read


def test_a_right_definition(define, parts):
    solution = define(parts["cause"]).solution
    assert (solution.name, solution.version, solution.kle) == ("en_solution", "1", "29")
    assert solution.level is AssuranceLevel.LOW
    assert solution.may_act == (Basis.SELF,)
    assert solution.languages == ("da",)
    assert [field.name for field in solution.fields()] == ["cause"]
    assert solution.text("after", "da") == "Hvad der sker nu."
    assert solution.text("privacy", "da") == ""


def test_the_shipped_solution_is_right_in_both_languages(define):
    text = SHIPPED.read_text(encoding="utf-8")
    definition = define(head=text, name="sundhedskort", today=datetime.date(2024, 6, 1))
    assert definition.codes == []
    assert definition.solution.languages == ("da", "en")


@pytest.mark.parametrize("language", ["da", "en"])
def test_each_text_of_the_shipped_solution_is_needed(define, language):
    rows = SHIPPED.read_text(encoding="utf-8").split("\n")
    numbers = [
        number
        for number, row in enumerate(rows)
        if row.replace(" ", "").startswith(f'{language}="')
        or f'.{language}="' in row.replace(" ", "").split('"')[0] + '"'
    ]
    assert len(numbers) > 30
    for number in numbers:
        end = number + 1
        if rows[number].endswith('"""'):
            end = next(at for at in range(end, len(rows)) if rows[at].endswith('"""')) + 1
        text = "\n".join([*rows[:number], *rows[end:]])
        codes = define(head=text, name="sundhedskort", today=datetime.date(2024, 6, 1)).codes
        assert codes == ["missing-translation"], rows[number]


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ('version  = "1"', "", "missing-key"),
        ('version  = "1"', "version = 1", "wrong-type"),
        ('kle      = "29"', 'kle = "29.3"', "bad-kle"),
        ('kle      = "29"', 'kle = "29.03.04\\n"', "bad-kle"),
        ('kle      = "29"', 'kle = "\\uff12\\uff19"', "bad-kle"),
        ("minutes  = 5", "minutes = 0", "out-of-range"),
        ('level    = "low"', 'level = "nothing"', "unknown-level"),
        ('may_act  = ["self"]', 'may_act = ["friend"]', "unknown-basis"),
        ('may_act  = ["self"]', "may_act = []", "empty-list"),
        ('title.da = "En løsning"', 'title = "En løsning"', "text-without-language"),
        ('title.da = "En løsning"', 'title.da = "x"\ntitle.en = "x"', "unknown-language"),
        ('title.da = "En løsning"', 'title.da = "x"\ntitle.dk = "x"', "unknown-key"),
        ('title.da = "En løsning"', 'title.da = ""', "empty-text"),
        ("draft_days     = 30", "draft_days = 366", "out-of-range"),
        ("[retention]", "[retain]", "missing-key"),
        ('role = "case_system"', 'role = "identity"', "reserved-name"),
        ('role = "case_system"', 'role = "Journal"', "bad-name"),
        ('role = "case_system"', 'role = "a"\nafter = "a"', "destination-after-unknown"),
        ('kind     = "choice"', 'kind     = "chioce"', "unknown-field-kind"),
        ('label.da = "Årsag"', "", "missing-key"),
        ('label.da = "Årsag"', 'label.da = "Å"\nhnit.da = "x"', "unknown-key"),
        ('label.da = "Årsag"', 'label.da = "Å"\nerror.nothing.da = "x"', "unknown-key"),
        ('moved.da   = "Flyttet"', "", "missing-key"),
        ('moved.da   = "Flyttet"', 'moved = "Flyttet"', "text-without-language"),
        ('"moved"]', '"moved", "moved"]', "listed-twice"),
        ("[step.more.count]", "[step.more.cause]", "duplicate-field"),
        ("[step.more.count]", "[step.more.parameter]", "reserved-name"),
        ("[step.more.count]", "[step.more.draft]", "reserved-name"),
        ("[step.more.count]", "[step.more.Count]", "bad-name"),
        ("[step.more.count]", "[step.more.tæller]", "toml-syntax"),
        ('[step.more]\ntitle.da = "Mere"', '[step.more]\ntitel.da = "Mere"', "unknown-key"),
        ('[step.more]\ntitle.da = "Mere"', '[step.more]\ntitle.da = "x"\nx = 1', "unknown-key"),
        ("[step.cause]\n", "[step.nothing]\ntitle.da = 'x'\n[step.cause]\n", "empty-step"),
    ],
)
def test_one_mistake_is_one_problem(changed, right, wrong, code):
    definition = changed(right, wrong)
    assert definition.solution is None
    expected = ["missing-key", "unknown-key"] if wrong == "[retain]" else [code]
    assert definition.codes == expected


@pytest.mark.parametrize("name", ["kvittering", "was", "da", "en"])
def test_names_that_addresses_need_are_reserved(define, parts, name):
    assert define(parts["cause"], name=name).codes == ["reserved-name"]


def test_every_language_of_the_pages_is_reserved(define, parts):
    for language in LANGUAGES:
        assert define(parts["cause"], name=language).codes == ["reserved-name"]


@pytest.mark.parametrize("name", ["Flytning", "flyt-ning", "flytning ", "1", "-", "x" * 41, "æ"])
def test_names_are_plain(define, parts, name):
    assert define(parts["cause"], name=name).codes == ["bad-name"]


def test_the_roles_of_another_kind_are_those_of_the_composition():
    assert set(RESERVED_ROLES) == set(COMMON_ROLES)


@pytest.mark.parametrize(
    ("languages", "codes"),
    [
        ('["da", "dansk"]', ["unknown-language"]),
        ('"da"', ["wrong-type"]),
        ('["en"]', ["danish-missing"]),
        ("[]", ["danish-missing"]),
        ('["da", "da"]', ["listed-twice"]),
    ],
)
def test_wrong_languages_are_told_once_and_not_at_every_text(define, languages, codes):
    text = SHIPPED.read_text(encoding="utf-8")
    assert text.count('["da", "en"]') == 1
    assert define(head=text.replace('["da", "en"]', languages)).codes == codes


def test_a_law_is_only_missing_for_publication(changed):
    definition = changed('[[law]]\ntitle      = "En lov"\nvalid_from = 2020-01-01\n', "")
    assert definition.codes == ["law-missing"]
    assert definition.solution is not None


def test_a_parameter_nobody_asks_about_is_a_warning(define, parts):
    parameter = '[parameter.free]\nkind = "yes_no"\nlabel.da = "Gratis?"\n'
    definition = define(parts["cause"], parameter)
    assert definition.codes == ["parameter-unused"]
    assert definition.solution is not None


def test_a_parameter_of_an_unknown_kind_brings_no_other_problem(define, parts):
    parameter = '[parameter.free]\nkind = "bool"\nlabel.da = "Gratis?"\ndefault = true\n'
    price = (
        '[[price]]\nvalid_from = 2024-01-01\nwhen = { parameter.free = true }\namount = "1.00"\n'
        'text.da = "x"\n'
    )
    assert define(parts["cause"], parameter, price).codes == ["unknown-parameter-kind"]


@pytest.mark.parametrize("name", ["text", "roles"])
def test_parameters_leave_a_municipality_its_own_keys(define, parts, name):
    parameter = f'[parameter.{name}]\nkind = "yes_no"\nlabel.da = "x"\ndefault = true\n'
    assert "reserved-name" in define(parts["cause"], parameter).codes


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ('"225"', "bad-amount"),
        ('"225,00"', "bad-amount"),
        ('"-1.00"', "bad-amount"),
        ('"1e3.00"', "bad-amount"),
        ('"\\uff11.00"', "bad-amount"),
        ('"0225.00"', "bad-amount"),
        ('"1.000"', "bad-amount"),
        ("225", "wrong-type"),
        ("225.00", "wrong-type"),
        ('""', "empty-text"),
    ],
)
def test_amounts(define, parts, amount, code):
    row = f'[[price]]\nvalid_from = 2024-01-01\namount = {amount}\ntext.da = "x"\n'
    assert define(parts["cause"], row).codes == [code]


def test_everything_shows_at_once(define):
    definition = define(head="[solution]\n[step.a]\n[[price]]\n[[destination]]\n[[law]]\n")
    paths = {one.place.path for one in definition.problems}
    assert {
        "solution.version",
        "solution.title",
        "solution.kle",
        "solution.minutes",
        "solution.level",
        "solution.may_act",
        "retention",
        "text",
        "step.a.title",
        "step.a",
        "price[1].amount",
        "price[1].valid_from",
        "price[1].text",
        "destination[1].role",
        "law[1].title",
        "law[1].valid_from",
    } == paths


def test_two_editions_under_one_version_differ_in_their_hash(define, parts):
    first = define(parts["cause"]).solution.sha256
    second = define(parts["cause"].replace("Væk", "Blevet væk")).solution.sha256
    assert first != second


def test_a_fact_is_shown_from_what_is_known_by_then(define, parts):
    shown = '[step.{0}.shown]\nkind = "fact"\nsource = "{1}"\nlabel.da = "Vist"\n'
    steps = parts["cause"] + parts["answers"]
    assert define(steps, shown.format("more", "cause")).codes == []
    assert define(steps, shown.format("cause", "count")).codes == ["source-on-later-step"]
    assert define(steps, shown.format("more", "nothing")).codes == ["unknown-source"]
