"""The installation that a preview runs: made anew in a folder of its own, and thrown away."""

from __future__ import annotations

import json
import secrets
import shutil
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from selvbetjening_core.definitions.solution import FILE_NAME
from selvbetjening_core.store.key_file import create_key_file

_PLUGINS = (
    "demo_addresses",
    "demo_identity",
    "demo_register",
    "demo_payment",
    "folder",
    "html_receipt",
    "dkfds",
)
_VALUES: Mapping[str, object] = {"yes_no": False, "number": 1, "text": "…"}

_INSTALLATION = """
[installation]
mode           = "demo"
plugin_sets    = "plugin_sets"
municipalities = "municipalities"
solutions      = ["solutions"]

[store]
database = "sqlite:///var/preview.sqlite"
keys     = "file:secrets/keys.json"
"""

_MUNICIPALITY = """
code       = "0773"
name       = "Forhåndsvisning"
hosts      = ["localhost", "127.0.0.1"]
plugin_set = "preview"
accessibility_url = "https://was.digst.dk/eksempel"
privacy_url       = "https://eksempel.example/privatliv"

[theme]
name   = "dkfds"
look   = "municipality"
logo   = "logo.svg"
colour = "#7a2e00"

[contact]
phone   = "12 34 56 78"
email   = "eksempel@eksempel.example"
hours   = "Mandag-fredag kl. 10-14"
address = "Eksempelvej 1, 0000 Eksempel"

[component.login]
plugin   = "demo_identity"
provider = {provider}
secret   = "file:secrets/provider"

[component.people]
plugin = "demo_register"

[component.addresses]
plugin = "demo_addresses"

[component.card]
plugin   = "demo_payment"
provider = {provider}
secret   = "file:secrets/provider"

[component.receipt]
plugin   = "html_receipt"
seal_key = "file:secrets/seal"

[component.nowhere]
plugin = "folder"
path   = "var/nowhere"

[roles]
addresses = "addresses"
identity = "login"
register = "people"
payment  = "card"
receipt  = "receipt"
"""


class PreviewFolder:
    """The folder of one preview.

    :param folder: empty, and nobody else's: keys and what is typed are kept in it
    :param source: the solution's own folder; only read
    :param provider: where the pretended login and payment are
    :param secret: what is shared with them
    :param plugins: more plugins, whose field kinds the solution uses
    """

    def __init__(
        self, folder: Path, source: Path, provider: str, secret: str, plugins: Iterable[str] = ()
    ) -> None:
        self.source = source
        self.config = folder / "selvbetjening.toml"
        self._copy = folder / "solutions" / source.name
        self._municipality = folder / "municipalities" / "0773.toml"
        self._provider = provider
        for name in ("municipalities", "plugin_sets", "solutions", "secrets", "var"):
            (folder / name).mkdir(mode=0o700)
        self.config.write_text(_INSTALLATION, "utf-8")
        names = json.dumps(list(dict.fromkeys((*_PLUGINS, *plugins))))
        (folder / "plugin_sets" / "preview.toml").write_text(f"plugins = {names}\n", "utf-8")
        logo = resources.files("selvbetjening_demo.preview").joinpath("static", "logo.svg")
        (folder / "logo.svg").write_bytes(logo.read_bytes())
        for name, text in (("provider", secret), ("seal", secrets.token_urlsafe(32))):
            file = folder / "secrets" / name
            file.touch(mode=0o600)
            file.write_text(text, "ascii")
        create_key_file(folder / "secrets" / "keys.json")

    def state(self) -> tuple[tuple[str, int, int], ...]:
        """Another one when a file of the solution has been saved."""
        return tuple(self._files())

    def take_over(self) -> None:
        """Copy the solution as it is now, and offer it with every role filled.

        :raises OSError: the files cannot be read
        """
        shutil.rmtree(self._copy, ignore_errors=True)
        shutil.copytree(self.source, self._copy)
        self._municipality.write_text(_municipality(self._copy, self._provider), "utf-8")

    def original(self, file: Path) -> str:
        """The name of a file, in the solution's own folder where it is a copy of one there."""
        return str(file.relative_to(self._copy)) if file.is_relative_to(self._copy) else file.name

    def _files(self) -> Iterator[tuple[str, int, int]]:
        for path in sorted(self.source.rglob("*")):
            try:
                found = path.stat()
            except OSError:
                # An editor that saves takes the file away for a moment.
                continue
            yield str(path), found.st_mtime_ns, found.st_size


def _municipality(solution: Path, provider: str) -> str:
    """The municipality that offers it.

    Each destination delivers nowhere, and what has no default is decided somehow.
    """
    written = _read(solution / FILE_NAME)
    lines = [_MUNICIPALITY.format(provider=json.dumps(provider))]
    roles = dict.fromkeys(_texts(written.get("destination"), "role"))
    lines += [f'{json.dumps(role)} = "nowhere"' for role in roles]
    lines += ["", f"[solutions.{json.dumps(solution.name)}]"]
    lines += [
        f"{json.dumps(name)} = {json.dumps(_VALUES[kind], ensure_ascii=False)}"
        for name, kind in _undecided(written.get("parameter"))
    ]
    return "\n".join(lines) + "\n"


def _read(file: Path) -> Mapping[str, Any]:
    """What stands there; nothing where it is no TOML, which `check` tells."""
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except (OSError, ValueError):
        return {}


def _texts(tables: object, key: str) -> Iterator[str]:
    for table in tables if isinstance(tables, list) else ():
        if isinstance(table, dict) and isinstance(table.get(key), str):
            yield table[key]


def _undecided(parameters: object) -> Iterator[tuple[str, str]]:
    for name, table in parameters.items() if isinstance(parameters, dict) else ():
        if isinstance(table, dict) and "default" not in table and table.get("kind") in _VALUES:
            yield name, table["kind"]
