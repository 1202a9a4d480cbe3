"""The demo's site with NemLog-in as its login, and a counterpart of the provider beside it."""

from __future__ import annotations

import base64
import contextlib
import datetime
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import sqlalchemy as sa
from csrf_town import Clock
from csrf_window import Window
from identity_site import HOST, SOLUTION, STEP, log_in_with, running_site
from lxml import etree
from webob import Response

from selvbetjening_core.application import Application
from selvbetjening_nemlogin.counterpart.certificates import key_pem, made_key_pair
from selvbetjening_nemlogin.counterpart.issuing import Changes, Login, response_to
from selvbetjening_nemlogin.counterpart.own_metadata import provider_metadata
from selvbetjening_nemlogin.keys import KeyPair, pem_of
from selvbetjening_nemlogin.names import CPR, FULL_NAME, LOA, SPEC, SPEC_VERSION

PROVIDER, ENTITY = "https://login.example", "https://saml.login.example"
HERE = f"https://{HOST}"
MESSAGES = f"{HERE}/-/messages/login"
NAME_ID = "https://data.gov.dk/model/core/eid/person/uuid/3c2fa5a3-1d75-4d08-a0bb-2b6e1ce6f0e7"
NANCY, NAME = "2512489996", "Nancy Ann Test Berggren"
OTHER_CPR, OTHER_NAME = "0101010101", "Somebody Else"
_SKEW = datetime.timedelta(seconds=30)
_MINUTES = datetime.timedelta(minutes=5)


@dataclass(frozen=True)
class Keys:
    """Whose keys there are. Made once for a run: it takes a while."""

    provider: KeyPair
    ours: KeyPair
    attacker: KeyPair


def made_keys() -> Keys:
    """New ones."""
    return Keys(*(made_key_pair(name) for name in ("provider", "us", "attacker")))


@dataclass
class SamlTown:
    """The site; browsers that have begun to log in; and what the provider would answer."""

    application: Application
    app: Any
    clock: Clock
    engine: sa.Engine
    keys: Keys

    def begun(self) -> Begun:
        """A browser that was sent to the provider."""
        window = Window(self.app, HOST)
        window.get(f"/{SOLUTION}")
        window.post(f"/{SOLUTION}/start")
        away = window.page.location or ""
        assert away.startswith(f"{PROVIDER}/login?"), (window.page.status, away)
        word = parse_qs(urlsplit(away).query)["SAMLRequest"][0]
        asked = etree.fromstring(zlib.decompress(base64.b64decode(word), -15))
        return Begun(self, window, asked.get("ID"))

    def sessions(self) -> int:
        """How many are logged in."""
        with self.engine.connect() as connection:
            found = connection.execute(sa.text("select count(*) from web_session"))
            return int(found.scalar_one())


@dataclass
class Begun:
    """A login that was begun in one browser."""

    town: SamlTown
    window: Window
    request_id: str

    @property
    def keys(self) -> Keys:
        """Whose keys there are."""
        return self.town.keys

    def login(self, **changed: Any) -> Login:
        """What the provider says when all is as it should be, but for what is changed."""
        now = self.town.clock().replace(microsecond=0)
        said: dict[str, Any] = {
            "issuer": ENTITY,
            "audience": HERE,
            "recipient": MESSAGES,
            "in_response_to": self.request_id,
            "name_id": NAME_ID,
            "attributes": {
                SPEC_VERSION: SPEC,
                LOA: "Substantial",
                CPR: NANCY,
                FULL_NAME: NAME,
            },
            "issued_at": now,
            "not_before": now - _SKEW,
            "not_after": now + _MINUTES,
        }
        return Login(**{**said, **changed})

    def response(self, changes: Changes | None = None, **changed: Any) -> bytes:
        """The provider's answer."""
        login = self.login(**changed)
        return response_to(login, self.keys.provider, self.keys.ours.certificate, changes)

    def send(self, fields: dict[str, str]) -> Response:
        """The browser brings it."""
        return self.window.send("POST", "/-/messages/login", fields)

    def is_in(self) -> bool:
        """Is somebody logged in in this browser?"""
        return self.window.send("GET", STEP).status_int == 200


@contextlib.contextmanager
def saml_town(keys: Keys) -> Iterator[SamlTown]:
    """Start it; end it afterwards."""
    with running_site(lambda folder: _use_nemlogin(folder, keys)) as site:
        yield SamlTown(site.application, site.app, site.clock, site.engine, keys)


def _use_nemlogin(folder: Path, keys: Keys) -> None:
    metadata = provider_metadata(ENTITY, PROVIDER, [keys.provider.certificate])
    (folder / "nemlogin.xml").write_bytes(metadata)
    (folder / "nemlogin.pem").write_text(pem_of(keys.ours.certificate), "utf-8")
    (folder / "secrets" / "nemlogin").write_text(key_pem(keys.ours), "utf-8")
    log_in_with(
        folder,
        "nemlogin",
        'metadata = "nemlogin.xml"\n'
        f'provider = "{PROVIDER}"\nkey = "file:secrets/nemlogin"\n'
        'certificate = "nemlogin.pem"\n',
    )
