"""The files of a form, while their request lasts.

They are kept, sealed, as they arrive. What no view has taken in when the request ends
is removed.
"""

from __future__ import annotations

import contextlib

from pyramid.httpexceptions import HTTPBadRequest, HTTPRequestEntityTooLarge
from pyramid.request import Request

from selvbetjening_core.errors import StoreUnavailable
from selvbetjening_core.forms.parse import TooMuch
from selvbetjening_core.journey.ports import NewFile
from selvbetjening_core.journey.uploads import discard, files_of
from selvbetjening_core.web.csrf import check_form
from selvbetjening_core.web.limits.multipart import (
    MultipartLimits,
    Pairs,
    boundary_of,
    read_multipart,
)
from selvbetjening_core.web.limits.sizes import size_limits


def read_files(request: Request) -> Pairs:
    """The form's pairs; its files are ``request.files`` until the request ends.

    The form's token stands before the first file, and is checked before a byte of it
    is kept.

    :raises NotFound: no municipality has this address
    :raises HTTPBadRequest: it cannot be read
    :raises HTTPRequestEntityTooLarge: it is more than is read
    :raises NotAllowed: it is not from one of our pages
    :raises StoreUnavailable: there is no place for the files
    """
    sizes = size_limits(request)
    limits = MultipartLimits(
        sizes.form_bytes,
        sizes.form_fields,
        request.journey.municipality.file.uploads.file_bytes,
        sizes.upload_bytes,
    )
    most = request.registry.site.composition.plan.installation.limits.body_limit
    length = request.content_length
    if length is not None and length > most:
        raise HTTPRequestEntityTooLarge
    try:
        boundary = boundary_of(request.headers.get("Content-Type", ""))
        body = request.environ["wsgi.input"]
        pairs, request.files = read_multipart(
            body, most if length is None else length, boundary, limits, _Keeping(request)
        )
    except TooMuch:
        raise HTTPRequestEntityTooLarge from None
    except ValueError:
        raise HTTPBadRequest from None
    except OSError:
        raise StoreUnavailable("what was sent along cannot be kept") from None
    request.add_finished_callback(_discard_left)
    return pairs


class _Keeping:
    """Keeps files for one request."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def may_begin(self, pairs: Pairs) -> None:
        self._request.form = pairs
        check_form(self._request)

    def new(self) -> NewFile:
        return files_of(self._request.journey).new(self._request.journey.code)

    def discard(self, file_id: str) -> None:
        journey = self._request.journey
        with contextlib.suppress(OSError):
            files_of(journey).remove(journey.code, file_id)


def _discard_left(request: Request) -> None:
    for sent in request.files:
        discard(request.journey, sent)
