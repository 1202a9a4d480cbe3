"""Every single mutation of a solution that its own test cases ought to notice."""

from __future__ import annotations

import dataclasses
import datetime

from selvbetjening_core.values import Money


@dataclasses.dataclass(frozen=True)
class Not:
    """The opposite of a condition."""

    part: object

    @property
    def parts(self):
        """What it asks about, as of any condition."""
        return (self.part,)

    def holds(self, facts):
        return not self.part.holds(facts)


def mutations(solution):
    """A name and a changed solution, for each single change."""
    yield from _of_steps(solution)
    for field in solution.fields():
        yield from _of_field(solution, field)
    for number, row in enumerate(solution.prices):
        yield from _of_price(solution, number, row)
    for number, one in enumerate(solution.destinations):
        kept = _without(solution.destinations, number)
        yield f"destination {one.role} dropped", _with(solution, destinations=kept)


def _of_steps(solution):
    for number, step in enumerate(solution.steps):
        yield f"step {step.name} dropped", _with(solution, steps=_without(solution.steps, number))
        for name, visible in _conditions(step.visible):
            changed = _with(step, visible=visible)
            yield f"step {step.name}: condition {name}", _stepped(solution, number, changed)


def _of_field(solution, field):
    name = f"field {field.name}"
    yield f"{name} dropped", _fielded(solution, field, None)
    yield f"{name}: required turned", _changed(solution, field, required=not field.required)
    for told, visible in _conditions(field.visible):
        yield f"{name}: condition {told}", _changed(solution, field, visible=visible)
    for key in field.settings:
        kept = {one: value for one, value in field.settings.items() if one != key}
        yield f"{name}: {key} dropped", _changed(solution, field, settings=kept)
    for key, value in field.settings.items():
        if type(value) is int:
            for other in (value - 1, value + 1):
                settings = {**field.settings, key: other}
                yield f"{name}: {key} = {other}", _changed(solution, field, settings=settings)
    for number, option in enumerate(field.options):
        kept = _without(field.options, number)
        yield f"{name}: option {option.value} dropped", _changed(solution, field, options=kept)
    for code in field.errors:
        kept = {one: text for one, text in field.errors.items() if one != code}
        yield f"{name}: error {code} dropped", _changed(solution, field, errors=kept)


def _of_price(solution, number, row):
    def priced(**changes):
        rows = list(solution.prices)
        rows[number] = _with(row, **changes)
        return _with(solution, prices=tuple(rows))

    name = f"price[{number + 1}]"
    day = datetime.timedelta(days=1)
    yield f"{name} dropped", _with(solution, prices=_without(solution.prices, number))
    yield f"{name}: amount", priced(amount=Money(row.amount.ore + 100))
    yield f"{name}: text dropped", priced(text=None)
    if row.valid_from.year > 2023:
        yield f"{name}: a day later", priced(valid_from=row.valid_from + day)
        yield f"{name}: a day earlier", priced(valid_from=row.valid_from - day)
    for told, when in _conditions(row.when):
        yield f"{name}: condition {told}", priced(when=when)
    for told, when in _parts_dropped(row.when):
        yield f"{name}: {told}", priced(when=when)


def _conditions(condition):
    if condition is not None:
        yield "removed", None
        yield "inverted", Not(condition)


def _parts_dropped(condition):
    parts = getattr(condition, "parts", ())
    for number in range(len(parts)):
        yield f"part {number + 1} dropped", _with(condition, parts=_without(parts, number))
        for told, inner in _parts_dropped(parts[number]):
            changed = (*parts[:number], inner, *parts[number + 1 :])
            yield f"part {number + 1}, {told}", _with(condition, parts=changed)


def _changed(solution, field, **changes):
    return _fielded(solution, field, _with(field, **changes))


def _fielded(solution, field, other):
    """``solution`` with ``other`` in the place of ``field``; None takes it out."""
    number = [step.name for step in solution.steps].index(field.step)
    step = solution.steps[number]
    swapped = (other if one is field else one for one in step.fields)
    kept = tuple(one for one in swapped if one is not None)
    return _stepped(solution, number, _with(step, fields=kept))


def _stepped(solution, number, step):
    steps = (*solution.steps[:number], step, *solution.steps[number + 1 :])
    return _with(solution, steps=steps)


def _without(many, number):
    return (*many[:number], *many[number + 1 :])


def _with(one, **changes):
    return dataclasses.replace(one, **changes)
