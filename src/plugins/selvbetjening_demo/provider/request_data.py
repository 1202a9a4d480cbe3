"""Reading what was sent to the provider."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request


def json_object(request: Request) -> dict[str, Any]:
    """The JSON object in the body; empty for anything else."""
    try:
        data = request.json_body
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
