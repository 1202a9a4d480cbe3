"""A destination that is a folder on this machine."""

from __future__ import annotations

import re
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
from selvbetjening_folder.contents import (
    CASE_FILE,
    attachments_of,
    contents_of,
    evidence_of,
    key_of,
)
from selvbetjening_folder.shelf import fingerprints, put, read

SETTINGS = (Setting(name="path", kind="path", help="The folder that parcels are delivered to."),)

_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)


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
        documents = [document.name for document in parcel.documents]
        names = [CASE_FILE, *documents, *attachments_of(parcel)]
        reasons = [
            f"the name cannot be used for a file: {name!r}"
            for name in (parcel.case.receipt_number, *names)
            if _SAFE_NAME.fullmatch(name) is None
        ]
        if len({name.lower() for name in names}) < len(names):
            reasons.append("two files would have the same name")
        return Verdict(not reasons, tuple(reasons))

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
            put(target, contents_of(parcel), parcel.key)
            return _outcome(parcel, target)
        except OSError as error:
            return Outcome(OutcomeKind.TRANSIENT, f"not written: {error.strerror or 'failed'}")


def _outcome(parcel: Parcel, target: Path) -> Outcome:
    if key_of(read(target / CASE_FILE)) != parcel.key:
        return Outcome(
            OutcomeKind.PERMANENT, "the receipt number is taken by another parcel in this folder"
        )
    evidence = evidence_of(fingerprints(target))
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
