from __future__ import annotations

import os
import re
import string
import subprocess
import sys

import pytest

from selvbetjening_demo.provider.server import ProviderControl, ProviderServer
from selvbetjening_demo.provider.texts import texts
from selvbetjening_demo.signing import seal, unseal


def test_it_runs_as_a_process_of_its_own(tmp_path, visit):
    secret = tmp_path / "provider.secret"
    secret.write_text("a shared secret\n")
    command = [sys.executable, "-m", "selvbetjening_demo.provider", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [*command, "--secret-file", str(secret)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as process:
        try:
            url = process.stdout.readline().strip()
            assert ProviderControl(url, "a shared secret").messages() == []
            style = visit(f"{url}/static/provider.css")
            assert style.status == 200
        finally:
            process.terminate()


def test_two_providers_share_nothing():
    with ProviderServer() as one, ProviderServer() as other:
        assert one.url != other.url
        assert one.secret != other.secret
        with pytest.raises(ValueError, match="401"):
            ProviderControl(one.url, other.secret).control(down=True)


def test_every_text_is_in_both_languages():
    danish, english = texts("da"), texts("en")
    assert danish.keys() == english.keys()
    assert all(danish[name] and english[name] for name in danish)


def test_a_sealed_word_opens_only_whole_and_for_its_purpose():
    word = seal("secret", "claims", {"name": "Jørgensen"})
    assert set(word) <= set(string.ascii_letters + string.digits + "-_.")
    assert unseal("secret", "claims", word) == {"name": "Jørgensen"}
    assert unseal("secret", "login-request", word) is None
    assert unseal("other", "claims", word) is None
    for place in range(len(word)):
        changed = word[:place] + ("A" if word[place] != "A" else "B") + word[place + 1 :]
        assert unseal("secret", "claims", changed) is None
    for nonsense in ("", ".", "æ.ø", "\udcff", word + "0"):
        assert unseal("secret", "claims", nonsense) is None


def test_pages_carry_no_script_and_no_foreign_address(provider, visit):
    page = visit(f"{provider.url}/logged-out")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert "<script" not in page.text
    assert re.findall(r'(?:href|src)="([^"]+)"', page.text) == ["/static/provider.css"]


def test_answers_to_machines_are_json(provider, visit):
    page = visit(f"{provider.url}/sent")
    assert (page.status, page.headers["Content-Type"]) == (401, "application/json")
