from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from selvbetjening_core.values import ComponentContext
from selvbetjening_nemlogin.counterpart.certificates import key_pem, made_key_pair
from selvbetjening_nemlogin.counterpart.own_metadata import provider_metadata
from selvbetjening_nemlogin.keys import pem_of

PROVIDER, ENTITY = "https://login.example", "https://saml.login.example"
NOW = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)


@dataclass
class Files:
    """A municipality's files, and what its settings say of them."""

    folder: Path
    settings: dict[str, object] = field(default_factory=dict)
    now: datetime.datetime = NOW

    def context(self, **changed):
        settings = {**self.settings, **changed}
        return ComponentContext("login", "0773", settings, self.folder, lambda: self.now)

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)


def made(name="x", begins=NOW - datetime.timedelta(days=10), days=365):
    return made_key_pair(name, begins, datetime.timedelta(days=days))


@pytest.fixture(scope="session")
def provider():
    return made("provider")


@pytest.fixture(scope="session")
def ours():
    return made("ours")


@pytest.fixture
def files(tmp_path, provider, ours):
    found = Files(tmp_path)
    metadata = provider_metadata(ENTITY, PROVIDER, [provider.certificate])
    found.settings = {
        "metadata": found.write("metadata.xml", metadata),
        "provider": PROVIDER,
        "key": key_pem(ours),
        "certificate": found.write("own.pem", pem_of(ours.certificate)),
        "profile": "person",
    }
    return found
