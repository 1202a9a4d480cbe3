"""Sending the browser on."""

from __future__ import annotations

from pyramid.response import Response


def see_other(url: str) -> Response:
    """303, without a page: browsers show none, and making one costs more than the rest."""
    return Response(status=303, location=url, content_type="text/plain", charset="utf-8")
