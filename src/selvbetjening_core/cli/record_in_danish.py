"""The Danish words of the record of processing."""

from __future__ import annotations

from selvbetjening_core.composition.own_processing import Kept, Persons
from selvbetjening_core.composition.roles import (
    IDENTITY,
    PAYMENT,
    RECEIPT,
    REGISTER,
    SCANNER,
)
from selvbetjening_core.definitions.model import ADDRESSES
from selvbetjening_core.values import Basis

ROLES = {
    ADDRESSES: "opslag af adresser",
    IDENTITY: "login",
    REGISTER: "opslag i et personregister",
    RECEIPT: "kvittering",
    PAYMENT: "betaling",
    SCANNER: "virusscanning",
}
"""The roles that every solution knows. All others are destinations, which solutions name."""

BASES = {
    Basis.SELF: "borgeren selv",
    Basis.CUSTODY: "forældremyndighedens indehaver for et barn",
    Basis.HOUSEHOLD: "en person i husstanden for en anden på samme adresse",
}
"""Who may act."""

PERSONS = {
    Persons.ACTOR: "borgeren, der bruger løsningen",
    Persons.PRINCIPAL: "den, borgeren handler for",
    Persons.HOUSEHOLD: "borgerens børn og andre på adressen, som registeret oplyser om",
    Persons.STAFF: "kommunens medarbejdere, der passer driften",
}
"""Each category of persons."""

KEPT = {
    Kept.DRAFT: "Så længe løsningen siger om kladder",
    Kept.DELIVERED: "Så længe løsningen siger om det afleverede",
    Kept.SESSION: "Et login gælder i 30 minutter uden aktivitet og højst 8 timer, på højeste"
    " sikringsniveau 15 minutter og højst 1 time; et påbegyndt login i 15 minutter."
    " Udløbne login slettes, næste gang nogen logger ind",
    Kept.COMPONENT: "Så længe komponenten bestemmer",
    Kept.BOOKS: "Så længe installationen siger i [retention] payment_years: 5 hele år efter"
    " betalingens år, hvis den intet siger; en betaling, der ikke er afklaret, til den er det",
    Kept.RECEIVER: "Indtil modtageren sættes i gang igen",
    Kept.LOG: "Så længe installationen siger i [retention] audit_days: 1096 dage, hvis den intet"
    " siger",
}
"""How long something is kept."""

OWN = {
    "drafts": (
        "Kladder",
        "Borgeren kan udfylde formularen ad flere omgange og komme videre efter en betaling.",
        (
            "CPR-numre, navne, adresser og navne- og adressebeskyttelse, forældremyndighed, hvordan"
            " borgeren loggede ind, svar; i løsninger uden login svar og et hash med kommunens"
            " nøgle af den kode, der åbner dem"
        ),
    ),
    "submissions": (
        "Indsendelser",
        "Det indsendte bliver afleveret, og borgeren har en kvittering for det.",
        (
            "CPR-numre, navne, adresser, svar, kvitteringsnummer, på hvilket grundlag nogen"
            " handler, hvad der er betalt; i løsninger uden login intet CPR-nummer, navn eller"
            " adresse fra et login"
        ),
    ),
    "files": (
        "Filer",
        "Filer, som borgeren sender med, følger med indsendelsen.",
        "det, filerne indeholder, deres navne, typer og størrelser; en kladdes slettes med den",
    ),
    "deliveries": (
        "Afleveringer",
        "Det indsendte sendes, til det er nået frem, og det kan vises, at det er det.",
        "indsendelsens nummer, modtager, tilstand, tidspunkter, modtagerens svar",
    ),
    "payments": (
        "Betalinger",
        "Et gebyr kan opkræves, og regnskabet kan dokumenteres.",
        (
            "beløb, tidspunkter, tilstand, betalingsmåde, betalingsudbyderens reference, kladdens"
            " nummer"
        ),
    ),
    "sessions": (
        "Login",
        "Borgeren er logget ind, og ingen anden kan bruge det.",
        (
            "CPR-nummer, navn, hvordan og hvornår borgeren loggede ind, hvad loginudbyderen kalder"
            " login og borger; uden login intet af det"
        ),
    ),
    "staff_sessions": (
        "Medarbejderes login",
        "En medarbejder er logget ind, og ingen anden kan bruge det.",
        (
            "navn, det navn, der logges ind med, kommuner og roller, hvad loginudbyderen kalder"
            " login og person"
        ),
    ),
    "receivers": (
        "Modtagere på pause",
        "Leveringer til en modtager kan sættes på pause, og man kan se, hvem der gjorde det.",
        "det navn, en medarbejder logger ind med, hvornår og hvorfor",
    ),
    "component_store": (
        "Komponenternes egne noter",
        "En komponent husker, hvad den har brug for fra gang til gang.",
        "det, komponenten selv oplyser, at den gemmer; se komponenterne",
    ),
    "audit": (
        "Revisionsspor",
        "Det kan vises bagefter, hvad der skete, hvem der så det, og at sporet ikke er forfalsket.",
        (
            "hændelse, tidspunkt, formål og nummeret på det, den handler om; ingen borgers navn,"
            " intet CPR-nummer, men en nøgle, som en borgers egne linjer kan findes igen med; det"
            " navn, en medarbejder logger ind med, og den grund, der blev givet"
        ),
    ),
}
"""What the application keeps: what it is called, its purpose, the kinds of data."""

