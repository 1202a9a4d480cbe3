"""The shipped proxy configuration speaks the two TLS versions that are safe, or none."""

from __future__ import annotations

import re


def protocols(run, demo, *options):
    done = run("proxy-config", "--config", str(demo / "selvbetjening.toml"), *options)
    assert done.returncode == 0, done.stderr
    return re.findall(r"ssl_protocols ([^;]*);", done.stdout)


def test_tls_is_of_today(run, demo):
    pair = ("--certificate", "/etc/tls/site.pem", "--certificate-key", "/etc/tls/site.key")
    assert protocols(run, demo, *pair) == ["TLSv1.2 TLSv1.3"]


def test_without_a_certificate_there_is_none(run, demo):
    assert protocols(run, demo, "--listen", "127.0.0.1:8081") == []
