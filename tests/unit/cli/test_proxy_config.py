"""The proxy's configuration that is printed."""

from __future__ import annotations

import shutil

import pytest

TLS = ("--certificate", "/etc/ssl/a.pem", "--certificate-key", "/etc/ssl/a.key")


def test_it_has_every_declared_host_and_the_limits(run, demo):
    done = run("proxy-config", *TLS, SELVBETJENING_CONFIG=str(demo))
    assert done.returncode == 0, done.stderr
    names = next(line for line in done.stdout.splitlines() if "mors.localhost" in line)
    assert {"aarhus.localhost", "localhost", "127.0.0.1"} <= set(names.strip(" ;").split())
    assert "client_header_timeout 5s;" in done.stdout
    assert "client_max_body_size 40000000;" in done.stdout
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in done.stdout


def test_its_pages_are_danish_and_english(run, demo):
    done = run("proxy-config", *TLS, SELVBETJENING_CONFIG=str(demo))
    assert "Vent lidt, før du prøver igen" in done.stdout
    assert "Please wait a little" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "--certificate"),
        (("--certificate", "/a.pem"), "--certificate-key"),
        ((*TLS, "--listen", "127.0.0.1:80"), "needs https"),
        ((*TLS, "--upstream", "127.0.0.1:80; }"), "--upstream"),
        (("--listen", "80;\nroot /", *TLS), "--listen"),
    ],
)
def test_what_would_not_be_a_configuration_is_refused(run, demo, arguments, told):
    done = run("proxy-config", *arguments, SELVBETJENING_CONFIG=str(demo))
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stdout == ""


def test_it_believes_what_stands_in_front_of_it_and_nobody_else(run, demo, tmp_path):
    told = run("proxy-config", *TLS, SELVBETJENING_CONFIG=str(demo)).stdout
    assert "real_ip" not in told
    own = tmp_path / "installation"
    shutil.copytree(demo, own)
    with (own / "selvbetjening.toml").open("a", encoding="utf-8") as file:
        file.write('\n[web]\ntrusted_proxy = ["127.0.0.1", "10.0.0.0/24", "2001:db8::/64"]\n')
    told = run("proxy-config", *TLS, SELVBETJENING_CONFIG=str(own)).stdout
    lines = [line.strip() for line in told.splitlines() if "real_ip" in line]
    assert lines == [
        "set_real_ip_from 10.0.0.0/24;",
        "set_real_ip_from 2001:db8::/64;",
        "real_ip_header X-Forwarded-For;",
        "real_ip_recursive on;",
    ]
