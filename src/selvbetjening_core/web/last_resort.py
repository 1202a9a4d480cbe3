"""The page for when no other can be made, and the last place where anything is caught."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from pyramid.response import Response
from pyramid.router import Router

from selvbetjening_core.logs import kind_of
from selvbetjening_core.web.headers import bare_policy, is_https_for_good, make_safe

log = logging.getLogger(__name__)

_LAST_RESORT = """<!doctype html>
<html lang="da">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Der er sket en fejl hos os</title>
</head>
<body>
<main>
<h1>Der er sket en fejl hos os</h1>
<p>Det er ikke dig, der har gjort noget forkert.
Vi ved ikke, om det, du sidst sendte, blev gemt.</p>
<p>Prøv igen om lidt. Kontakt kommunen, hvis det bliver ved.</p>
<p>Kode, du kan oplyse: <strong>{code}</strong></p>
<div lang="en">
<h2>Something went wrong on our side</h2>
<p>You have done nothing wrong. We do not know whether what you sent last was saved.</p>
<p>Try again in a little while. Contact the municipality if it keeps happening.</p>
<p>Code to tell us: <strong>{code}</strong></p>
</div>
</main>
</body>
</html>
"""
"""It needs no texts, theme, session or store."""


def last_resort(code: str) -> Response:
    """The page, in both languages.

    :param code: of the line in the log, of our own making
    """
    return Response(
        _LAST_RESORT.format(code=code), status=500, content_type="text/html", charset="utf-8"
    )


def answer_anyway(environ: dict[str, Any], router: Router) -> Response:
    """By the router; whatever happens beside its pages, an answer with safe headers.

    Errors of pages are answered further in, by their own pages.
    """
    try:
        with router.request_context(environ) as request:
            return router.invoke_request(request)
    except Exception as error:  # noqa: BLE001 - whatever it is
        code = secrets.token_hex(4)
        # Its message may hold anything of the request.
        log.error("error %s: %s outside every page", code, kind_of(error))  # noqa: TRY400
    response = last_resort(code)
    hsts = is_https_for_good(router.registry, environ.get("wsgi.url_scheme", ""))
    make_safe(response, bare_policy(), hsts=hsts)
    return response
