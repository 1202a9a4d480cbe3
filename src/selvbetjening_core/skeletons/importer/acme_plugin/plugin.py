"""What is added to the plugin set: the format ``acme``. Nothing to fill in here."""

from __future__ import annotations

import json

from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IImporter
from selvbetjening_core.values import Imported, ImportedElement, SourceFile
from zope.interface import implementer

from acme_plugin.export import Export, Field, Target

STEP = "fields"


@implementer(IImporter)
class AcmeImporter:
    """Files that Acme exports."""

    format = "acme"

    def __init__(self) -> None:
        self._export = Export()

    def recognises(self, source: SourceFile) -> bool:
        """Is the file one of Acme's?"""
        return self._export.begins_right(source.content)

    def convert(self, source: SourceFile) -> tuple[Imported, ...]:
        """The solution in the file, with every field of the source accounted for.

        :raises ValueError: the file cannot be read; the sentence says where
        """
        form = self._export.read(source.content)
        targets = [(field, self._export.mapped(field)) for field in form.fields]
        lines = [f"[solution]\ntitle.da = {_quoted(form.title)}\n\n[step.{STEP}]\n"]
        lines += [_line(field, target) for field, target in targets]
        elements = tuple(
            ImportedElement(field.name, target.mapped, f"step.{STEP}.{field.name}", target.note)
            for field, target in targets
        )
        return (Imported(form.name, {"solution.toml": "".join(lines).encode()}, elements),)


def _line(field: Field, target: Target) -> str:
    words = f"kind = {_quoted(target.kind)}, label.da = {_quoted(target.label)}"
    return f"{field.name} = {{ {words} }}\n"


def _quoted(text: str) -> str:
    # What JSON and TOML write alike.
    return json.dumps(text, ensure_ascii=False)


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Say what this plugin offers."""
    register.shared(IImporter, AcmeImporter())
