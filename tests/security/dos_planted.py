"""``selvbetjening`` with a fault that somebody might make one day; nothing of it is in src.

``python dos_planted.py FAULT serve …``
"""

from __future__ import annotations

import re
import sys

from selvbetjening_core.cli.main import main
from selvbetjening_core.web import security
from selvbetjening_core.web.limits import nesting, server
from selvbetjening_core.web.limits.rates import Rates
from selvbetjening_core.web.views import messages

_GIBIBYTE = 2**30


def no_field_limit() -> None:
    """Somebody met the limit, and took it away."""
    parse = security.parse_form
    security.parse_form = lambda body, **_: parse(body, max_bytes=_GIBIBYTE, max_fields=_GIBIBYTE)


def rate_not_counted() -> None:
    """Everybody may, as often as they like."""
    Rates.take = lambda *_: 0.0


def quadratic_regex() -> None:
    """Without the one sign that keeps it from looking again."""
    nesting._JSON_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


def read_whole() -> None:
    """The whole body is taken in before anybody asks how long it is."""
    limits = server.server_limits
    server.server_limits = lambda *given: limits(*given) | {"max_request_body_size": _GIBIBYTE}


def depth_unchecked() -> None:
    """What a component is handed may be as deep as its sender likes."""
    messages.check_depth = lambda *_: None


if __name__ == "__main__":
    globals()[sys.argv.pop(1)]()
    main()
