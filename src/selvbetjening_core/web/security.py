"""What is read of a request: within limits, and forms only from our own pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any
from urllib.parse import quote

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound, HTTPRequestEntityTooLarge
from pyramid.request import Request
from pyramid.response import Response
from pyramid.viewderivers import INGRESS

from selvbetjening_core.composition.limits import MOST_BYTES
from selvbetjening_core.forms.parse import TooMuch, parse_form
from selvbetjening_core.web.csrf import SAFE_METHODS, check_form
from selvbetjening_core.web.limits.multipart import MULTIPART
from selvbetjening_core.web.limits.sizes import size_limits
from selvbetjening_core.web.received import read_files
from selvbetjening_core.web.staff.place import is_staff_address, need_staff_place
from selvbetjening_core.web.tenancy import MOUNT_SAFE, PATH_SAFE

_FORM_TYPE = "application/x-www-form-urlencoded"


def includeme(config: Configurator) -> None:
    """Every form needs our token, unless its view says otherwise."""
    config.set_request_factory(InMemoryRequest)
    config.add_view_deriver(form_view, "form", under=INGRESS, over="secured_view")


class InMemoryRequest(Request):  # type: ignore[misc]  # Pyramid has no types
    """A request whose body is never written to a file: it holds a citizen's answers.

    Its addresses are right under any mount.
    """

    request_body_tempfile_limit = MOST_BYTES  # More is refused unread.

    @property
    def path(self) -> str:
        """As WebOb's, with the mount written in one way everywhere."""
        return quote(self.script_name, MOUNT_SAFE) + quote(self.path_info, PATH_SAFE)

    def route_url(self, route_name: str, *elements: str, **kw: Any) -> str:
        """As Pyramid's, as :attr:`path`."""
        kw.setdefault("_app_url", self.host_url + quote(self.script_name, MOUNT_SAFE))
        return str(super().route_url(route_name, *elements, **kw))

    def route_path(self, route_name: str, *elements: str, **kw: Any) -> str:
        """As :meth:`route_url`, without the host."""
        mount = quote(self.script_name, MOUNT_SAFE)
        return self.route_url(route_name, *elements, _app_url=mount, **kw)


def form_view(view: Callable[..., Response], info: Any) -> Callable[..., Response]:
    """A view deriver: read the form within limits, and check where it came from.

    Holds for every unsafe method of every view; only a view that declares
    ``from_outside=True`` (messages) reads its own body. Files are read for a view
    that declares ``takes_files=True`` alone. Pages about errors are shown whatever
    was sent.
    """
    if info.options.get("from_outside") or info.exception_only:
        return view

    takes_files = info.options.get("takes_files", False)

    def checked(context: object, request: Request) -> Response:
        request.form = ()
        request.files = []
        if "\0" in request.path_info or "%00" in request.query_string:
            # Not every database can look for it.
            raise HTTPNotFound
        if is_staff_address(request):
            need_staff_place(request)
        if request.method not in SAFE_METHODS:
            is_with_files = takes_files and request.content_type == MULTIPART
            request.form = read_files(request) if is_with_files else _read_form(request)
            check_form(request)
        return view(context, request)

    return checked


form_view.options = ("from_outside", "takes_files")  # type: ignore[attr-defined]  # Pyramid's protocol


def read_body(request: Request, most: int) -> bytes:
    """The body, within limits. Not every server tells its length before it is read.

    :param most: how many bytes of it are read

    :raises HTTPRequestEntityTooLarge: it is longer; no more than that was read
    """
    length = request.content_length
    if length is None:
        body = _read_until(request.body_file, most + 1)
    else:
        body = request.body if length <= most else b""
    if max(length or 0, len(body)) > most:
        raise HTTPRequestEntityTooLarge
    return body


def _read_until(file: IO[bytes], limit: int) -> bytes:
    found = bytearray()
    while len(found) < limit:
        part = file.read(limit - len(found))
        if not part:
            break
        found += part
    return bytes(found)


def _read_form(request: Request) -> tuple[tuple[str, str], ...]:
    if request.content_type != _FORM_TYPE:
        raise HTTPBadRequest
    sizes = size_limits(request)
    body = read_body(request, sizes.form_bytes)
    try:
        return parse_form(body, max_bytes=sizes.form_bytes, max_fields=sizes.form_fields)
    except TooMuch:
        raise HTTPRequestEntityTooLarge from None
    except ValueError:
        raise HTTPBadRequest from None
