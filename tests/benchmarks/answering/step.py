"""The step that every stack serves: fields, texts, answers, and what is wrong with others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TITLE = "Dit nye hjem"
NEXT_TITLE = "Til sidst"
SUBMIT = "Næste"
OPTIONAL = " (valgfrit)"


@dataclass(frozen=True)
class Asked:
    """One field.

    :param kind: the word of the form language for it
    :param required: False: it may be left empty, and its label says so
    :param options: value and label of each option
    :param value: an answer that is accepted, and what it is shown as afterwards
    :param wrong: what somebody might send instead; None: it is not among the wrong answers
    :param error: the message for ``wrong``
    :param code: the form language's code of that error
    """

    name: str
    kind: str
    label: str
    value: str
    hint: str = ""
    required: bool = True
    options: tuple[tuple[str, str], ...] = ()
    wrong: str | None = None
    error: str = ""
    code: str = ""
    settings: tuple[tuple[str, int], ...] = ()

    @property
    def label_text(self) -> str:
        """The label as the page shows it."""
        return self.label if self.required else f"{self.label}{OPTIONAL}"

    @property
    def longest(self) -> int | None:
        """How many characters it takes."""
        return dict(self.settings).get("max_length")


# The CPR number is of a test person that MedCom publishes.
FIELDS = (
    Asked(
        "cpr",
        "cpr",
        "CPR-nummer",
        "251248-9996",
        hint="Ti cifre",
        wrong="991248-9996",
        error="Et CPR-nummer begynder med en dato",
        code="not_a_cpr_number",
    ),
    Asked("navn", "text", "Navn", 'Æske & "Søn" <Ø>', settings=(("max_length", 100),)),
    Asked(
        "email",
        "email",
        "E-mail",
        "borger@eksempel.dk",
        wrong="borger",
        error="Skriv en e-mailadresse",
        code="not_an_email",
    ),
    Asked(
        "telefon",
        "phone",
        "Telefon",
        "99707000",
        hint="Otte cifre",
        wrong="1234",
        error="Skriv et telefonnummer med otte cifre",
        code="not_a_phone_number",
    ),
    Asked("vej", "text", "Vej og nummer", "Eksempelvej 1, 2. tv.", settings=(("max_length", 200),)),
    Asked(
        "postnr",
        "postcode",
        "Postnummer",
        "7900",
        wrong="79000",
        error="Skriv et postnummer med fire cifre",
        code="not_a_postcode",
    ),
    Asked(
        "bolig",
        "choice",
        "Boligtype",
        "raekkehus",
        options=(
            ("lejlighed", "Lejlighed"),
            ("raekkehus", "Rækkehus"),
            ("parcelhus", "Parcelhus"),
            ("gaard", "Gård"),
            ("kollegium", "Kollegium"),
            ("andet", "Andet"),
        ),
    ),
    Asked(
        "ejer",
        "choice",
        "Ejerforhold",
        "leje",
        options=(("eje", "Jeg ejer"), ("leje", "Jeg lejer"), ("andel", "Andel")),
        wrong="",
        error="Vælg, om du ejer eller lejer",
        code="required",
    ),
    Asked(
        "antal",
        "number",
        "Antal personer",
        "3",
        hint="Tæl også børn med",
        settings=(("min", 1), ("max", 20)),
        wrong="21",
        error="Der kan højst være 20",
        code="too_great",
    ),
    Asked(
        "udlejer",
        "text",
        "Udlejer",
        "Boligselskabet Ål",
        required=False,
        settings=(("max_length", 100),),
    ),
    Asked(
        "note",
        "long_text",
        "Bemærkninger",
        "Vi flytter ind\r\nden 1. maj.",
        required=False,
        settings=(("max_length", 1000),),
    ),
    Asked(
        "samtykke",
        "consent",
        "Jeg har læst betingelserne",
        "true",
        options=(("true", "Jeg har læst betingelserne"),),
        wrong="",
        error="Sæt kryds, når du har læst betingelserne",
        code="required",
    ),
)
RIGHT: Mapping[str, str] = {field.name: field.value for field in FIELDS}
WRONG: Mapping[str, str] = {
    field.name: field.value if field.wrong is None else field.wrong for field in FIELDS
}
ERRORS: Mapping[str, str] = {field.name: field.error for field in FIELDS if field.error}


def many(number: int) -> tuple[Asked, ...]:
    """A step of so many fields, of the kinds that are asked most."""
    return tuple(
        Asked(f"felt{count}", "text", f"Felt {count}", "Svar", settings=(("max_length", 100),))
        for count in range(number)
    )
