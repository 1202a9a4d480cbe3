"""One HTTP request, with a time limit."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import acme_patience

from selvbetjening_core.errors import Unavailable


class _Stays(urllib.request.HTTPRedirectHandler):
    """A redirection is an answer like any other that is no yes."""

    def redirect_request(self, *_):
        return None


_OPENER = urllib.request.build_opener(_Stays)


def ask(method, url, data=None, headers=None):
    """The JSON object in the answer, or None for 404. :raises Unavailable: there is none."""
    body = None if data is None else json.dumps(data).encode()
    request = urllib.request.Request(url, body, headers or {}, method=method)  # noqa: S310
    try:
        with _OPENER.open(request, timeout=acme_patience.seconds()) as answer:
            read = json.loads(answer.read(1_000_000))
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 404:
            return None
        raise Unavailable(f"it answered {error.code}") from None
    except (OSError, ValueError) as error:
        raise Unavailable(f"no answer: {type(error).__name__}") from None
    if not isinstance(read, dict):
        raise Unavailable("the answer cannot be read")
    return read
