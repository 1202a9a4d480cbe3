"""The demo's site with a login through a broker, and a provider that can be had to misbehave."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import sqlalchemy as sa
from csrf_window import Window
from identity_site import HOST, SOLUTION, STEP, RunningSite, log_in_with, running_site
from joserfc import jwk
from webob import Response

from selvbetjening_core.testing.loopback import Fault
from selvbetjening_oidc.counterpart import CLIENT, SECRET, BrokerCounterpart, made_key, signed

MESSAGES = "/-/messages/login"
NANCY, NAME = "2512489996", "Nancy Ann Test Berggren"
OTHER_CPR, OTHER_NAME = "0101010101", "Somebody Else"
SUBJECT, SESSION = "person-4", "login-7"


@dataclass(frozen=True)
class Keys:
    """Whose keys there are. Made once for a run: it takes a while."""

    provider: jwk.Key
    rsa: jwk.Key
    attacker: jwk.Key


def made_keys() -> Keys:
    """New ones; the attacker's is called as the provider's."""
    return Keys(made_key("first"), made_key("second", "RSA"), made_key("first"))


@dataclass
class OidcTown:
    """The site; browsers that have begun to log in; and the provider."""

    site: RunningSite
    broker: BrokerCounterpart
    keys: Keys

    def window(self) -> Window:
        """A new browser's."""
        return Window(self.site.app, HOST)

    def asked_to_log_in(self) -> tuple[Window, str]:
        """A browser that wants to log in, and where it is sent."""
        window = self.window()
        window.get(f"/{SOLUTION}")
        window.post(f"/{SOLUTION}/start")
        return window, window.page.location or ""

    def begun(self) -> Begun:
        """A browser that was sent to the provider."""
        window, away = self.asked_to_log_in()
        assert away.startswith(f"{self.broker.url}/login?"), (window.page.status, away)
        return Begun(self, window, away, dict(parse_qsl(urlsplit(away).query)))

    def now(self) -> int:
        """Seconds since 1970."""
        return int(self.site.clock().timestamp())

    def sessions(self) -> int:
        """How many are logged in."""
        with self.site.engine.connect() as connection:
            found = connection.execute(sa.text("select count(*) from web_session"))
            return int(found.scalar_one())

    def forget_provider(self) -> None:
        """As if nobody had asked the provider before; what was begun is forgotten as well."""
        with self.site.engine.begin() as connection:
            connection.execute(sa.text("delete from component_value"))

    def reset(self) -> None:
        """A provider that behaves."""
        broker = self.broker
        broker.behave(Fault.NONE)
        broker.keys = (self.keys.provider, self.keys.rsa)
        broker.is_careless = False
        broker.elsewhere = ""
        for one in (broker.instead, broker.document, broker.extra_keys, broker.answers):
            one.clear()
        self.forget_provider()


@dataclass
class Begun:
    """A login that was begun in one browser."""

    town: OidcTown
    window: Window
    url: str
    query: dict[str, str]

    def claims(self, **changed: Any) -> dict[str, Any]:
        """What the provider says when all is as it should be, but for what is changed.

        What is None is left out.
        """
        now = self.town.now()
        said = {
            "iss": self.town.broker.url,
            "aud": CLIENT,
            "sub": SUBJECT,
            "sid": SESSION,
            "nonce": self.query["nonce"],
            "iat": now,
            "exp": now + 300,
            "acr": "substantial",
            "cpr": NANCY,
            "name": NAME,
            **changed,
        }
        return {name: value for name, value in said.items() if value is not None}

    def token(self, **changed: Any) -> str:
        """Signed by the provider."""
        return signed(self.claims(**changed), self.town.keys.provider)

    def back(self, **query: str) -> Response:
        """The browser comes back with this."""
        told = {"state": self.query["state"], **query}
        return self.window.send("GET", f"{MESSAGES}?{urlencode(told)}")

    def answer(self, token: str | None = None, **offered: Any) -> Response:
        """The provider gives this token, and the browser brings its code."""
        code = secrets.token_urlsafe(24)
        told = {"userinfo": {"sub": SUBJECT}, **offered}
        self.town.broker.offer(self.url, code, token or self.token(), **told)
        return self.back(code=code)

    def is_in(self) -> bool:
        """Is somebody logged in in this browser?"""
        return self.window.send("GET", STEP).status_int == 200


@contextlib.contextmanager
def oidc_town(keys: Keys) -> Iterator[OidcTown]:
    """Start it; end it afterwards."""
    with (
        BrokerCounterpart(keys.provider, keys.rsa) as broker,
        running_site(lambda folder: log_in_at(folder, broker.url, "cpr=cpr")) as site,
    ):
        yield OidcTown(site, broker, keys)


def log_in_at(folder: Path, issuer: str, claims: str, seconds: int = 1) -> None:
    """Let citizens log in at this provider."""
    (folder / "secrets" / "oidc").write_text(SECRET, "utf-8")
    log_in_with(
        folder,
        "oidc",
        f'issuer = "{issuer}"\nclient_id = "{CLIENT}"\n'
        'client_secret = "file:secrets/oidc"\nbroker = "own"\n'
        f'claims = "{claims}"\nscopes = "openid profile"\n'
        f"userinfo = true\ntimeout = {seconds}\n",
    )
