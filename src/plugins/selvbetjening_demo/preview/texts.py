# ruff: noqa: RUF001 - an en dash is how Danish writes a pause
"""What a preview adds to every page. What `check` finds is told in its own words."""

from __future__ import annotations

from collections.abc import Mapping

_DANISH: Mapping[str, str] = {
    "mark": "Forhåndsvisning",
    "banner": "Forhåndsvisning – ikke en rigtig løsning. Intet bliver sendt eller gemt.",
    "reload": "Genindlæs",
    "changed": "Løsningen er ændret. Siden venter, fordi du er i gang med at udfylde den.",
    "outdated": "Den nyeste udgave har fejl. Du ser den sidste, der var rigtig.",
    "none": "Der er fejl i løsningen, så den kan ikke vises endnu. Ret dem, og gem filen.",
    "title": "Forhåndsvisning: løsningen har fejl",
    "count": "Antal bemærkninger: {count}",
    "line": "linje {line}",
    "error": "Fejl",
    "incomplete": "Mangler",
    "warning": "Advarsel",
}
_ENGLISH: Mapping[str, str] = {
    "mark": "Preview",
    "banner": "Preview – not a real solution. Nothing is sent or kept.",
    "reload": "Reload",
    "changed": "The solution has changed. The page waits, as you are filling it in.",
    "outdated": "The newest version has errors. You see the last one that was right.",
    "none": "There are errors in the solution, so it cannot be shown yet. Correct them and save.",
    "title": "Preview: the solution has errors",
    "count": "Remarks: {count}",
    "line": "line {line}",
    "error": "Error",
    "incomplete": "Incomplete",
    "warning": "Warning",
}
TEXTS: Mapping[str, Mapping[str, str]] = {"da": _DANISH, "en": _ENGLISH}
"""The words, by language."""
