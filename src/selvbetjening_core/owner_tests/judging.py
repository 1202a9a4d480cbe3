"""Holding what came of a test case against what it expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from selvbetjening_core.definitions.model import Solution
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.owner_tests.model import OwnerTest
from selvbetjening_core.owner_tests.walking import Walk, answers_in
from selvbetjening_core.problems import Place, Problem, Severity

_NOTHING = "nothing"


def judge(test: OwnerTest, came: Walk, solution: Solution, severity: Severity) -> list[Problem]:
    """What is not as ``test`` expects it; empty where all is."""
    judge = _Judge(test, came, solution)
    return [
        Problem(severity, "test-failed", place, f'test case "{test.name}": {what}', advice)
        for place, what, advice in judge.differences()
    ]


_Difference = tuple[Place, str, str]
_ADVICE = "if the definition is right, change what is expected; else mend the definition"


class _Judge:
    def __init__(self, test: OwnerTest, came: Walk, solution: Solution) -> None:
        self._test = test
        self._came = came
        self._solution = solution

    def differences(self) -> Iterator[_Difference]:
        """In the order in which a reader looks for the cause."""
        yield from self._answers()
        yield from self._accepted()
        yield from self._way()
        yield from self._texts("errors", self._test.expected.errors, self._came.errors)
        if self._came.case is not None:
            yield from self._case()

    def _answers(self) -> Iterator[_Difference]:
        for name, offered in self._came.refused.items():
            answer = str(self._answer(name))
            said = f"one can choose: {listed(offered)}" if offered else "it offers no such answer"
            yield (
                self._test.place(f"answers.{name}"),
                f'"{name}" cannot be answered by "{answer}"{closest(answer, offered)}',
                f"on this page {said}",
            )
        for name in self._test.answers:
            if name not in self._came.fields and self._was_passed(name):
                yield (
                    self._test.place(f"answers.{name}"),
                    f'"{name}" is answered, and is not shown with these answers',
                    "take the answer out, or mend the condition of the field or its step",
                )

    def _answer(self, name: str) -> object:
        """The answer of the case to the field, or the part of a field, ``name``."""
        asked = next(one for one in self._solution.fields() if one.name == name.partition(".")[0])
        return dict(answers_in(asked, self._test.answers[asked.name])).get(name)

    def _was_passed(self, name: str) -> bool:
        """Did the walk come as far as the field, or past it?"""
        steps = [step.name for step in self._solution.steps]
        of_field = next(one.step for one in self._solution.fields() if one.name == name)
        last = self._came.steps[-1] if self._came.steps else ""
        is_over = not self._came.errors or not last
        return is_over or steps.index(of_field) <= steps.index(last)

    def _accepted(self) -> Iterator[_Difference]:
        expected, came = self._test.expected, self._came
        wanted = not expected.errors if expected.accepted is None else expected.accepted
        is_accepted = came.case is not None
        if wanted == is_accepted:
            return
        if is_accepted:
            told = "the answers are accepted, and were not to be"
        else:
            reasons = [f'{name}: "{text}"' for name, text in came.errors.items()]
            told = f"expected to be accepted; came: {came.fault or listed(reasons)}"
        yield self._test.place("expect.accepted"), told, _ADVICE

    def _way(self) -> Iterator[_Difference]:
        expected = self._test.expected
        yield from self._list("steps", expected.steps, self._came.steps)
        yield from self._list("fields", expected.fields, self._came.fields)
        roles = [one.role for one in self._solution.destinations]
        yield from self._list("destinations", expected.destinations, roles)
        for name, offered in expected.offered.items():
            came = self._came.offered.get(name, ())
            yield from self._list(f"offered.{name}", offered, came)

    def _case(self) -> Iterator[_Difference]:
        case, expected = self._came.case, self._test.expected
        if case is None:
            return
        if expected.price is not None and expected.price != case.payment.amount:
            yield self._differs("price", str(expected.price), str(case.payment.amount))
        if expected.price_text is not None and expected.price_text != case.payment.text:
            yield self._differs("price_text", expected.price_text, case.payment.text)
        summary = {one.field: one.text for group in case.groups for one in group.answers}
        for key, wanted, texts in (
            ("summary", expected.summary, summary),
            ("receipt", expected.receipt, case.texts),
        ):
            for name, text in wanted.items():
                if texts.get(name) != text:
                    yield self._differs(f"{key}.{name}", text, texts.get(name, _NOTHING))

    def _texts(
        self, key: str, wanted: Mapping[str, str], came: Mapping[str, str]
    ) -> Iterator[_Difference]:
        """Those expected, and where any are expected no others."""
        for name in (*wanted, *(other for other in came if wanted and other not in wanted)):
            if wanted.get(name) != came.get(name):
                told = wanted.get(name, _NOTHING), came.get(name, _NOTHING)
                yield self._differs(f"{key}.{name}", *told)

    def _list(
        self, key: str, wanted: Sequence[str] | None, came: Sequence[str]
    ) -> Iterator[_Difference]:
        if wanted is not None and list(wanted) != list(came):
            yield self._differs(key, listed(wanted), listed(came))

    def _differs(self, key: str, wanted: str, came: str) -> _Difference:
        place = self._test.place(f"expect.{key}")
        return place, f"{key}: expected {wanted}; came {came}", _ADVICE
