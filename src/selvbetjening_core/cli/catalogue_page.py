"""The service catalogue as a page in Danish that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

import jinja2

from selvbetjening_core.cli import record_in_danish as danish

CONTRACTS_IN_DANISH = {
    "IForm": "Formular",
    "IIdentity": "Login",
    "ISingleLogout": "Log ud hos loginudbyderen",
    "IPayment": "Betaling",
    "IReceipt": "Kvittering",
    "IPaperForm": "Blanket på papir",
    "IDelivery": "Aflevering",
    "IDeliveryQuery": "Opslag om en aflevering",
    "IMessages": "Beskeder udefra",
    "IScheduled": "Faste opgaver",
    "IPrefill": "Oplysninger fra et register",
    "ILookup": "Opslag",
    "IStatus": "Status på en sag",
    "IDigest": "Dagligt overblik til driften",
    "IMeasure": "Måling",
    "IScanner": "Scanning af bilag",
    "IFieldKind": "Felttype",
    "ITheme": "Tema",
    "ISecrets": "Opbevaring af hemmeligheder",
    "ISolutions": "Løsninger",
    "IImporter": "Import af løsninger",
}
"""What each contract is about, for a reader who is no programmer."""

DATA_IN_DANISH = {
    "cpr": "CPR-numre",
    "name": "navne",
    "address": "adresser",
    "answers": "svar",
    "documents": "dokumenter",
    "attachments": "bilag",
}
"""Each kind of personal data."""


def as_page(data: Mapping[str, Any]) -> str:
    """The whole page; ``data`` is what ``catalogue_as_data`` gives."""
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    template = resources.files(__package__).joinpath("catalogue.html").read_text("utf-8")
    page = environment.from_string(template)
    # A contract of a vendor's own has no Danish word here; its name has to do.
    words = {"about": _about, "data_words": _data_words, "danish_date": _danish_date}
    return f"{page.render(data, danish=danish, **words)}\n"


def _about(contract: str) -> str:
    return CONTRACTS_IN_DANISH.get(contract, contract)


def _data_words(reads: list[str]) -> str:
    return ", ".join(DATA_IN_DANISH[one] for one in reads) or "ingen personoplysninger"


def _danish_date(day: str) -> str:
    year, month, date = day.split("-")
    return f"{int(date)}.{int(month)}.{year}"
