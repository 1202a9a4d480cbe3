"""Decision tables: read, checked for holes and overlaps, and decided by day."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from selvbetjening_core.definitions.decision_tables import Awaited, table_of
from selvbetjening_core.definitions.model import Option

ALL = '{ cause = ["lost", "damaged", "moved"] }'
DAY = datetime.date(2024, 6, 1)
YES_NO = "kind = 'yes_no'"
CHOICE = """kind    = "choice"
options = ["short", "long"]
[table.decides.option]
short.da = "Kort"
long.da  = "Lang"
"""


def row(since="2024-01-01", when="", outcome="true", more="", name="decides"):
    condition = f"when = {when}\n" if when else ""
    said = f"valid_from = {since}\n{condition}outcome = {outcome}\n{more}"
    return f"[[table.{name}.row]]\n{said}".rstrip()


def table(*rows, kind=YES_NO, name="decides"):
    return "\n".join((f"[table.{name}]", kind, *rows))


def decided(name="granted", by="decides", step="answer", more=""):
    """A step with a field that a table decides."""
    return (
        f'[step.{step}]\ntitle.da = "Svar"\n\n[step.{step}.{name}]\nkind = "computed"\n'
        f'label.da = "Afgjort"\ntable = "{by}"\n{more}'
    )


LAST = (
    '[step.last]\ntitle.da = "Til sidst"\n\n[step.last.last]\nkind = "text"\nlabel.da = "Noget"\n'
)


@pytest.fixture
def deciding(define, parts):
    """Read a definition with a table of these rows, and a field that it decides."""

    def read(*rows, kind=YES_NO, steps=None, more="", last="", today=DAY):
        steps = parts["cause"] + parts["answers"] if steps is None else steps
        last = LAST.replace('title.da = "Til sidst"', f'title.da = "Til sidst"\n{last}')
        return define(steps, decided(more=more), last, table(*rows, kind=kind), today=today)

    return read


def the_table(definition):
    assert definition.codes == []
    fields = definition.solution.fields()
    return next(found for one in fields if (found := table_of(one)) is not None)


def test_a_table_is_read_with_all_it_says(deciding):
    found = the_table(deciding(row(when=ALL, outcome="false", more='law = "Loven § 1"')))
    (one,) = found.rows
    assert (found.name, found.kind, found.outcome_type) == ("decides", "yes_no", "yes_no")
    assert (one.outcome, one.law, one.valid_from) == (False, "Loven § 1", datetime.date(2024, 1, 1))
    assert one.when.holds({"cause": "lost"})


@pytest.mark.parametrize(
    ("kind", "written", "outcome", "type_of_fact"),
    [
        (YES_NO, "true", True, "yes_no"),
        ('kind = "number"', "-3", -3, "number"),
        ('kind = "amount"', '"12.50"', 1250, "number"),
        (CHOICE, '"long"', "long", "choice"),
    ],
)
def test_each_kind_of_outcome(deciding, kind, written, outcome, type_of_fact):
    found = the_table(deciding(row(outcome=written), kind=kind))
    assert found.outcome_type == type_of_fact
    assert [(one.outcome, type(one.outcome)) for one in found.rows] == [(outcome, type(outcome))]


def test_the_options_of_a_choice_have_their_texts(deciding):
    options = the_table(deciding(row(outcome='"long"'), kind=CHOICE)).options
    assert [type(one) for one in options] == [Option, Option]
    assert [(one.value, one.label.in_language("da")) for one in options] == [
        ("short", "Kort"),
        ("long", "Lang"),
    ]


@pytest.mark.parametrize(
    ("kind", "outcome", "code"),
    [
        (YES_NO, "1", "wrong-type"),
        (YES_NO, '"true"', "wrong-type"),
        ('kind = "number"', "true", "wrong-type"),
        ('kind = "number"', "1.5", "wrong-type"),
        ('kind = "number"', "1_000_000_000_001", "out-of-range"),
        ('kind = "amount"', '"12,50"', "bad-amount"),
        ('kind = "amount"', "12", "wrong-type"),
        (CHOICE, '"lang"', "unknown-outcome"),
        ('kind = "text"', '"x"', "unknown-table-kind"),
    ],
)
def test_an_outcome_of_another_kind_is_told_at_its_line(deciding, kind, outcome, code):
    found = deciding(row(outcome=outcome), kind=kind)
    ((told, line),) = found.lines
    assert told == code
    assert line.startswith("outcome" if code != "unknown-table-kind" else "kind")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[[table.decides.row]]\noutcome = true", "missing-key"),
        ("[[table.decides.row]]\nvalid_from = 2024-01-01", "missing-key"),
        (row(more="channel = 'self_service'"), "unknown-key"),
        (row(more='law = ""'), "empty-text"),
        ("", "table-without-rows"),
        ("row = []", "table-without-rows"),
        ("rows = []", "unknown-key"),
        (row(when='{ nothing = "x" }'), "condition-unknown-fact"),
        (row(when='{ last = "x" }'), "condition-on-later-step"),
        (row(when="{ granted = true }"), "condition-on-later-step"),
        (row(when='{ cause = "stolen" }'), "condition-unknown-option"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_once(deciding, text, code):
    assert deciding(text).codes == [code]


def test_a_table_nobody_uses_is_told_and_one_that_is_not_there(define, parts):
    unused = define(parts["cause"], table(row()))
    assert unused.codes == ["table-unused"]
    assert unused.solution is not None, "a warning stops nobody"
    missing = define(parts["cause"], decided(by="decide"), table(row()))
    assert missing.codes == ["unknown-table", "table-unused"]
    assert 'did you mean "decides"?' in next(iter(missing.problems)).message


def test_names_of_tables_are_names(define, parts):
    found = define(parts["cause"], decided(by="Æble"), table(row(name='"Æble"'), name='"Æble"'))
    assert found.codes == ["bad-name"]


def test_no_table_decides_in_a_group(define, parts):
    group = (
        '[group.child.name]\nkind = "text"\nlabel.da = "Navn"\n[group.child.granted]\n'
        'kind = "computed"\nlabel.da = "Afgjort"\ntable = "decides"\n[step.children]\n'
        'title.da = "Børn"\n[step.children.children]\nkind = "repeat"\ngroup = "child"\n'
        'label.da = "Børn"\neach.da = "Barn"\nadd.da = "Tilføj"\nat_most = 3\n'
    )
    assert "table-in-group" in define(parts["cause"], group, table(row())).codes


@pytest.mark.parametrize("key", ['operation = "sum"', 'of = ["count"]', 'shown_as = "kroner"'])
def test_a_table_leaves_nothing_to_arithmetic(deciding, key):
    found = deciding(row(), more=key)
    ((code, line),) = found.lines
    assert (code, line) == ("keys-at-odds", key)


class TestWhole:
    """Exactly one row for each case."""

    def test_a_hole_is_told_with_the_answers_that_fall_into_it(self, deciding):
        found = deciding(row(when='{ cause = ["lost", "moved"] }'))
        (problem,) = found.problems
        assert found.codes == ["table-hole"]
        assert "on 2024-06-01 no row applies when cause = damaged" in problem.message

    def test_an_overlap_names_both_rows(self, deciding):
        rows = row(when=ALL), row(when='{ cause = "lost" }', outcome="false")
        found = deciding(*rows)
        (problem,) = found.problems
        assert found.codes == ["table-overlap"]
        line = found.text[: found.text.index("[[table")].count("\n") + 1
        assert "cause = lost" in problem.message
        assert f"line {line}" in problem.message

    def test_two_rows_of_one_day_and_condition(self, deciding):
        assert deciding(row(when=ALL), row(when=ALL, outcome="false")).codes == ["table-twice"]

    def test_a_newer_row_replaces_the_older(self, deciding):
        rows = row("2023-01-01", ALL), row("2024-01-01", ALL, "false")
        assert deciding(*rows).codes == []

    def test_what_comes_later_is_checked_too(self, deciding):
        rows = row(), row("2025-01-01", '{ cause = "lost" }', "false")
        assert deciding(*rows).codes == ["table-overlap"]

    def test_a_table_of_tomorrow_decides_nothing_today(self, deciding):
        assert deciding(row("2024-06-02")).codes == ["table-not-yet-valid"]
        assert deciding(row("2024-06-01")).codes == []

    def test_an_optional_answer_may_be_missing(self, deciding):
        rows = row(when='{ note = "x" }'), row(when='{ note = { filled = true, not = "x" } }')
        assert deciding(*rows).codes == ["table-hole"]
        more = row(when="{ note = { filled = false } }")
        assert deciding(*rows, more).codes == []

    def test_only_cases_in_which_the_field_is_shown_count(self, deciding):
        rows = row(when='{ cause = ["lost", "moved"] }')
        visible = 'visible = { cause = { not = "damaged" } }'
        assert deciding(rows, more=visible).codes == []
        assert deciding(rows, more='visible = { cause = { not = "lost" } }').codes == ["table-hole"]

    def test_each_field_that_a_table_decides_is_looked_at(self, define, parts):
        """It is shown in other cases than the first one."""
        first = decided(more='visible = { cause = { not = "damaged" } }')
        second = decided("again", step="again")
        rows = table(row(when='{ cause = ["lost", "moved"] }'))
        assert define(parts["cause"], first, rows).codes == []
        assert define(parts["cause"], first, second, rows).codes == ["table-hole"]

    def test_a_table_that_cannot_be_looked_through_is_no_table(self, define):
        steps, condition = "", []
        for i in range(16):
            steps += f'[step.s{i}]\ntitle.da="S"\n[step.s{i}.f{i}]\nkind="yes_no"\nlabel.da="J"\n'
            condition.append(f"f{i} = true")
        rows = row(when=f"{{ {', '.join(condition)} }}")
        assert define(steps, decided(), table(rows)).codes == ["table-too-large"]

    def test_ages_on_a_day_and_parameters(self, define):
        steps = (
            '[parameter.limit]\nkind="yes_no"\nlabel.da="Unge"\ndefault=true\n'
            '[step.who]\ntitle.da="Hvem"\n[step.who.moves]\nkind="date"\nlabel.da="Flytter"\n'
            '[step.who.born]\nkind="date"\nlabel.da="Født"\nlatest="today"\n'
        )
        adult = 'born = { at_most = ["moves", "- 18 years"] }'
        young = row(when='{ parameter.limit = true, born = { above = ["moves", "- 18 years"] } }')
        old = row(when=f"{{ any = [{{ parameter.limit = false }}, {{ {adult} }}] }}")
        assert define(steps, decided(), table(young, old)).codes == []
        assert define(steps, decided(), table(young)).codes == ["table-hole"]


class TestResting:
    """What rests on an outcome is held to what the table can decide."""

    def test_conditions_know_the_outcome_by_its_type(self, deciding):
        assert deciding(row(), last="visible = { granted = true }").codes == []
        assert deciding(row(), last='visible = { granted = "yes" }').codes == [
            "condition-wrong-type"
        ]
        choice = {"kind": CHOICE}
        rows = row(outcome='"long"')
        assert deciding(rows, last='visible = { granted = "short" }', **choice).codes == []
        assert deciding(rows, last='visible = { granted = "other" }', **choice).codes == [
            "condition-unknown-option"
        ]
        amount = {"kind": 'kind = "amount"'}
        rows = row(outcome='"1.00"')
        assert deciding(rows, last="visible = { granted = { above = 1 } }", **amount).codes == []

    def test_a_field_by_a_table_that_is_not_right_is_reported_once(self, deciding):
        found = deciding(row(), kind='kind = "yesno"', last="visible = { granted = true }")
        assert found.codes == ["unknown-table-kind"]

    def test_a_price_rests_on_what_the_table_decides_and_on_nothing_else(self, deciding):
        """Lost and granted = false never occur together."""
        rows = (
            row(when='{ cause = "lost" }'),
            row(when='{ cause = { not = "lost" } }', outcome="false"),
        )
        prices = [
            f'[[price]]\nvalid_from = 2024-01-01\nwhen = {when}\namount = "1.00"\ntext.da = "En"\n'
            for when in (
                '{ granted = true, cause = "lost" }',
                '{ granted = false, cause = ["damaged", "moved"] }',
            )
        ]
        assert deciding(*rows, "\n".join(prices)).codes == []
        assert deciding(*rows, prices[0]).codes == ["price-hole"]

    def test_a_change_of_the_table_is_a_day_for_the_prices(self, deciding):
        """From 2025 on it decides false, and nothing is said of what that costs."""
        rows = row(when=ALL), row("2025-01-01", ALL, "false")
        price = (
            "[[price]]\nvalid_from = 2024-01-01\nwhen = { granted = true }\n"
            'amount = "1.00"\ntext.da = "En"\n'
        )
        found = deciding(*rows, price)
        assert found.codes == ["price-hole"]
        assert "on 2025-01-01" in next(iter(found.problems)).message

    def test_a_table_may_rest_on_another(self, define, parts):
        first = table(row(when=ALL), row("2025-01-01", ALL, "false"))
        second = (
            row(when="{ granted = true }", name="then"),
            row(when="{ granted = false }", name="then"),
        )
        steps = parts["cause"], decided(), decided("then", "then", "then")
        assert define(*steps, first, table(*second, name="then")).codes == []
        assert define(*steps, first, table(second[0], name="then")).codes == ["table-hole"]

    def test_a_parameter_that_a_table_asks_about_is_used(self, deciding):
        parameter = '[parameter.free]\nkind = "yes_no"\nlabel.da = "Gratis"\ndefault = true\n'
        rows = row(when="{ parameter.free = true }"), row(when="{ parameter.free = false }")
        assert deciding(*rows, parameter).codes == []
        assert deciding(row(), parameter).codes == ["parameter-unused"]


class TestDecided:
    """What it decides, and when it does not."""

    def test_the_newest_row_of_the_day_counts(self, deciding):
        found = the_table(deciding(row("2023-01-01", ALL), row("2024-06-01", ALL, "false")))
        known = {"cause": "lost"}
        assert found.decided(known, datetime.date(2024, 5, 31)).outcome is True
        assert found.decided(known, datetime.date(2024, 6, 1)).outcome is False
        assert found.decided(known, datetime.date(2022, 12, 31)) is None

    def test_nothing_is_decided_before_what_it_asks_about_is_answered(self, deciding):
        rows = (
            row(when='{ cause = { not = "lost" } }'),
            row(when='{ cause = "lost" }', outcome="false"),
        )
        found = the_table(deciding(*rows))
        assert found.awaited == (Awaited("cause"),)
        assert found.decided({}, DAY) is None
        assert found.decided({"cause": "moved"}, DAY).outcome is True

    def test_what_is_not_asked_is_not_awaited(self, deciding, parts):
        sure = (
            '[step.sure]\ntitle.da = "Sikker?"\nvisible = { cause = "damaged" }\n'
            '[step.sure.certain]\nkind = "yes_no"\nlabel.da = "Sikker?"\n'
        )
        rows = (
            row(when="{ certain = { not = true } }"),
            row(when="{ certain = true }", outcome="false"),
        )
        found = the_table(deciding(*rows, steps=parts["cause"] + sure))
        assert found.decided({"cause": "lost"}, DAY).outcome is True
        assert found.decided({"cause": "damaged"}, DAY) is None
        assert found.decided({"cause": "damaged", "certain": False}, DAY).outcome is True

    def test_an_optional_answer_is_not_awaited(self, deciding):
        rows = row(when="{ note = { filled = false } }"), row(when="{ note = { filled = true } }")
        found = the_table(deciding(*rows))
        assert found.awaited == ()
        assert found.decided({}, DAY).outcome is True

    def test_two_rows_decide_nothing(self, deciding):
        found = the_table(deciding(row(when=ALL)))
        both = (*found.rows, dataclasses.replace(found.rows[0], when=None))
        assert found.decided({"cause": "lost"}, DAY) == found.rows[0]
        assert dataclasses.replace(found, rows=both).decided({"cause": "lost"}, DAY) is None

    def test_a_sum_is_awaited_until_what_it_is_of_is_answered(self, deciding, parts):
        """A sum of nothing is 0, and 0 is a number that a row may be for."""
        total = (
            '[step.total]\ntitle.da = "I alt"\n[step.total.total]\nkind = "computed"\n'
            'label.da = "I alt"\noperation = "sum"\nof = ["count", 2]\n'
        )
        rows = row(when="{ total = { below = 5 } }"), row(when="{ total = { at_least = 5 } }")
        found = the_table(deciding(*rows, steps=parts["answers"] + total))
        assert found.awaited == (Awaited("total"), Awaited("count"))
        assert found.decided({"total": 2}, DAY) is None
        assert found.decided({"total": 3, "count": 1}, DAY) == found.rows[0]
