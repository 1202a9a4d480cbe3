"""A component's settings, checked against what its plugin declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from selvbetjening_core.composition.secrets import is_reference, read_reference
from selvbetjening_core.files import Table
from selvbetjening_core.files.shapes import has_password, is_email, is_url
from selvbetjening_core.values import Setting

SETTING_KINDS = ("text", "number", "yes_no", "path", "url", "email", "secret")


def read_settings(table: Table, declared: Sequence[Setting]) -> dict[str, object]:
    """The settings as written, defaults filled in, references not yet followed.

    Anything missing, unknown or of the wrong type is reported at its line.
    """
    return {setting.name: _read(table, setting) for setting in declared}


def resolve_settings(
    settings: Mapping[str, object], declared: Sequence[Setting], folder: Path
) -> dict[str, object]:
    """The settings with references followed and paths made absolute.

    :raises LookupError: a reference points to nothing
    """
    return {
        setting.name: _resolve(settings.get(setting.name), setting, folder) for setting in declared
    }


def _read(table: Table, setting: Setting) -> object:
    if not setting.required and not table.has(setting.name):
        return setting.default
    if setting.kind == "number":
        return table.number(setting.name)
    if setting.kind == "yes_no":
        return table.yes_no(setting.name)
    if setting.choices:
        return table.choice(setting.name, setting.choices)
    text = table.text(setting.name)
    if text:
        _check_text(table, setting, text)
    return text


def _check_text(table: Table, setting: Setting, text: str) -> None:
    is_plain = not is_reference(text)
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


def _resolve(value: object, setting: Setting, folder: Path) -> object:
    if not isinstance(value, str) or not value:
        return value
    if setting.kind == "path":
        return str((folder / value).resolve())
    if setting.kind not in ("secret", "url") or not is_reference(value):
        return value
    found = read_reference(value, folder)
    if setting.kind == "url" and not is_url(found):
        raise LookupError(f"{value} does not hold an address for {setting.name}")
    return found
