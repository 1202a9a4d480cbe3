from __future__ import annotations

import contextlib
import itertools
from dataclasses import replace

from acme_small import importer as good
from acme_small.planting import shared_settings as selvbetjening_settings
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IImporter
from selvbetjening_core.values import Mapped

__all__ = ["selvbetjening_settings"]


class Changed(good.CsvImporter):
    def convert(self, source):
        return tuple(self.changed(one) for one in super().convert(source))


class LeavesOut(Changed):
    def changed(self, imported):
        kept = [one for one in imported.elements if one.mapped is not Mapped.NOT]
        return replace(imported, elements=tuple(kept))


class CountsTwice(Changed):
    def changed(self, imported):
        return replace(imported, elements=imported.elements + imported.elements[:1])


class StopsAtUnknown(good.CsvImporter):
    def field(self, number, row):
        if row[2] not in good.KINDS and row[2] not in good.CHANGED:
            raise ValueError(f"line {number}: nobody knows {row[2]}")
        return super().field(number, row)


class SilentAboutIt(Changed):
    def changed(self, imported):
        return replace(imported, elements=tuple(replace(e, note="") for e in imported.elements))


class Evaluates(good.CsvImporter):
    def line(self, name, label, kind):
        with contextlib.suppress(Exception):
            label = str(eval(label))  # noqa: S307 - the fault
        return super().line(name, label, kind)


class DoesNotSayWhere(good.CsvImporter):
    def convert(self, source):
        try:
            return super().convert(source)
        except ValueError:
            raise ValueError("the file is wrong") from None


class StumblesOnBytes(good.CsvImporter):
    def recognises(self, source):
        return source.content.decode("utf-8").startswith("FELTER;")


class RecognisesAll(good.CsvImporter):
    def recognises(self, source):
        return True


class OtherTargets(Changed):
    def changed(self, imported):
        moved = [replace(one, target=f"old.{one.target}") for one in imported.elements]
        return replace(imported, elements=tuple(moved))


class CountsUp(Changed):
    def __init__(self):
        self.count = itertools.count(1)

    def changed(self, imported):
        return replace(imported, name=f"{imported.name}_{next(self.count)}")


FAULTS = {
    "none": good.CsvImporter,
    "leaves-out": LeavesOut,
    "counts-twice": CountsTwice,
    "stops-at-unknown": StopsAtUnknown,
    "silent-about-it": SilentAboutIt,
    "evaluates": Evaluates,
    "does-not-say-where": DoesNotSayWhere,
    "stumbles-on-bytes": StumblesOnBytes,
    "recognises-all": RecognisesAll,
    "other-targets": OtherTargets,
    "counts-up": CountsUp,
}


@hookimpl
def selvbetjening_register(register, context):
    register.shared(IImporter, FAULTS[context.settings["fault"]]())
