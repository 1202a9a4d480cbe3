"""What every answer must carry, written down once more: nothing is taken from the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

_NONCE = re.compile(r"'nonce-([A-Za-z0-9_-]{22,})'")
_ORIGIN = re.compile(r"https?://[a-z0-9.\[\]:-]+")
_ALWAYS = {
    "default-src": ("'none'",),
    "object-src": ("'none'",),
    "base-uri": ("'none'",),
}
_SAME = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_FEATURES = ("camera", "geolocation", "microphone", "payment", "usb", "fullscreen")
_HSTS = "max-age=63072000"
_LOADS = ("script", "img", "link", "iframe", "embed", "object", "source", "video", "audio")
FRAMED = "/-/ramme"


@dataclass(frozen=True)
class Answer:
    """One answer, as it left the application."""

    method: str
    scheme: str
    host: str
    path: str
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def one(self, name: str) -> str:
        """The value of a header; empty where it is missing, or there more than once."""
        found = self.all(name)
        return found[0] if len(found) == 1 else ""

    @property
    def is_page(self) -> bool:
        return self.one("Content-Type").startswith("text/html")

    @property
    def policy(self) -> dict[str, tuple[str, ...]]:
        """The directives of its policy."""
        parts = (part.split() for part in self.one("Content-Security-Policy").split(";"))
        return {part[0]: tuple(part[1:]) for part in parts if part}

    @property
    def nonces(self) -> list[str]:
        return _NONCE.findall(" ".join(self.policy.get("script-src", ())))

    def told(self) -> str:
        return f"{self.method} {self.scheme}://{self.host}{self.path} ({self.status})"


@dataclass(frozen=True)
class Declared:
    """What the municipality's components and its file declare."""

    forms: frozenset[str]
    ancestors: frozenset[str]


def breaches(answer: Answer, declared: Declared) -> Iterator[str]:
    """What an answer lacks, or has and must not have."""
    yield from _fixed(answer)
    yield from _policy(answer, declared)
    yield from _kept(answer)
    yield from _cookies(answer)
    if answer.is_page:
        yield from _page(answer)


def _fixed(answer: Answer) -> Iterator[str]:
    for name, value in _SAME.items():
        if answer.one(name) != value:
            yield f"{name} is {answer.all(name)}"
    off = answer.one("Permissions-Policy")
    yield from (f"{one} is not off" for one in _FEATURES if f"{one}=()" not in off)
    strict = _HSTS if answer.scheme == "https" else ""
    if answer.one("Strict-Transport-Security") != strict:
        yield f"Strict-Transport-Security is {answer.all('Strict-Transport-Security')}"
    if answer.all("Server") or answer.all("X-Powered-By"):
        yield "it tells what serves it"


def _policy(answer: Answer, declared: Declared) -> Iterator[str]:
    policy = answer.policy
    if not policy:
        yield "it has no policy, or more than one"
        return
    for name, sources in _ALWAYS.items():
        if policy.get(name) != sources:
            yield f"{name} is {policy.get(name)}"
    for name, sources in policy.items():
        for source in sources:
            if not _is_narrow(source):
                yield f"{name} allows {source}"
    if answer.is_page and answer.body and answer.status != 303 and len(answer.nonces) > 1:
        yield "it has more than one nonce"
    yield from _origins(answer, policy, declared)


def _origins(
    answer: Answer, policy: Mapping[str, tuple[str, ...]], declared: Declared
) -> Iterator[str]:
    """Nothing that is not declared: for forms, frames, and whatever else there is."""
    frames = set(policy.get("frame-ancestors", ()))
    is_framed = answer.path.startswith(FRAMED) and answer.status == 200
    if frames != (declared.ancestors if is_framed else {"'none'"}):
        yield f"it may be framed by {sorted(frames)}"
    for name, sources in policy.items():
        if name == "frame-ancestors":
            continue
        allowed = declared.forms if name == "form-action" else frozenset()
        foreign = {one for one in sources if _ORIGIN.fullmatch(one)} - allowed
        yield from (f"{name} allows {one}, which nobody declares" for one in foreign)
    if "form-action" not in policy:
        yield "it does not say where forms may end"


def _is_narrow(source: str) -> bool:
    return bool(
        source in ("'none'", "'self'") or _NONCE.fullmatch(source) or _ORIGIN.fullmatch(source)
    )


def _kept(answer: Answer) -> Iterator[str]:
    """Files of the theme may be kept, and nothing else."""
    is_file = answer.path.startswith("/-/static/") and answer.status in (200, 304)
    if not is_file and answer.one("Cache-Control") != "no-store":
        yield f"it may be kept: {answer.all('Cache-Control')}"
    if is_file and answer.all("Set-Cookie"):
        yield "a file that is kept sets a cookie"


def _cookies(answer: Answer) -> Iterator[str]:
    for cookie in answer.all("Set-Cookie"):
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        if not {"httponly", "samesite=lax"} <= parts:
            yield f"a cookie is not kept from scripts and other sites: {cookie.split('=')[0]}"
        if answer.scheme == "https" and not (
            cookie.startswith("__Host-") and {"secure", "path=/"} <= parts
        ):
            yield f"a cookie is not of this host alone: {cookie.split('=')[0]}"
    if answer.path.startswith(FRAMED) and answer.all("Set-Cookie"):
        yield "a page in a frame sets a cookie"


def _page(answer: Answer) -> Iterator[str]:
    reader = _Reader(answer)
    reader.feed(answer.body.decode("utf-8"))
    yield from reader.found


class _Reader(HTMLParser):
    """Looks at every element of a page."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.found: list[str] = []
        self._nonces = answer.nonces
        self._is_framed = answer.path.startswith(FRAMED) and answer.status == 200

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "script" and has.get("nonce") not in self._nonces:
            self.found.append("a script without the nonce of its page")
        if tag == "style" or "style" in has:
            self.found.append("a style in the page itself")
        if any(name.startswith("on") for name in has):
            self.found.append("a script in an attribute")
        if tag in _LOADS:
            address = has.get("src") or has.get("href") or has.get("data") or ""
            if urlsplit(address).netloc:
                self.found.append(f"<{tag}> is loaded from {urlsplit(address).netloc}")
        if tag == "form" and self._is_framed:
            self.found.append("a page in a frame has a form")
        if tag == "form" and urlsplit(has.get("action", "")).netloc:
            self.found.append("a form is sent to another host")
