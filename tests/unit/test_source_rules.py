"""What the source may not do at all: run text, unpickle, start programs, hash weakly, guess."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"
# They start and measure processes of their own; no server of citizens runs them.
OWN_PROCESSES = ("plugins/selvbetjening_demo/", "selvbetjening_core/testing/")
# Chance that spreads work over time. Nothing is hidden by it.
JITTER = (
    "selvbetjening_core/delivery/conclusion.py",
    "selvbetjening_core/delivery/sweep.py",
    "selvbetjening_core/delivery/worker.py",
    "selvbetjening_core/store/sqlite.py",
)
RUNS_TEXT = {"eval", "exec", "__import__"}
UNPICKLES = {"pickle", "marshal", "shelve", "dill", "jsonpickle"}
STARTS = {"subprocess", "pty", "commands"}
STARTING = {"os.system", "os.popen", "os.execv", "os.spawnl", "os.posix_spawn"}
HASHES = {"sha256", "sha384", "sha512", "blake2b", "file_digest"}
# Of cryptography: AES-GCM and Fernet, one way to derive keys, and what names a hash to it.
CIPHERS = {"AESGCM", "Fernet", "HKDF", "SHA256", "InvalidTag", "InvalidToken"}
# Who signs for others to see: certificates, and keys in two halves.
PUBLIC_KEYS = {
    *("Certificate", "InvalidSignature", "NameOID", "RSAPrivateKey"),
    *("hashes", "padding", "rsa", "serialization", "x509"),
}
HAVE_PUBLIC_KEYS = ("plugins/selvbetjening_nemlogin/",)
# Random and short: names that keep apart, and codes that open nothing. The demo hides nothing.
NOT_SECRET = {
    "selvbetjening_core/store/audit.py",
    "selvbetjening_core/store/claims.py",
    "selvbetjening_core/store/key_change.py",
    "selvbetjening_core/web/last_resort.py",
    "selvbetjening_core/web/support_code.py",
}
FEWEST_BYTES = 16
FOR_SCRIPTS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    r"|localStorage|sessionStorage|indexedDB|postMessage|__proto__"
)


def sources():
    found = sorted(SRC.rglob("*.py"))
    return [path for path in found if "skeletons" not in path.parts]


def names_of(tree):
    """Each module that is imported, each name from it, and each name with a dot or a call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (("import", one.name, "") for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (("import", node.module or "", one.name) for one in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield "dot", node.value.id, node.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield "call", node.func.id, ""


def breaches(text, where="selvbetjening_core/x.py"):
    """What the source does that it may not."""
    return sorted({why for one in names_of(ast.parse(text)) if (why := judged(one, where))})


def judged(one, where):
    kind, first, second = one
    top = first.partition(".")[0]
    is_import = kind == "import"
    starts = (is_import and top in STARTS) or f"{first}.{second}" in STARTING
    wrong = {
        f"runs text: {first}": kind == "call" and first in RUNS_TEXT,
        f"unpickles: {top}": is_import and top in UNPICKLES,
        f"starts programs: {first}": starts and not where.startswith(OWN_PROCESSES),
        f"hashes weakly: {second}": first == "hashlib" and second and second not in HASHES,
        "guesses: random": is_import and top == "random" and where not in JITTER,
        f"another cipher: {second or first}": is_import
        and top == "cryptography"
        and second not in CIPHERS
        and not (second in PUBLIC_KEYS and where.startswith(HAVE_PUBLIC_KEYS)),
    }
    return next((why for why, is_so in wrong.items() if is_so), "")


def test_no_source_does_what_it_may_not():
    assert len(sources()) > 300
    found = {
        str(path.relative_to(SRC)): told
        for path in sources()
        if (told := breaches(path.read_text("utf-8"), str(path.relative_to(SRC))))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("eval('1')", "runs text: eval"),
        ("import pickle", "unpickles: pickle"),
        ("from subprocess import run", "starts programs: subprocess"),
        ("import os\nos.system('ls')", "starts programs: os"),
        ("import hashlib\nhashlib.md5(b'')", "hashes weakly: md5"),
        ("from hashlib import sha1", "hashes weakly: sha1"),
        ("import random", "guesses: random"),
        ("from cryptography.hazmat.primitives.ciphers import modes", "another cipher: modes"),
    ],
)
def test_each_would_be_found(text, told):
    assert breaches(text) == [told]


def test_public_keys_are_for_those_who_sign():
    signing = "from cryptography.hazmat.primitives.asymmetric import padding"
    assert breaches(signing) == ["another cipher: padding"]
    where = f"{HAVE_PUBLIC_KEYS[0]}keys.py"
    assert breaches(signing, where) == []
    ciphers = "from cryptography.hazmat.primitives.ciphers import modes"
    assert breaches(ciphers, where) == ["another cipher: modes"]


def short_tokens(text):
    """How many bytes each random token has that has fewer than 128 bits."""
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    drawn = (call for call in calls if ast.unparse(call.func).startswith("secrets.token_"))
    sizes = [ast.literal_eval(call.args[0]) if call.args else 0 for call in drawn if literal(call)]
    return [size for size in sizes if size < FEWEST_BYTES]


def literal(call):
    """A size that is named elsewhere is judged there."""
    return not call.args or isinstance(call.args[0], ast.Constant)


def test_what_must_not_be_guessed_has_128_random_bits():
    core = (
        path for path in sources() if path.parts[-2] != "testing" and "plugins" not in path.parts
    )
    found = {
        path.relative_to(SRC).as_posix() for path in core if short_tokens(path.read_text("utf-8"))
    }
    assert found == NOT_SECRET


def test_a_short_one_would_be_found():
    assert short_tokens("import secrets\nsecrets.token_urlsafe(16)\nsecrets.token_hex(15)") == [15]
    assert short_tokens("import secrets\nsecrets.token_bytes()") == [0]


def scripts():
    return [path for path in sorted(SRC.rglob("*.js")) if "static/dkfds/" not in path.as_posix()]


def test_scripts_write_text_as_text_and_keep_nothing():
    assert scripts()
    assert [path.name for path in scripts() if FOR_SCRIPTS.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("text", ["a.innerHTML = b", "localStorage.x = 1", "eval(c)"])
def test_a_script_that_does_would_be_found(text):
    assert FOR_SCRIPTS.search(text)
