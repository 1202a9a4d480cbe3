"""Metadata, keys and certificates: what is wrong with them is told, and what soon will be."""

from __future__ import annotations

import datetime

import pytest
from tests.unit.nemlogin.conftest import ENTITY, NOW, PROVIDER, made

from selvbetjening_core.errors import BadSettings, Unavailable
from selvbetjening_nemlogin import refresh
from selvbetjening_nemlogin.counterpart.certificates import key_pem
from selvbetjening_nemlogin.counterpart.own_metadata import provider_metadata
from selvbetjening_nemlogin.keys import pem_of
from selvbetjening_nemlogin.plugin import NemLogin
from selvbetjening_nemlogin.refresh import TASK


def told(files, **changed):
    found = NemLogin.check_settings(files.context(**changed))
    return [(one.setting, one.is_warning) for one in found]


def test_nothing_is_wrong(files):
    assert told(files) == []
    assert NemLogin(files.context()).issuer == ENTITY


@pytest.mark.parametrize(("days", "expected"), [(61, False), (60, True), (1, True)])
def test_a_certificate_that_soon_ends_is_told_of(files, days, expected):
    ends = 365 - 10
    files.now = NOW + datetime.timedelta(days=ends - days)
    wanted = [("metadata", True), ("certificate", True)] if expected else []
    assert told(files) == wanted
    assert NemLogin(files.context()).issuer == ENTITY, "until then it works"


def test_a_certificate_that_has_ended_stops_the_start(files):
    files.now = NOW + datetime.timedelta(days=400)
    assert told(files) == [("metadata", False), ("certificate", False)]
    with pytest.raises(BadSettings):
        NemLogin(files.context())


METADATA = {
    "no XML": b"hello",
    "a document type": b"<!DOCTYPE x><x/>",
    "another root": b"<x/>",
    "no provider": b'<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"/>',
}


@pytest.mark.parametrize("what", METADATA)
def test_metadata_that_is_none(files, what):
    path = files.write("metadata.xml", METADATA[what])
    assert told(files, metadata=path) == [("metadata", False)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"HTTP-Redirect", b"HTTP-Artifact"),
        (b"https://login.example/login", b"http://login.example/login"),
        (b"https://login.example/login", b"https://a@login.example/login"),
        (b'entityID="https://saml.login.example"', b'entityID=""'),
        (b'use="signing"', b'use="encryption"'),
        (b"MII", b"XXX"),
    ],
)
def test_metadata_that_lacks_something(files, provider, old, new):
    whole = provider_metadata(ENTITY, PROVIDER, [provider.certificate])
    assert old in whole
    path = files.write("metadata.xml", whole.replace(old, new))
    assert told(files, metadata=path) == [("metadata", False)]


def test_metadata_that_sends_people_elsewhere(files):
    assert told(files, provider="https://login.another.example") == [("provider", False)]


def test_files_that_are_not_there(files):
    assert told(files, metadata=str(files.folder / "x")) == [("metadata", False)]
    assert told(files, certificate=str(files.folder / "x")) == [("certificate", False)]


def test_a_key_that_is_none_or_another(files):
    for key in ("hello", "", key_pem(made("another"))):
        with pytest.raises(BadSettings) as caught:
            NemLogin(files.context(key=key))
        (fault,) = caught.value.faults
        assert fault.setting == "key"
        assert "PRIVATE" not in fault.text


def test_a_new_key_beside_the_old(files):
    new = made("new")
    path = files.write("new.pem", pem_of(new.certificate))
    component = NemLogin(files.context(next_key=key_pem(new), next_certificate=path))
    assert len(component._keys) == 2
    with pytest.raises(BadSettings):
        NemLogin(files.context(next_key="hello", next_certificate=path))


def refreshed(files, monkeypatch, raw, context=None):
    monkeypatch.setattr(refresh, "fetched", lambda _: raw)
    context = context or files.context(metadata_url="https://login.example/metadata")
    component = NemLogin(context)
    component.run(TASK)
    return component, context


def test_new_keys_of_the_provider_are_taken_over_in_every_process(files, monkeypatch, provider):
    new = made("provider, new")
    both = provider_metadata(ENTITY, PROVIDER, [provider.certificate, new.certificate])
    component, context = refreshed(files, monkeypatch, both)
    for one in (component, NemLogin(context)):
        assert len(one._metadata.provider().certificates) == 2


def test_what_is_of_another_provider_is_not_taken_over(files, monkeypatch, provider):
    mine = [provider.certificate]
    for raw in (
        provider_metadata("https://evil.example", PROVIDER, mine),
        provider_metadata(ENTITY, "https://evil.example", mine),
        provider_metadata(ENTITY, PROVIDER, [made("old", days=5).certificate]),
        b"<html>we are closed</html>",
    ):
        with pytest.raises(Unavailable):
            refreshed(files, monkeypatch, raw)
    assert NemLogin(files.context()).issuer == ENTITY


def test_the_operator_is_told_of_a_certificate_that_soon_ends(files, caplog):
    files.now = NOW + datetime.timedelta(days=320)
    NemLogin(files.context()).run(TASK)
    assert "last certificate ends in 35 days" in caplog.text


def test_a_provider_whose_certificates_have_ended_logs_nobody_in(files, caplog):
    component = NemLogin(files.context())
    files.now = NOW + datetime.timedelta(days=400)
    with pytest.raises(Exception, match="certificate-ended"):
        component._believed()
    assert "nobody can log in" in caplog.text
