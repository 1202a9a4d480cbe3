"""Is it secure by default? One line of figures for each item, and its planted faults.

Run by ``tox run -e security``; ``tox run -e security -- authz leak`` runs these alone.
Each item is a module ``security_NAME.py`` beside this one, with:

- ``run(options) -> Result``: measures, and says what was missed; with ``options.fault``
  set to a name of ``FAULTS`` it plants that fault first, and must miss something;
- ``FAULTS``: every fault that can be planted, with a sentence of what is wrong then;
- ``ABOUT``: a sentence for the page of evidence.
"""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from types import ModuleType

import suite
import ways

import evidence

ITEMS = (
    "authz",
    "tenants",
    "csrf_session",
    "leak",
    "headers",
    "fuzz",
    "dos",
    "audit",
    "rotate",
)
_PAGE = """# Secure by default

Made by `tox run -e security` on {{date}}, at commit {{commit}},
with Python {{python}} on {{machine}}.
Do not edit it: run the command again.

{items}
"""
_ITEM = """## {name}

{about}

| figure | |
|---|---:|
{rows}

Faults that can be planted (`--self-test`), each of which turns it red:

{faults}
"""


def load(name: str) -> ModuleType:
    """The module of an item."""
    return importlib.import_module(f"security_{name}")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; the exit code."""
    asked = _parsed(arguments)
    # Whoever stops a suite leaves nothing running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    names = asked.items or ITEMS
    if asked.self_test:
        return max([_self_test(name, asked) for name in names])
    found = {name: _measure(name, asked) for name in names}
    missed = any(result.missed for result in found.values())
    if not (asked.small or asked.items or missed):
        figures = {name: dict(result.figures) for name, result in found.items()}
        evidence.write("security", figures, _page(figures))
    return int(missed)


def _measure(name: str, asked: argparse.Namespace) -> suite.Result:
    begun = time.monotonic()
    try:
        result = _result(name, suite.Options(small=asked.small, seed=asked.seed))
    except Exception as error:  # noqa: BLE001 - an item that fails must not hide the others
        traceback.print_exc()
        result = suite.Result({}, [f"failed: {type(error).__name__}: {error}"[:300]])
    figures = {**result.figures, "seconds": round(time.monotonic() - begun)}
    suite.tell(suite.line(name, figures, result.missed))
    return suite.Result(figures, result.missed)


def _result(name: str, options: suite.Options) -> suite.Result:
    """As it is served; and what the router alone misses, where that is measured, too."""
    result = load(name).run(options)
    if name not in ways.BOTH:
        return result
    with ways.by_router_alone():
        alone = load(name).run(options)
    missed = [*result.missed, *(f"by the router alone: {one}" for one in alone.missed)]
    return suite.Result({**result.figures, "by both ways": "yes"}, missed)


def _self_test(name: str, asked: argparse.Namespace) -> int:
    item = load(name)
    return suite.self_test(
        name, item.run, list(item.FAULTS), suite.Options(small=True, seed=asked.seed)
    )


def _page(found: Mapping[str, Mapping[str, object]]) -> str:
    return _PAGE.format(items="\n".join(_section(name, found[name]) for name in found))


def _section(name: str, figures: Mapping[str, object]) -> str:
    item = load(name)
    return _ITEM.format(
        name=name.replace("_", "-"),
        about=item.ABOUT,
        rows="\n".join(f"| {key} | {value} |" for key, value in figures.items()),
        faults="\n".join(f"- `{fault}`: {told}" for fault, told in item.FAULTS.items()),
    )


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="security")
    parser.add_argument("items", nargs="*", choices=[*ITEMS, []], help="these alone; no evidence")
    parser.add_argument("--self-test", action="store_true", help="plant each fault")
    parser.add_argument("--small", action="store_true", help="a run of seconds; no evidence")
    parser.add_argument("--seed", type=int, default=1, help="of what is left to chance")
    return parser.parse_args(sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    sys.exit(main())
