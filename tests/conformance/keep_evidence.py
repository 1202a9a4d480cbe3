"""The figures of a run of the kits, kept for others: docs/evidence/conformance.*."""

from __future__ import annotations

import json
import sys
from pathlib import Path

EVIDENCE = Path(__file__).resolve().parents[2] / "docs" / "evidence"
_PAGE = """# Conformance of the shipped plugins

Made by `selvbetjening conformance selvbetjening`, which `tox run -e conformance` runs, on {date},
with selvbetjening {core} and Python {python}.
Do not edit it: run the command again.
What each check asks: [Test a plugin](../vendor/test-a-plugin.md).

| Plugin | Contract | Passed | Failed | Not applicable |
|---|---|---:|---:|---:|
{rows}
"""
_ROW = (
    "| {plugin} {plugin_version} | {contract} {contract_version} |"
    " {passed} | {failed} | {left_out} |"
)


def write(report):
    """Write the report as JSON, and the page that shows it."""
    rows = [
        _ROW.format(
            **kit,
            passed=kit["counts"]["passed"],
            failed=kit["counts"]["failed"],
            left_out=kit["counts"]["not applicable"],
        )
        for kit in report["kits"]
    ]
    text = json.dumps(report, ensure_ascii=False, indent=2)
    (EVIDENCE / "conformance.json").write_text(text + "\n", encoding="utf-8")
    page = _PAGE.format(
        date=report["made_at"][:10],
        core=report["core"],
        python=report["python"],
        rows="\n".join(rows),
    )
    (EVIDENCE / "conformance.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    write(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
