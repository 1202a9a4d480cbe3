"""The figures of a whole run: docs/evidence/composition-bench.*."""

from __future__ import annotations

from collections.abc import Mapping

import evidence

_PAGE = """# Composing

Made by `tox run -e composition-bench` on {date}, at commit {commit}, with Python {python} on
{machine}. Do not edit it: run the command again.

| | measured | at most |
|---|---:|---:|
| a component by contract and name, in the municipality's layer | {registry_ns} ns | 1000 ns |
| a component by role, `Municipality.component` | {component_ns} ns | 1000 ns |
| composing {municipalities} municipalities on one plugin set | {compose_ms} ms | 200 ms |
| start with 200 plugin distributions installed, over 10 installed | {growth_ms} ms | 50 ms |
| of the 190 that no plugin set names, imported | {imported} | 0 |

Medians of {rounds} rounds after {warm_ups} warm-ups; what is compared takes turns.

**A component** is looked up in one of the {municipalities} municipalities, {calls} times a round.

**Composing** is everything from the files to the frozen layers: the installation, the plugin set,
the solution and {municipalities} files of municipalities are read with the line of every key and
checked, themes are made, secrets are read from their files, {components} components are made,
verified and put into layers. It leaves out the import of Python modules, which
happens once. Half the municipalities have a look of their own, with logo and icon. None has its
logo on the receipts: the plugin tries that out by making a receipt when its component is made,
which is the plugin's work and takes another {receipt_logo_ms} ms for each.

**The start** is a fresh process, from its first line to the composition of an installation that
uses 10 plugins: {start_10_ms} ms with those 10 distributions installed, {start_200_ms} ms with 200.

Each figure has a negative control in `tests/benchmarks`: a planted slowness, or a planted import,
that turns it red.
"""


def write_evidence(figures: Mapping[str, object]) -> None:
    """Write ``composition-bench.json`` and ``.md``; the new run replaces the old."""
    evidence.write("composition-bench", figures, _PAGE)
