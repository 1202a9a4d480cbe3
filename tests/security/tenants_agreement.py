"""Staff of another municipality: let in by what both files say, and by nothing less."""

from __future__ import annotations

from collections.abc import Callable

from tenants_database import Tried
from town import MORS, Town

_FROM, _TO = "0773.toml", "0751.toml"
_TERMS = '\n[{table}]\nroles = ["operator"]\nfrom = 2020-01-01\nuntil = {until}\n'
_LONG, _OVER = "2099-12-31", "2020-12-31"
_WHO = "demo-lise"
_SIDES = {_FROM: 'staff_from."0751"', _TO: 'staff_to."0773"'}


def try_agreement(tried: Tried) -> None:
    """Log one of theirs in, with every lack of an agreement."""
    for name, said in {
        "staff without an agreement": {},
        "staff by the word of those who are served": {_FROM: _LONG},
        "staff by their own word": {_TO: _LONG},
        "staff by an agreement that is over": {_FROM: _LONG, _TO: _OVER},
    }.items():
        tried.note("agreement", name, crossed=_is_let_in(said))
    # Control: with both it is one.
    if not _is_let_in({_FROM: _LONG, _TO: _LONG}):
        tried.controls.append("agreement: both say so")


def _is_let_in(said: dict[str, str]) -> bool:
    with Town(_saying(said)) as town:
        browser = town.browser(MORS)
        browser.log_in_staff(_WHO)
        return browser.ask("GET", "/-/drift").status == 200


def _saying(said: dict[str, str]) -> Callable[[Town], None]:
    def prepare(town: Town) -> None:
        for name, until in said.items():
            with (town.folder / "municipalities" / name).open("a", encoding="utf-8") as file:
                file.write(_TERMS.format(table=_SIDES[name], until=until))

    return prepare
