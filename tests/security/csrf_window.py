"""A browser's window at the application: over https, with a browser's rules for cookies."""

from __future__ import annotations

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from webob import Request, Response

FORM = "application/x-www-form-urlencoded"
_HIDDEN = re.compile(r'<input[^>]*type="hidden" name="([^"]+)" value="([^"]*)"')
_MOST_REDIRECTS = 8


@dataclass(frozen=True)
class Cookie:
    """A ``Set-Cookie`` as it was sent, and what for."""

    name: str
    value: str
    attributes: Mapping[str, str]
    path: str
    is_answer_to_form: bool


@dataclass
class Jar:
    """The cookies of one browser, whatever window; all that were ever sent to it."""

    kept: dict[str, str] = field(default_factory=dict)
    sent: list[Cookie] = field(default_factory=list)

    def take(self, header: str, path: str, *, is_answer_to_form: bool) -> None:
        """As a browser does over https."""
        first, *rest = header.split(";")
        name, _, value = first.partition("=")
        pairs = (one.strip().partition("=") for one in rest)
        attributes = {key.lower(): text for key, _, text in pairs}
        self.sent.append(Cookie(name, value, attributes, path, is_answer_to_form))
        is_whole = {"secure", "path"} <= set(attributes) and "domain" not in attributes
        if name.startswith("__Host-") and not (is_whole and attributes["path"] == "/"):
            return
        if attributes.get("max-age") == "0":
            self.kept.pop(name, None)
        else:
            self.kept[name] = value


class Window:
    """One window. Several may share a jar: they are windows of one browser.

    :param app: the application, as WSGI
    :param host: where it is asked
    :param mount: put in front of every path
    """

    def __init__(
        self, app: Any, host: str, mount: str = "", jar: Jar | None = None, scheme: str = "https"
    ) -> None:
        self.app = app
        self.host = host
        self.mount = mount
        self.scheme = scheme
        self.jar = jar or Jar()
        self.page = Response()
        self.path = ""

    def another(self) -> Window:
        """Another window of the same browser."""
        return Window(self.app, self.host, self.mount, self.jar, self.scheme)

    def get(self, path: str) -> Response:
        """Open a page, following redirections within the site."""
        return self._follow(self.send("GET", path))

    def post(self, path: str, **fields: str) -> Response:
        """Send the form of the page at hand, hidden fields and all."""
        origin = {"Origin": f"{self.scheme}://{self.host}"}
        sent = self.send("POST", path, {**self.hidden(), **fields}, origin)
        return self._follow(sent)

    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page at hand."""
        return {name: unescape(value) for name, value in _HIDDEN.findall(self.page.text)}

    @property
    def token(self) -> str:
        """The token of the forms of the page at hand."""
        return self.hidden().get("csrf_token", "")

    def send(
        self,
        method: str,
        path: str,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        cookies: Mapping[str, str] | None = None,
        content_type: str = FORM,
    ) -> Response:
        """One request, exactly as told. ``cookies`` takes the place of the jar's."""
        request = Request.blank(
            self.mount + path, base_url=f"{self.scheme}://{self.host}", headers=dict(headers or {})
        )
        request.method = method
        if fields is not None:
            request.content_type = content_type
            request.body = urlencode(fields).encode()
        kept = self.jar.kept if cookies is None else cookies
        if kept:
            request.headers["Cookie"] = "; ".join(f"{name}={kept[name]}" for name in kept)
        response = request.get_response(self.app)
        # Read to the end, as a browser does: files are closed by it.
        _ = response.body
        for header in response.headers.getall("Set-Cookie"):
            self.jar.take(header, path, is_answer_to_form=method == "POST")
        return response

    def log_in(self, person: str, level: str = "substantial", solution: str = "sundhedskort"):
        """As a citizen, from the introduction; the page after it."""
        self.get(f"/{solution}")
        self._to_provider(f"/{solution}/start", person, level)
        if self.path.endswith("/sendt"):
            self.post(f"/{solution}/start", again="1")
        return self.page

    def step_up(self, person: str, level: str, solution: str):
        """Log in while logged in: for a solution that asks for a surer login."""
        return self.log_in(person, level, solution)

    def log_in_staff(self, person: str = "demo-kirsten") -> Response:
        """As somebody of the staff; the page after it."""
        self.get("/-/drift/log-ind")
        self._to_provider("/-/drift/log-ind", person, "substantial")
        return self.page

    def _to_provider(self, path: str, person: str, level: str) -> None:
        self.post(path)
        away = urlsplit(self.page.location or "")
        word = dict(parse_qsl(away.query)).get("request", "")
        assert word, (path, self.page.status, self.page.location)
        fields = {"request": word, "person": person, "level": level}
        self.back = posted_out(f"{away.scheme}://{away.netloc}/login", fields)
        parts = urlsplit(self.back)
        self.get(f"{parts.path.removeprefix(self.mount)}?{parts.query}")

    def _follow(self, response: Response) -> Response:
        for _ in range(_MOST_REDIRECTS):
            self.page = response
            parts = urlsplit(response.location or "")
            if response.status_int != 303 or parts.netloc not in ("", self.host):
                return response
            self.path = parts.path.removeprefix(self.mount)
            query = f"?{parts.query}" if parts.query else ""
            response = self.send("GET", self.path + query)
        raise AssertionError(f"redirected without end: {self.path}")


def posted_out(url: str, fields: Mapping[str, str]) -> str:
    """Post a form at the provider, over real HTTP; where it sends the browser."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        connection.request("POST", parts.path, urlencode(fields), {"Content-Type": FORM})
        response = connection.getresponse()
        response.read()
        return response.getheader("Location") or ""
    finally:
        connection.close()
