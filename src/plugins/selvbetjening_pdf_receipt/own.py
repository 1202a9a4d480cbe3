"""A municipality's own logo, template and fonts, read once when it starts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from selvbetjening_core.errors import BadSettings
from selvbetjening_core.values import ComponentContext, SettingFault
from selvbetjening_pdf_receipt.logo import as_svg, fault_of_logo

_BESIDE = (".typ", ".svg", ".png", ".jpg")
"""What an own template may use: files of these kinds in its own folder."""
_LOGOS = (".svg", ".png")
_PACKAGE = re.compile(r'"@[\w-]+/')


@dataclass(frozen=True, slots=True)
class Own:
    """What a municipality has of its own. ``template`` is None for the shipped one.

    ``files`` are the template and what lies beside it, by name; ``logo`` is the
    name of one of them, or empty.
    """

    template: Path | None
    logo: str
    files: dict[str, bytes]
    fonts: Path | None


def read_own(context: ComponentContext) -> Own:
    """What the settings ``logo``, ``template`` and ``fonts`` point to.

    :raises BadSettings: a file is not there, or not of a kind that can be used
    """
    template = _path(context, "template")
    files = {} if template is None else _read_template(template)
    logo = _path(context, "logo")
    name = ""
    if logo is not None:
        if logo.suffix.lower() not in _LOGOS:
            raise _fault("logo", f"the logo {logo} must be an SVG or a PNG file")
        content = _read(logo, "logo")
        fault = fault_of_logo(logo.suffix.lower(), content)
        if fault:
            raise _fault("logo", f"the logo cannot be used: {logo} {fault}")
        name = "logo.svg"
        files[name] = content if logo.suffix.lower() == name[-4:] else as_svg(content)
    fonts = _path(context, "fonts")
    if fonts is not None and not fonts.is_dir():
        raise _fault("fonts", f"the setting fonts: {fonts} is not a folder")
    return Own(template, name, files, fonts)


def _path(context: ComponentContext, setting: str) -> Path | None:
    text = context.text(setting)
    return Path(text) if text else None


def _read(path: Path, setting: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _fault(setting, f"the setting {setting}: {path}: {error.strerror}") from None


def _read_template(template: Path) -> dict[str, bytes]:
    if template.suffix != ".typ" or template.name == "main.typ":
        raise _fault(
            "template", f"the template {template} must end in .typ and not be called main.typ"
        )
    files = {template.name: _read(template, "template")}
    for path in sorted(template.parent.iterdir()):
        if path.suffix.lower() in _BESIDE and path.is_file() and path.name != "main.typ":
            files[path.name] = _read(path, "template")
    for name, content in files.items():
        _forbid_packages(template.parent / name, content)
    return files


def _forbid_packages(path: Path, content: bytes) -> None:
    """A package is fetched from the internet, perhaps when a citizen waits."""
    if path.suffix.lower() != ".typ":
        return
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
        if _PACKAGE.search(line):
            raise _fault(
                "template", f"{path}:{number}: a template uses no packages; copy what it needs"
            )


def _fault(setting: str, text: str) -> BadSettings:
    return BadSettings(SettingFault(setting, text))
