"""A conformance report as JSON data and as a page that stands alone."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import jinja2

from selvbetjening_core.testing.running import OUTCOMES, CheckResult, KitResult, Report

_TEMPLATE = Path(__file__).parent / "report.html"
FORMAT = 1

_WORDS = {
    "da": {
        "passed": "bestået",
        "failed": "ikke bestået",
        "not applicable": "ikke relevant",
    },
    "en": {"passed": "passed", "failed": "failed", "not applicable": "not applicable"},
}


def as_data(report: Report) -> dict[str, Any]:
    """The report as JSON data. Keys are only ever added."""
    return {
        "format": FORMAT,
        "asked_for": report.asked_for,
        "made_at": report.made_at.isoformat(timespec="seconds"),
        "core": report.core_version,
        "python": report.python,
        "passed": report.is_green,
        "counts": {outcome: report.count(outcome) for outcome in OUTCOMES},
        "faults": list(report.faults),
        "kits": [_kit_data(kit) for kit in report.kits],
    }


def as_page(report: Report) -> str:
    """The report as an HTML page in Danish and English, without anything beside it."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        report=report, words=_WORDS, outcomes=OUTCOMES, day=_danish_day(report), sentence=_sentence
    )


def _kit_data(kit: KitResult) -> dict[str, Any]:
    return {
        "contract": kit.contract,
        "contract_version": kit.contract_version,
        "plugin": kit.plugin,
        "plugin_version": kit.plugin_version,
        "label": kit.label,
        "distribution": kit.distribution,
        "code": asdict(kit.fingerprint),
        "counts": {outcome: kit.count(outcome) for outcome in OUTCOMES},
        "checks": [
            {
                "name": one.check.name,
                "sentence": one.check.sentence,
                "outcome": one.outcome,
                "why": one.why,
                "why_danish": one.danish_why,
            }
            for one in kit.checks
        ],
    }


def _sentence(result: CheckResult, language: str) -> str:
    """The check's sentence; empty where there is none in the language."""
    return result.check.danish if language == "da" else result.check.sentence


def _danish_day(report: Report) -> str:
    return f"{report.made_at.day}.{report.made_at.month}.{report.made_at.year}"
