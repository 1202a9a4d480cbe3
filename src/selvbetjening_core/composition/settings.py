"""A component's settings, checked against what its plugin declares."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from selvbetjening_core.composition.secrets import (
    SecretMissing,
    is_reference,
    known_schemes,
    read_reference,
    unknown_scheme,
)
from selvbetjening_core.files import Table
from selvbetjening_core.files.shapes import has_password, is_email, is_url
from selvbetjening_core.interfaces import ISecrets
from selvbetjening_core.values import Setting

SETTING_KINDS = ("text", "number", "yes_no", "path", "url", "email", "secret")
REFERRING_KINDS = ("secret", "url")
"""Kinds whose settings may say where the value is kept."""

Schemes = Mapping[str, ISecrets]
"""Who reads the references of a plugin set, by their scheme."""

_CORE_ONLY: Schemes = {}
_BROKEN_PATH = re.compile(r"[\t\n\r]")
# ENV:NAME, env: NAME, file:, $NAME, ${NAME}, %NAME%
_ALMOST = re.compile(
    r"\s*(?i:env|file)\s*:\s*[\w./\\-]*\s*|\$\{?[A-Z][A-Z0-9_]*\}?|%[A-Z][A-Z0-9_]*%", re.ASCII
)


def read_settings(
    table: Table, declared: Sequence[Setting], schemes: Schemes = _CORE_ONLY
) -> dict[str, object]:
    """The settings as written, defaults filled in, references not yet followed.

    Anything missing, unknown or of the wrong type is reported at its line.

    :param schemes: what references may begin with, beside ``env`` and ``file``
    """
    return {setting.name: _read(table, setting, schemes) for setting in declared}


def resolve_settings(
    settings: Mapping[str, object],
    declared: Sequence[Setting],
    folder: Path,
    schemes: Schemes = _CORE_ONLY,
    followed: dict[str, str] | None = None,
) -> dict[str, object]:
    """The settings with references followed and paths made absolute.

    :param followed: what references lead to that were followed already; those followed
        now are added, so that what many components share is read once
    :raises SecretMissing: a reference points to nothing
    """
    known = {} if followed is None else followed
    return {
        setting.name: _resolve(settings.get(setting.name), setting, folder, schemes, known)
        for setting in declared
    }


def without_secrets(
    settings: Mapping[str, object], declared: Sequence[Setting], folder: Path
) -> dict[str, object]:
    """The settings with paths made absolute, and empty what only a reference tells."""
    return {
        setting.name: ""
        if is_kept_elsewhere(setting, settings.get(setting.name))
        else _resolve(settings.get(setting.name), setting, folder, _CORE_ONLY, {})
        for setting in declared
    }


def is_kept_elsewhere(setting: Setting, value: object) -> bool:
    """Is the value, as written, a reference (or a secret, which can be nothing else)?"""
    if not isinstance(value, str) or not value:
        return False
    return setting.kind == "secret" or (setting.kind == "url" and not is_url(value))


def _read(table: Table, setting: Setting, schemes: Schemes) -> object:
    if not setting.required and not table.has(setting.name):
        return setting.default
    if setting.kind == "number":
        return table.number(setting.name, minimum=setting.minimum)
    if setting.kind == "yes_no":
        return table.yes_no(setting.name)
    if setting.choices:
        return table.choice(setting.name, setting.choices)
    text = table.text(setting.name)
    if text:
        _check_text(table, setting, text, schemes)
    return text


def _check_text(table: Table, setting: Setting, text: str, schemes: Schemes) -> None:
    is_plain = not is_reference(text, schemes)
    if setting.kind == "path" and _BROKEN_PATH.search(text):
        table.error(
            "bad-character",
            f'"{setting.name}" holds a line break or a tab: \\n and \\t in a text stand for these',
            "write the path with /, or put it in single quotes: 'C:\\new'",
            setting.name,
        )
    if is_plain and setting.kind in REFERRING_KINDS and _ALMOST.fullmatch(text):
        table.error(
            "bad-reference",
            f'"{setting.name}" says where the value is kept in a way that nothing here reads',
            f'write {setting.name} = "env:NAME" or "file:PATH", without a blank',
            setting.name,
        )
        return
    if is_plain and setting.kind in REFERRING_KINDS and not is_url(text):
        told = unknown_scheme(text, schemes)
        if told:
            _report_scheme(table, setting, told, schemes)
            return
    if is_plain and (setting.kind == "secret" or (setting.kind == "url" and has_password(text))):
        what = "is a secret" if setting.kind == "secret" else "holds a password"
        table.error(
            "plain-secret",
            f'"{setting.name}" {what}, written plainly',
            f'write where it is kept: {setting.name} = "env:NAME" or "file:PATH";'
            " and change the secret, since it has been seen",
            setting.name,
        )
    elif setting.kind == "email" and not is_email(text):
        table.error(
            "bad-email", f'"{text}" is not an e-mail address', "write name@domain", setting.name
        )
    elif setting.kind == "url" and is_plain and not is_url(text):
        table.error(
            "bad-url",
            f'"{setting.name}" is not an address',
            "write it with its scheme, such as https://… or smtp://…",
            setting.name,
        )


def _report_scheme(table: Table, setting: Setting, told: str, schemes: Schemes) -> None:
    table.error(
        "unknown-scheme",
        f'"{setting.name}" {told}',
        f"write where it is kept, with one of: {known_schemes(schemes)}; a plugin that reads"
        " another has to be in the plugin set. If it is the secret itself, change the secret,"
        " since it has been seen",
        setting.name,
    )


def _resolve(
    value: object, setting: Setting, folder: Path, schemes: Schemes, followed: dict[str, str]
) -> object:
    if not isinstance(value, str) or not value:
        return value
    if setting.kind == "path":
        return str((folder / value).resolve())
    if setting.kind not in REFERRING_KINDS or not is_reference(value, schemes):
        return value
    if value not in followed:
        followed[value] = read_reference(value, folder, schemes)
    found = followed[value]
    if setting.kind == "url" and not is_url(found):
        told = f"{value} does not hold an address for {setting.name}"
        raise SecretMissing(told, f"put the address where {value} says it is")
    return found
