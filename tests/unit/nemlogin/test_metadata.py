"""What NemLog-in is given of us, and messages in addresses."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from lxml import etree

from selvbetjening_nemlogin.commands import _metadata
from selvbetjening_nemlogin.keys import der_of, pem_of
from selvbetjening_nemlogin.names import NS
from selvbetjening_nemlogin.parsing import Refused
from selvbetjening_nemlogin.redirect import REQUEST, inflated, opened, signed_address

US = "https://selvbetjening.mors.example"


def written(files, ours, *more):
    path = files.write("c.pem", pem_of(ours.certificate))
    return CliRunner().invoke(_metadata, ["--certificate", path, *more])


def test_the_command_writes_our_metadata(files, ours):
    result = written(files, ours, "--address", US, "--email", "drift@mors.example")
    assert result.exit_code == 0
    root = etree.fromstring(result.stdout.encode())
    assert root.get("entityID") == US
    consumer = root.find(".//md:AssertionConsumerService", NS)
    assert consumer.get("Location") == f"{US}/-/messages/login"
    assert consumer.get("Binding").endswith(":HTTP-POST")
    uses = [one.get("use") for one in root.iterfind(".//md:KeyDescriptor", NS)]
    assert uses == ["signing", "encryption"]
    assert root.find(".//ds:X509Certificate", NS).text == der_of(ours.certificate)
    assert root.find(".//md:EmailAddress", NS).text == "mailto:drift@mors.example"
    assert "PRIVATE" not in result.stdout


@pytest.mark.parametrize("address", ["http://mors.example", f"{US}/", "mors.example"])
def test_an_address_that_is_none(files, ours, address):
    result = written(files, ours, "--address", address)
    assert result.exit_code == 2
    assert "without a slash" in result.output


def test_a_file_that_is_no_certificate(files, ours):
    path = files.write("x.pem", "hello")
    result = written(files, ours, "--address", US, "--certificate", path)
    assert result.exit_code == 2
    assert "no certificate in PEM" in result.output


def query_of(url):
    return {name: found[0] for name, found in parse_qs(urlsplit(url).query).items()}


def test_a_signed_address_can_be_read_however_it_was_quoted(ours):
    url = signed_address("https://x.example/y?z=1", REQUEST, b"<a/>", ours, "back/to?x=\u00e6")
    assert url.startswith("https://x.example/y?z=1&SAMLRequest=")
    assert opened(query_of(url), REQUEST, [ours.certificate]) == b"<a/>"


@pytest.mark.parametrize("changed", ["RelayState", "SAMLRequest", "Signature", "SigAlg"])
def test_nothing_of_it_can_be_changed(ours, changed):
    query = query_of(signed_address("https://x.example/", REQUEST, b"<a/>", ours, "back"))
    other = query_of(signed_address("https://x.example/", REQUEST, b"<b/>", ours, "forth"))
    if changed == "SigAlg":
        other["SigAlg"] = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"
    with pytest.raises(Refused):
        opened({**query, changed: other[changed]}, REQUEST, [ours.certificate])


def test_what_would_grow_is_not_inflated():
    import zlib  # noqa: PLC0415 - for this test alone

    bomb = zlib.compress(b"\0" * 50_000_000, 9)[2:-4]
    with pytest.raises(Refused, match="too-long"):
        inflated(bomb)
