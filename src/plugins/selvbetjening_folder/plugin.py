"""A destination that is a folder on this machine."""

from __future__ import annotations

from pathlib import Path

from zope.interface import implementer

from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.values import (
    ComponentContext,
    Data,
    Outcome,
    OutcomeKind,
    Parcel,
    ResolvesUnknown,
    Setting,
    Verdict,
)
from selvbetjening_core.values.parcel_files import (
    CASE_FILE,
    is_safe_name,
    key_in,
    parcel_files,
    unusable_names,
)
from selvbetjening_folder.shelf import fingerprints, put, read

SETTINGS = (Setting(name="path", kind="path", help="The folder that parcels are delivered to."),)


@implementer(IDelivery)
class FolderDelivery:
    """Writes one folder for each parcel, whole or not at all.

    The folder is called by the receipt number and holds ``case.json``, the
    documents and the attachments. What is there is never overwritten.
    """

    resolves_unknown = ResolvesUnknown.SAFE_REPEAT

    def __init__(self, context: ComponentContext) -> None:
        self._folder = Path(context.text("path"))

    def accepts(self, parcel: Parcel) -> Verdict:
        """Whether the receipt number and the documents' names can name files."""
        reasons = unusable_names(parcel)
        number = parcel.case.receipt_number
        if not is_safe_name(number):
            reasons = (f"the name cannot be used for a file: {number!r}", *reasons)
        return Verdict(not reasons, reasons)

    def send(self, parcel: Parcel) -> Outcome:
        """Write the parcel's folder, or find that it is there already.

        A repeat with the same key finds what the first attempt wrote and gives
        the same evidence. Full disks, missing rights and attachments that cannot
        be read are *transient*; a receipt number that another parcel has is *permanent*.
        """
        verdict = self.accepts(parcel)
        if not verdict.ok:
            return Outcome(OutcomeKind.PERMANENT, "; ".join(verdict.reasons))
        target = self._folder / parcel.case.receipt_number
        try:
            put(target, parcel_files(parcel), parcel.key)
            return _outcome(parcel, target)
        except OSError as error:
            return Outcome(OutcomeKind.TRANSIENT, f"not written: {error.strerror or 'failed'}")


def _outcome(parcel: Parcel, target: Path) -> Outcome:
    if key_in(read(target / CASE_FILE)) != parcel.key:
        return Outcome(
            OutcomeKind.PERMANENT, "the receipt number is taken by another parcel in this folder"
        )
    written = sorted(fingerprints(target).items())
    evidence = "\n".join(f"{name} sha256:{sha256}" for name, sha256 in written)
    return Outcome(OutcomeKind.DELIVERED, evidence, parcel.case.receipt_number)


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Offer delivery into a folder."""
    register.component(
        IDelivery,
        FolderDelivery,
        help="Writes each submission as a folder with case.json and all its files.",
        settings=SETTINGS,
        reads=(Data.CPR, Data.NAME, Data.ADDRESS, Data.ANSWERS, Data.DOCUMENTS, Data.ATTACHMENTS),
        holds="The whole case with all its files, until somebody removes its folder.",
        built_for="0.1",
    )
