"""A citizen at a browser without script: over real HTTP, with cookies and hidden fields."""

from __future__ import annotations

import http.client
import re
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
HOST = "town.localhost"
SOLUTION = "errand"
PEOPLE = ("kirsten", "nancy_ann", "ruddi", "anders", "ali", "juliane", "bo")
_HIDDEN = re.compile(r'<input[^>]*type="hidden" name="([^"]+)" value="([^"]*)"')
_NUMBER = re.compile(r"\b\d{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")
_MOST_REDIRECTS = 6


class NoReceipt(AssertionError):
    """The page after sending shows no receipt."""


class Citizen:
    """Fills in the solution ``errand`` as one of the test citizens.

    A connection that breaks is an ``OSError`` or ``http.client.HTTPException``, as it
    comes. :meth:`submit` does all; the parts are for suites that do things between.

    :param address: the host and port of a web process
    :param source: the address of this machine to come from; any, if empty
    :param receipts: filled with every receipt number that was shown to this citizen
    """

    def __init__(
        self,
        address: tuple[str, int],
        person: str = PEOPLE[0],
        solution: str = SOLUTION,
        seconds: float = 30,
        source: str = "",
    ) -> None:
        self.address = address
        self.person = person
        self.solution = solution
        self.seconds = seconds
        self.source = (source, 0) if source else None
        self.cookies: dict[str, str] = {}
        self.receipts: list[str] = []
        self.status = 0
        self.path = ""
        self.text = ""
        self.is_logged_in = False

    def submit(self, cause: str = "lost") -> str:
        """Everything, from the front page; the receipt number that is shown.

        :raises NoReceipt: none is
        """
        self.fill_in(cause)
        return self.send()

    def fill_in(self, cause: str = "lost") -> None:
        """To the summary, logging in where needed."""
        if not self.is_logged_in:
            self.log_in()
        else:
            self.get(f"/{self.solution}")
            self.post(f"/{self.solution}/start", again="1")
        if not self.path.endswith("/opsummering"):
            self.post(f"/{self.solution}/trin/cause", cause=cause)
        assert self.path.endswith("/opsummering"), (self.status, self.path, self.text)

    def send(self) -> str:
        """Press the button of the summary; the receipt number that is shown.

        :raises NoReceipt: none is
        """
        self.post(f"/{self.solution}/opsummering")
        return self.shown_receipt()

    def shown_receipt(self) -> str:
        """The receipt number on the page at hand. :raises NoReceipt: there is none"""
        found = _NUMBER.search(self.text) if self.status == 200 else None
        if found is None:
            raise NoReceipt(f"{self.status} at {self.path}")
        self.receipts.append(found[0])
        return found[0]

    def log_in(self) -> None:
        """At the demo's provider, which the site sends the browser to."""
        self.get(f"/{self.solution}")
        self.post(f"/{self.solution}/start")
        away = urlsplit(self.path)
        assert "request=" in away.query, (self.status, self.path, self.text)
        login = http.client.HTTPConnection(away.netloc, timeout=self.seconds)
        try:
            word = dict(parse_qsl(away.query))["request"]
            fields = {"request": word, "person": self.person, "level": "substantial"}
            login.request("POST", "/login", urlencode(fields), FORM)
            back = urlsplit(login.getresponse().getheader("Location") or "")
        finally:
            login.close()
        self.get(f"{back.path}?{back.query}")
        assert self.status == 200, (self.status, self.path, self.text)
        self.is_logged_in = True
        if self.path.endswith("/sendt"):
            self.post(f"/{self.solution}/start", again="1")

    def get(self, path: str) -> None:
        """Open a page, following redirections within the site."""
        self._open("GET", path)

    def post(self, path: str, **fields: str) -> None:
        """Send the form of the page at hand, hidden fields and all."""
        self._open("POST", path, self.hidden() | fields)

    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page at hand."""
        return {name: unescape(value) for name, value in _HIDDEN.findall(self.text)}

    def request(self, method: str, path: str, fields: dict[str, str] | None = None):
        """One request; the status, the page, and where it sends the browser."""
        connection = http.client.HTTPConnection(
            *self.address, timeout=self.seconds, source_address=self.source
        )
        try:
            connection.request(method, path, urlencode(fields or {}), self._headers(fields))
            response = connection.getresponse()
            text = response.read().decode("utf-8")
            for header in response.headers.get_all("Set-Cookie") or ():
                name, _, rest = header.partition("=")
                self.cookies[name] = rest.split(";")[0]
            return response.status, text, response.getheader("Location") or ""
        finally:
            connection.close()

    def _open(self, method: str, path: str, fields: dict[str, str] | None = None) -> None:
        for _ in range(_MOST_REDIRECTS):
            self.status, self.text, location = self.request(method, path, fields)
            self.path = path
            if self.status != 303:
                return
            parts = urlsplit(location)
            self.path = location
            if parts.netloc not in ("", self._host):
                return
            method, fields = "GET", None
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        raise AssertionError(f"redirected without end: {path}")

    @property
    def _host(self) -> str:
        return f"{HOST}:{self.address[1]}"

    def _headers(self, fields: dict[str, str] | None) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Host": self._host, "Cookie": cookies, **(FORM if fields else {})}
