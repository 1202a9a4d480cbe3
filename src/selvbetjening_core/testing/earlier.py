"""A case as an earlier version kept it: the first format, frozen.

Parcels are packed from cases that were kept years ago. This text is never
changed; when the format grows, another is added beside it.
"""

from __future__ import annotations

import json
from typing import Any

from selvbetjening_core.values import CaseSnapshot
from selvbetjening_core.values.case_json import case_from_json

FIRST_FORMAT = """
{
  "format": 1,
  "submission_id": "6b1f0f52-0f0e-4b1c-8a38-3f1f3c4f9d10",
  "receipt_number": "MORS-2C9X-7T",
  "solution": "sundhedskort",
  "definition_version": "2026.1",
  "title": "Bestil nyt sundhedskort",
  "municipality_code": "0773",
  "authority": "Morsø Kommune",
  "contact": {"phone": "99 70 70 00", "email": "borger@mors.example", "hours": "Man-tors 9-15",
              "address": "Jernbanevej 7, 7900 Nykøbing Mors"},
  "kle": "29",
  "locale": "da",
  "received_at": "2026-11-02T09:30:00+00:00",
  "parties": {
    "actor": {"cpr": "2911829996", "name": "Kirsten Test Berggren", "protected": false,
              "address": {"key": "home", "lines": ["Testpark Allé 48", "3400 Hillerød"],
                          "municipality_code": "0219"}},
    "principal": {"cpr": "0505159995", "name": "Lars Test Berggren", "protected": true,
                  "address": null},
    "basis": "custody",
    "level": "substantial",
    "channel": "self_service"
  },
  "groups": [
    {"step": "person", "title": "Hvem skal have kortet?", "answers": [
      {"field": "holder", "label": "Kortet er til", "text": "Lars Test Berggren",
       "value": "child-1", "source": "", "retrieved_at": null},
      {"field": "address", "label": "Adresse", "text": "Testpark Allé 48\\n3400 Hillerød",
       "value": null, "source": "Folkeregisteret", "retrieved_at": "2026-11-02T09:23:00+00:00"},
      {"field": "year", "label": "Kortets år", "text": "2019", "value": 2019, "source": "",
       "retrieved_at": null},
      {"field": "truth", "label": "Jeg bekræfter", "text": "Ja", "value": true, "source": "",
       "retrieved_at": null}
    ]},
    {"step": "nothing", "title": "Et trin uden svar", "answers": []}
  ],
  "payment": {"ore": 22500, "currency": "DKK", "text": "Gebyr for nyt sundhedskort",
              "method": "", "provider_reference": "", "paid_at": null},
  "texts": {}
}
"""


def earlier_cases() -> tuple[CaseSnapshot, ...]:
    """One case of each format there has been, as the core reads it today."""
    return (case_from_json(_data(FIRST_FORMAT)),)


def _data(text: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(text)
    return data