KINDS = {
    "text": "tekst",
    "long_text": "længere tekst",
    "email": "e-mail",
    "phone": "telefonnummer",
    "number": "tal",
    "amount": "beløb",
    "postcode": "postnummer",
    "cpr": "CPR-nummer",
    "cvr": "CVR-nummer",
    "p_number": "P-nummer",
    "bank_account": "bankkonto",
    "date": "dato",
    "time": "klokkeslæt",
    "choice": "valg",
    "choices": "valg af flere",
    "matrix": "valg i skema",
    "yes_no": "ja eller nej",
    "consent": "samtykke",
    "person": "valg af person",
    "address": "adresse",
    "lookup": "opslag i et register",
    "people": "valg af flere personer",
    "group": "gruppe af spørgsmål",
    "repeat": "gruppe af spørgsmål i rækker",
    "files": "filer",
    "fixed": "fast værdi",
    "computed": "udregnet værdi",
    "fact": "kendt oplysning",
    "message": "besked",
    "section": "overskrift",
}
"""The core's kinds of fields. One of a plugin's has its own name."""

SECURITY = (
    (
        "Det, der handler om personer, krypteres felt for felt, en kladdes svar trin for trin og"
        " filer i stykker (AES-256-GCM) med kommunens egen"
        " nøgle, medmindre andet står ovenfor. Hovednøglen ligger i en fil uden for databasen."
    ),
    "Et CPR-nummer slås op ved hjælp af et hash med kommunens egen nøgle.",
    "Kommunen er en del af nøglen til hver række og af hvert opslag i databasen.",
    "En komponent får det, den har erklæret, at den læser, og ikke andet.",
    (
        "Der er ingen sider til medarbejdere. Den, der kan bruge både databasen og nøglefilen, kan"
        " læse alt; selvbetjenings kommandoer viser ingen personoplysninger."
    ),
)
"""What the application does, wherever it is installed."""

TO_ADD = (
    "Databeskyttelsesrådgiverens navn og kontaktoplysninger, og eventuelle fælles dataansvarlige.",
    "Om oplysninger overføres til tredjelande, og på hvilket grundlag.",
    "Hvilke modtagere og leverandører der er databehandlere, og aftalerne med dem.",
    "Hvad komponenterne gemmer uden for applikationen og hvor længe, og hvem der sletter det dér.",
    "Hvor længe sikkerhedskopier gemmes: Det slettede ligger i dem, til de bliver destrueret.",
    (
        "Hvilke medarbejdere, også hos driftsleverandøren, der har adgang til server, database og"
        " nøglefil."
    ),
)
"""What no file says, and article 30 asks for."""


def role_in_danish(role: str) -> str:
    """A role in plain words; a destination keeps the name that its solution gives it."""
    return ROLES.get(role) or f"aflevering ({role})"


def kind_in_danish(kind: str) -> str:
    """A kind of field in plain words, where the core knows it."""
    return KINDS.get(kind, kind)
