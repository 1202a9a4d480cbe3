"""Solutions from a list of fields: name;label;kind, under the first line FELTER;navn;titel."""

from __future__ import annotations

import csv
import io
import json
import re

from zope.interface import implementer

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IImporter
from selvbetjening_core.values import Imported, ImportedElement, Mapped

HEAD = "FELTER"
KINDS = {"tekst": "text", "dato": "date", "tal": "number"}
CHANGED = {"afsnit": ("textarea", "shown as a large field")}
NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


@implementer(IImporter)
class CsvImporter:
    format = "fields-csv"

    def recognises(self, source):
        return source.content.startswith(HEAD.encode() + b";")

    def convert(self, source):
        try:
            text = source.content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ValueError(f"not UTF-8 from byte {error.start} on") from None
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))
        name, title = self.head(rows)
        lines, elements = [f"[solution]\ntitle.da = {quoted(title)}\n", "[step.fields]\n"], []
        for number, row in enumerate(rows[1:], start=2):
            line, element = self.field(number, row)
            lines.append(line)
            elements.append(element)
        files = {"solution.toml": "".join(lines).encode()}
        return (Imported(name, files, tuple(elements)),)

    def head(self, rows):
        if not rows or len(rows[0]) != 3 or rows[0][0] != HEAD or not NAME.fullmatch(rows[0][1]):
            raise ValueError("line 1: it should be FELTER;name;title")
        return rows[0][1:]

    def field(self, number, row):
        if len(row) != 3 or not NAME.fullmatch(row[0]):
            raise ValueError(f"line {number}: it should be name;label;kind")
        name, label, kind = row
        target = f"step.fields.{name}"
        if kind in KINDS:
            mapped = self.element(name, Mapped.EXACTLY, target)
            return self.line(name, label, KINDS[kind]), mapped
        if kind in CHANGED:
            new, note = CHANGED[kind]
            return self.line(name, label, new), self.element(name, Mapped.DIFFERENTLY, target, note)
        placeholder = self.line(name, f"{label} (mangler: {kind})", "message")
        note = f"no field is like {kind}"
        return placeholder, self.element(name, Mapped.NOT, target, note)

    def element(self, name, mapped, target, note=""):
        return ImportedElement(name, mapped, target, note)

    def line(self, name, label, kind):
        return f"{name} = {{ kind = {quoted(kind)}, label.da = {quoted(label)} }}\n"


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


@hookimpl
def selvbetjening_register(register):
    register.shared(IImporter, CsvImporter())
