"""The lock file pins every file that pip may take; an altered one is refused."""

from __future__ import annotations

import configparser
import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements" / "lock.txt"
# Plone's pins are its own, and what makes the lock file is not in it.
WITHOUT_LOCK = {"testenv:embed-plone", "testenv:lock"}


def entries(text):
    """Each requirement of the lock file, with its hashes."""
    found = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
    return [
        (Requirement(entry.partition(" \\\n")[0]), re.findall(r"--hash=sha256:(\w+)", entry))
        for entry in found
    ]


def unpinned(text):
    """What has no single version, or no hash of the right length."""
    return [
        requirement.name
        for requirement, hashes in entries(text)
        if [one.operator for one in requirement.specifier] != ["=="]
        or not hashes
        or any(len(one) != 64 for one in hashes)
    ]


def ini(name):
    read = configparser.ConfigParser(interpolation=None)
    read.read(ROOT / name, encoding="utf-8")
    return read


def wanted():
    """What the extras of the environments, the tools and the build ask for."""
    setup = ini("setup.cfg")
    lines = setup["options"]["install_requires"].splitlines()
    for extra in setup["options.extras_require"].values():
        lines += extra.splitlines()
    lines += (ROOT / "requirements" / "tools.in").read_text(encoding="utf-8").splitlines()
    lines += re.findall(r'requires = \["(.*)"\]', (ROOT / "pyproject.toml").read_text())[0].split(
        '", "'
    )
    plain = (line.strip() for line in lines)
    return {
        canonicalize_name(Requirement(line).name)
        for line in plain
        if line and not line.startswith(("#", "%"))
    }


def test_every_version_and_every_file_is_pinned():
    text = LOCK.read_text(encoding="utf-8")
    assert len(entries(text)) > 100
    assert unpinned(text) == []


def test_an_entry_without_a_hash_is_found():
    text = LOCK.read_text(encoding="utf-8")
    planted = re.sub(r"\nclick==([\d.]+) \\\n(    --hash.*\n)+", r"\nclick==\1\n", text)
    assert planted != text
    assert unpinned(planted) == ["click"]


def test_everything_that_is_asked_for_is_in_the_lock():
    locked = {
        canonicalize_name(requirement.name)
        for requirement, _ in entries(LOCK.read_text(encoding="utf-8"))
    }
    assert wanted() - locked == set()


def test_the_lock_names_no_registry():
    assert "://" not in LOCK.read_text(encoding="utf-8")


def test_every_environment_installs_from_the_lock():
    tox = ini("tox.ini")
    lock = "{tox_root}/requirements/lock.txt"
    assert tox["testenv"]["constraints"] == lock
    assert tox["pkgenv"]["constraints"] == lock
    others = {name for name in tox.sections() if "constraints" in tox[name]}
    assert others - {"testenv", "pkgenv"} == WITHOUT_LOCK


@pytest.fixture
def wheel(tmp_path):
    """A distribution as small as can be, in a folder that pip can look into."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    file = folder / "tiny_part-1.0-py3-none-any.whl"
    info = "tiny_part-1.0.dist-info"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("tiny_part.py", "")
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-part\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return file


def install(wheel, constraint):
    """As tox calls pip: what the package asks for, held to the lock as constraints."""
    lock = wheel.parent.parent / "lock.txt"
    lock.write_text(constraint, encoding="utf-8")
    command = [sys.executable, "-m", "pip", "--isolated", "install", "--no-index"]
    return subprocess.run(
        [
            *command,
            "--find-links",
            str(wheel.parent),
            "--target",
            str(wheel.parent.parent / "target"),
            "--constraint",
            str(lock),
            "tiny-part>=0.5",
        ],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_file_that_was_locked_is_installed(wheel):
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    done = install(wheel, f"tiny-part==1.0 --hash=sha256:{digest}\n")
    assert done.returncode == 0, done.stderr


def test_an_altered_file_is_refused(wheel):
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("tiny_more.py", "print('altered')")
    done = install(wheel, f"tiny-part==1.0 --hash=sha256:{digest}\n")
    assert done.returncode == 1
    assert "DO NOT MATCH THE HASHES" in done.stderr


def test_what_is_not_in_the_lock_is_refused(wheel):
    done = install(wheel, f"other-part==1.0 --hash=sha256:{'0' * 64}\n")
    assert done.returncode == 1
    assert "tiny-part" in done.stderr
