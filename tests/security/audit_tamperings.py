"""Sixty ways and some to falsify an audit log, for one who can write in the database."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from audit_world import ELSEWHERE, HERE, Row, Rows

from selvbetjening_core.store.audit import new_line_id

_HOUR = datetime.timedelta(hours=1)
_ANOTHER: dict[str, Callable[[Any], Any]] = {
    "id": lambda _: new_line_id(),
    "at": lambda at: at + _HOUR,
    "event": lambda _: "delivery-seen",
    "subject": lambda one: f"{one}0",
    "detail": lambda one: f"{one}.",
    "actor": lambda _: "",
    "way": lambda _: "command",
    "purpose": lambda _: "none",
    "persons": lambda _: "0" * 32,
    "key_id": lambda one: "k1" if one == "k2" else "k2",
    "mac": lambda one: one[::-1],
}
_PLACES = {"early": 0.15, "middle": 0.5, "last": 1.0}


@dataclass(frozen=True)
class Tampering:
    """One way: what it is called, and how the rows look afterwards.

    :param is_cut_off: only an exported head tells of it
    """

    name: str
    do: Callable[[Rows, Rows], None]
    is_cut_off: bool = False


def _edit(place: float, column: str, rows: Rows, _other: Rows) -> None:
    line = rows.line(place)
    line[column] = _ANOTHER[column](line[column])


def _edit_and_sign(place: float, rows: Rows, _other: Rows) -> None:
    line = rows.line(place)
    line["actor"] = "bob"
    rows.sign(line)


def _edit_with_seal(place: float, rows: Rows, _other: Rows) -> None:
    line = rows.line(place)
    seal = rows.seal_of(line)
    line["actor"] = "bob"
    rows.sign(line)
    seal["line_mac"] = line["mac"]


def _edit_and_link_anew(rows: Rows, other: Rows) -> None:
    _edit_with_seal(1.0, rows, other)
    rows.link_anew()


def _delete(places: tuple[float, ...], rows: Rows, _other: Rows, *, seals: bool = False) -> None:
    rows.remove(*[rows.line(place) for place in places], seals=seals)


def _delete_and_close_up(rows: Rows, _other: Rows) -> None:
    rows.remove(rows.line(0.5), seals=True)
    for position, seal in enumerate(rows.of(HERE), 1):
        seal["position"] = position


def _delete_and_link_anew(rows: Rows, _other: Rows) -> None:
    rows.remove(rows.line(0.9), seals=True)
    rows.link_anew()


def _delete_elsewhere_kept(rows: Rows, _other: Rows) -> None:
    rows.lines = [one for one in rows.lines if one["municipality"] != HERE]


def _cut(share: float, rows: Rows, _other: Rows) -> None:
    """Lines and seals from there on."""
    seals = rows.of(HERE)
    left = seals[: round(len(seals) * share)]
    gone = {one["line_id"] for one in seals} - {one["line_id"] for one in left}
    rows.remove(*[one for one in rows.lines if one["id"] in gone], seals=True)


def _cut_to_old_head(rows: Rows, other: Rows, told: Callable[[Rows], None]) -> None:
    position = rows.heads[0].position
    _cut(position / len(rows.of(HERE)), rows, other)
    told(rows)


def _only_old_heads(rows: Rows) -> None:
    rows.heads = rows.heads[:1]


def _old_head_with_new_date(rows: Rows) -> None:
    rows.heads = [replace(rows.heads[0], told_at=rows.heads[-1].told_at)]


def _swap(first: float, second: float, columns: tuple[str, ...], rows: Rows, _other: Rows) -> None:
    one, two = rows.line(first), rows.line(second)
    for column in columns:
        one[column], two[column] = two[column], one[column]


def _swap_seals(columns: tuple[str, ...], rows: Rows, _other: Rows) -> None:
    seals = rows.of(HERE)
    one, two = seals[len(seals) // 3], seals[len(seals) // 2]
    for column in columns:
        one[column], two[column] = two[column], one[column]


def _insert(rows: Rows, _other: Rows, **changes: object) -> None:
    rows.lines.append({**rows.line(1.0), "id": new_line_id(), **changes})


def _insert_signed(rows: Rows, _other: Rows) -> None:
    line = {**rows.line(1.0), "id": new_line_id(), "actor": "bob"}
    rows.sign(line)
    rows.lines.append(line)


def _insert_in_the_middle(rows: Rows, other: Rows) -> None:
    """With a seal, and all others one further on."""
    _insert_signed(rows, other)
    line, seals = rows.lines[-1], rows.of(HERE)
    place = seals[len(seals) // 2]["position"]
    for seal in reversed(seals[len(seals) // 2 :]):
        seal["position"] += 1
    rows.seals.append(
        {**seals[0], "position": place, "line_id": line["id"], "line_mac": line["mac"]}
    )


def _move(rows: Rows, _other: Rows, *, seal: bool = False) -> None:
    """To another municipality."""
    line = rows.line(0.5)
    if seal:
        last = rows.of(ELSEWHERE)[-1]["position"]
        rows.seal_of(line).update(municipality=ELSEWHERE, position=last + 1)
    line["municipality"] = ELSEWHERE


def _bring(rows: Rows, _other: Rows) -> None:
    """From another municipality."""
    rows.line(0.5, ELSEWHERE)["municipality"] = HERE


def _edit_seal(column: str, rows: Rows, _other: Rows) -> None:
    seals = rows.of(HERE)
    seal = seals[len(seals) // 2]
    changes: dict[str, Callable[[Any], Any]] = {
        "link": lambda one: one[::-1],
        "line_mac": lambda one: one[::-1],
        "line_id": lambda _: new_line_id(),
        "sealed_at": lambda at: at + _HOUR,
        "key_id": lambda one: "k1" if one == "k2" else "k2",
    }
    seal[column] = changes[column](seal[column])


def _remove_seal(rows: Rows, _other: Rows) -> None:
    seals = rows.of(HERE)
    rows.seals.remove(seals[len(seals) // 2])


def _beginning_cut(rows: Rows, _other: Rows) -> None:
    """As if retention had been there."""
    for seal in rows.of(HERE)[:5]:
        line = next(one for one in rows.lines if one["id"] == seal["line_id"])
        rows.remove(line, seals=True)


def _beginning_cut_and_told(rows: Rows, other: Rows) -> None:
    _beginning_cut(rows, other)
    first = rows.of(HERE)[0]
    line: Row = {**rows.line(1.0), "id": new_line_id(), "event": "audit-retired"}
    line.update(subject="audit", detail=f"{first['position']} {first['link']}")
    rows.sign(line)
    rows.lines.append(line)
    rows.lines = [one for one in rows.lines if one["id"] != first["line_id"]]


def _from_another_course(rows: Rows, other: Rows) -> None:
    """A line and its seal, both made with our key, from what might have happened instead."""
    position = rows.heads[-1].position + 2
    mine, theirs = (
        next(seal for seal in one.of(HERE) if seal["position"] == position) for one in (rows, other)
    )
    rows.remove(next(one for one in rows.lines if one["id"] == mine["line_id"]), seals=True)
    rows.seals.append(deepcopy(theirs))
    line = next(one for one in other.lines if one["id"] == theirs["line_id"])
    rows.lines.append(deepcopy(line))


_CONTENT = tuple(column for column in _ANOTHER if column != "id")

TAMPERINGS = (
    *(
        Tampering(f"edit {column} ({word})", partial(_edit, place, column))
        for word, place in _PLACES.items()
        for column in _ANOTHER
    ),
    Tampering("edit and sign", partial(_edit_and_sign, 0.5)),
    Tampering("edit with its seal", partial(_edit_with_seal, 0.5)),
    Tampering("edit the last, sign and link anew", _edit_and_link_anew),
    Tampering("delete the first", partial(_delete, (0.0,))),
    Tampering("delete one", partial(_delete, (0.5,))),
    Tampering("delete the last", partial(_delete, (1.0,))),
    Tampering("delete one with its seal", partial(_delete, (0.5,), seals=True)),
    Tampering("delete one with its seal, and close up", _delete_and_close_up),
    Tampering("delete one with its seal, and link anew", _delete_and_link_anew),
    Tampering("delete all lines", _delete_elsewhere_kept),
    Tampering("truncate to the half", partial(_cut, 0.5), is_cut_off=True),
    Tampering("truncate all", partial(_cut, 0.0), is_cut_off=True),
    Tampering(
        "truncate, with an old head",
        partial(_cut_to_old_head, told=_only_old_heads),
        is_cut_off=True,
    ),
    Tampering(
        "truncate, an old head re-dated", partial(_cut_to_old_head, told=_old_head_with_new_date)
    ),
    Tampering("swap two neighbours", partial(_swap, 0.5, 0.53, _CONTENT)),
    Tampering("swap two far apart", partial(_swap, 0.15, 0.9, _CONTENT)),
    Tampering("swap who it was", partial(_swap, 0.15, 0.5, ("actor", "subject"))),
    Tampering("swap two seals", partial(_swap_seals, ("line_id", "line_mac"))),
    Tampering("insert a copy", _insert),
    Tampering("insert, signed as well as can be", _insert_signed),
    Tampering("insert as one from before", partial(_insert, key_id="", mac="")),
    Tampering("insert with a seal in the middle", _insert_in_the_middle),
    Tampering("move to another municipality", _move),
    Tampering("bring from another municipality", _bring),
    Tampering("edit a seal's link", partial(_edit_seal, "link")),
    Tampering("edit a seal's time", partial(_edit_seal, "sealed_at")),
    Tampering("remove a seal", _remove_seal),
    Tampering("cut the beginning off", _beginning_cut),
    Tampering("a line and a seal from another course", _from_another_course),
    Tampering("move to another municipality with its seal", partial(_move, seal=True)),
    Tampering("edit a seal's MAC of the line", partial(_edit_seal, "line_mac")),
    Tampering("edit which line a seal is of", partial(_edit_seal, "line_id")),
    Tampering("edit a seal's key", partial(_edit_seal, "key_id")),
    Tampering("truncate a little", partial(_cut, 0.85), is_cut_off=True),
    Tampering("cut the beginning off, and say that retention did", _beginning_cut_and_told),
)
