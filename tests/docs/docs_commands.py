"""Whether a command on a page could be given: its name and each option exist."""

from __future__ import annotations

import configparser
import importlib.util
import re
import shlex
import tomllib
from importlib import metadata

import click
from docs_blocks import ROOT

from selvbetjening_core.cli.main import main

_PREFIXES = (".venv/bin/", ".tox/demo/bin/")
_INSTALLED = ("tox", "pytest", "selvbetjening", ".", "-e")
_EXTRA = re.compile(r"(?:selvbetjening|\.)\[([a-z,]+)\]")


def misunderstood(command: str) -> str:
    """What is wrong with the command line; empty if nothing is."""
    for part in re.split(r" && | \| ", command):
        words = shlex.split(part)
        name = words[0]
        for prefix in _PREFIXES:
            name = name.removeprefix(prefix)
        judge = _JUDGES.get(name)
        problem = judge(words[1:]) if judge else f"nobody knows the command {name!r}"
        if problem:
            return problem
    return ""


def _selvbetjening(words: list[str]) -> str:
    try:
        with main.make_context("selvbetjening", list(words[:1])) as context:
            name, command, rest = main.resolve_command(context, list(words))
            if command is not None:
                command.make_context(name, rest, parent=context)
    except click.exceptions.Exit:
        return ""
    except click.ClickException as error:
        return error.format_message()
    return ""


def _tox(words: list[str]) -> str:
    ini = configparser.ConfigParser(interpolation=None)
    ini.read(ROOT / "tox.ini", encoding="utf-8")
    known = {section.removeprefix("testenv:") for section in ini.sections()}
    known |= set(re.split(r"[,\s]+", ini["tox"]["env_list"]))
    labels = re.findall(r"^(\w+) =", ini["tox"]["labels"], re.MULTILINE)
    if words in ([], ["list"]):
        return ""
    if words[0] != "run" or len(words) < 3 or words[1] not in ("-e", "-m"):
        return "tox is called as: tox, tox list, tox run -e NAME or tox run -m LABEL"
    there = known if words[1] == "-e" else labels
    return "" if words[2] in there else f"tox.ini has no {words[2]!r}"


def _pip(words: list[str]) -> str:
    if words[0] != "install":
        return "pip is only asked to install"
    known = set(metadata.metadata("selvbetjening").get_all("Provides-Extra") or ())
    for word in words[1:]:
        extras = _EXTRA.fullmatch(word)
        if extras and not set(extras[1].split(",")) <= known:
            return f"no extra {extras[1]!r}"
        if not extras and word not in _INSTALLED and not _is_ours(word):
            return f"nothing here needs {word!r}"
    return ""


def _python(words: list[str]) -> str:
    if words == ["-m", "venv", ".venv"]:
        return ""
    if len(words) == 2 and words[0] == "-m" and importlib.util.find_spec(words[1]):
        return ""
    return "only python3 -m venv .venv, and python3 -m MODULE that is there"


def _is_ours(requirement: str) -> bool:
    """Whether a build of ours asks for the very same."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return requirement in build["build-system"]["requires"]


def _demo(words: list[str]) -> str:
    return f"the demo has no {words[0]!r}" if words else ""


def _export(words: list[str]) -> str:
    return "" if len(words) == 1 and "=" in words[0] else "export NAME=VALUE"


def _git(words: list[str]) -> str:
    return "" if words[:1] in (["diff"], ["clone"]) else "only git diff and git clone"


def _postgresql(words: list[str]) -> str:
    known = {"--format", "--file", "--dbname", "--exit-on-error", "$DATABASE_URL"}
    known |= {"--enable-row-security", "monday.dump"}
    unknown = [word for word in words if word.partition("=")[0] not in known]
    return f"nobody has tried {unknown[0]!r}" if unknown else ""


_JUDGES = {
    "pg_dump": _postgresql,
    "pg_restore": _postgresql,
    "selvbetjening": _selvbetjening,
    "selvbetjening-demo": _demo,
    "tox": _tox,
    "pip": _pip,
    "python3": _python,
    "git": _git,
    "export": _export,
    ".ci/run": lambda _: "" if (ROOT / ".ci" / "run").is_file() else "no such file",
}
