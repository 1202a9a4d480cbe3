from __future__ import annotations

import io
import zipfile

from acme_small import scanner as good
from acme_small.planting import component
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.values import ScanResult, ScanVerdict


class BelievesTheName(good.SmallScanner):
    def scan(self, attachment):
        if attachment.name.endswith(".png"):
            with attachment.open():
                return good.CLEAN
        return super().scan(attachment)


class SuspectsEverything(good.SmallScanner):
    def scan(self, attachment):
        return ScanVerdict(ScanResult.REFUSED, "one never knows")


class PassesTheEncrypted(good.SmallScanner):
    def is_infected_archive(self, kept, depth):
        try:
            return super().is_infected_archive(kept, depth)
        except good.Refused:
            return False


class StumblesOnTheEmpty(good.SmallScanner):
    def scan(self, attachment):
        if not attachment.size:
            raise ZeroDivisionError
        return super().scan(attachment)


class ReadsWhole(good.SmallScanner):
    def is_infected(self, file, depth):
        return super().is_infected(io.BytesIO(file.read()), depth)


class LooksAtTheBeginning(good.SmallScanner):
    def is_infected(self, file, depth):
        first = file.read(good.PIECE)
        if first.startswith(b"PK") and good.VIRUS not in first:
            try:
                return super().is_infected(io.BytesIO(first), depth)
            except zipfile.BadZipFile:
                return False
        return good.VIRUS in first


class LeavesOpen(good.SmallScanner):
    def scan(self, attachment):
        file = attachment.open()
        verdict = good.FOUND if good.VIRUS in file.read(good.PIECE) else good.CLEAN
        if verdict is good.CLEAN:
            file.close()
        return verdict


class BrokenIsClean(good.SmallScanner):
    def scan(self, attachment):
        try:
            with attachment.open() as file:
                return good.FOUND if self.is_infected(file, 0) else good.CLEAN
        except OSError:
            return good.CLEAN
        except (good.Refused, zipfile.BadZipFile, RuntimeError, EOFError):
            return ScanVerdict(ScanResult.REFUSED, "it cannot be read")


class TellsTheName(good.SmallScanner):
    def scan(self, attachment):
        found = super().scan(attachment)
        return ScanVerdict(found.result, f"{found.finding} {attachment.name}")


FAULTS = {
    "believes-the-name": BelievesTheName,
    "suspects-everything": SuspectsEverything,
    "passes-the-encrypted": PassesTheEncrypted,
    "stumbles-on-the-empty": StumblesOnTheEmpty,
    "reads-whole": ReadsWhole,
    "looks-at-the-beginning": LooksAtTheBeginning,
    "leaves-open": LeavesOpen,
    "broken-is-clean": BrokenIsClean,
    "tells-the-name": TellsTheName,
}


@hookimpl
def selvbetjening_register(register):
    component(good, good.SmallScanner, FAULTS, register)
