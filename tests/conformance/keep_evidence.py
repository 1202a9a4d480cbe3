"""The figures of a run of the kits, kept for others: docs/evidence/conformance.*."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "evidence"))

import evidence

_PAGE = """# Conformance of the shipped plugins

Made by `selvbetjening conformance selvbetjening`, which `tox run -e conformance` runs, on {date},
at commit {commit}, with selvbetjening {core} and Python {python}.
Do not edit it: run the command again.
That each check notices what it is for is shown by faulty plugins, one fault each, in
`tests/conformance`.
What each check asks: [Test a plugin](../vendor/test-a-plugin.md).

| Plugin | Contract | Passed | Failed | Not applicable |
|---|---|---:|---:|---:|
{rows}
"""
_ROW = (
    "| {plugin} {plugin_version} | {contract} {contract_version}{of} |"
    " {passed} | {failed} | {left_out} |"
)


def write(report):
    """Write the report as JSON, and the page that shows it."""
    rows = [
        _ROW.format(
            **kit,
            of=f": {kit['label']}" if kit["label"] else "",
            passed=kit["counts"]["passed"],
            failed=kit["counts"]["failed"],
            left_out=kit["counts"]["not applicable"],
        )
        for kit in report["kits"]
    ]
    page = _PAGE.replace("{rows}", "\n".join(rows))
    evidence.write("conformance", report, page)


if __name__ == "__main__":
    write(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
