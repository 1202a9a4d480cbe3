"""A component made anew in another process: another time zone, locale, year and hash seed."""

from __future__ import annotations

import base64
import datetime
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from selvbetjening_core.interfaces import IReceipt
from selvbetjening_core.testing.bench import Bench
from selvbetjening_core.testing.conformance import broken
from selvbetjening_core.values import CaseSnapshot, Document
from selvbetjening_core.values.case_json import case_from_json, case_to_json

_SECONDS = 60
_ENVIRONMENT = {
    "TZ": "Pacific/Auckland",
    "LC_ALL": "C",
    "LANG": "C",
    "PYTHONHASHSEED": "7",
    "PYTHONUTF8": "0",
    "PYTHONIOENCODING": "ascii",
}


def issue(bench: Bench, case: CaseSnapshot) -> Document:
    """The receipt that the bench's plugin makes of ``case`` in another process."""
    told = {
        "plugin": bench.plugin,
        "settings": dict(bench.settings),
        "folder": str(bench.workplace),
        "case": case_to_json(case),
    }
    answer = subprocess.run(  # noqa: S603 - this very Python, with words of our own
        [sys.executable, "-m", __name__],
        input=json.dumps(told).encode("ascii"),
        capture_output=True,
        timeout=_SECONDS,
        check=False,
        env={**os.environ, **_ENVIRONMENT, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    if answer.returncode:
        # The last line alone: it names the exception.
        lines = answer.stderr.decode("utf-8", "replace").strip().splitlines()
        broken(f"in another process it failed: {lines[-1] if lines else answer.returncode}")
    found = json.loads(answer.stdout)
    return Document(**{**found, "content": base64.b64decode(found["content"])})


def _years_later() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1234, hours=7)


def _main() -> None:
    told: dict[str, Any] = json.load(sys.stdin)
    bench = Bench(
        plugin=told["plugin"],
        settings=told["settings"],
        folder=Path(told["folder"]),
        now=_years_later,
        contract=IReceipt,
    )
    document = asdict(bench.make().issue(case_from_json(told["case"])))
    content = base64.b64encode(document.pop("content")).decode("ascii")
    sys.stdout.write(json.dumps({**document, "content": content}))


if __name__ == "__main__":
    _main()
