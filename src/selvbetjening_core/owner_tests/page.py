"""Filling in a page as a browser without script does: by what stands in its HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

_CHOSEN = ("checkbox", "radio")
_BUTTONS = ("submit", "button", "reset", "image", "file")


@dataclass(slots=True)
class Control:
    """One input, option or text area of a page."""

    name: str
    value: str
    type: str
    is_sent: bool


class _Reader(HTMLParser):
    """Collects the controls of a page, in page order."""

    def __init__(self) -> None:
        super().__init__()
        self.controls: list[Control] = []
        self._select = ""
        self._area: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and given.get("name") and given.get("type") not in _BUTTONS:
            kind = given.get("type", "text")
            value = given.get("value", "on" if kind in _CHOSEN else "")
            is_sent = kind not in _CHOSEN or "checked" in given
            self.controls.append(Control(given["name"], value, kind, is_sent))
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select:
            control = Control(self._select, given.get("value", ""), "option", "selected" in given)
            self.controls.append(control)
        elif tag == "textarea" and given.get("name"):
            self._area = Control(given["name"], "", "textarea", is_sent=True)
            self.controls.append(self._area)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data


class FilledPage:
    """The controls of a rendered step, filled in. Personal data: the answers."""

    def __init__(self, html: str) -> None:
        reader = _Reader()
        reader.feed(html)
        self._controls = reader.controls

    def offered(self, name: str) -> tuple[str, ...]:
        """The answers that can be chosen in the field ``name``; none where one writes."""
        found = (
            _option(one, name)
            for one in self._of(name)
            if one.type in (*_CHOSEN, "option") and one.value != ""
        )
        return tuple(dict.fromkeys(found))

    def is_answered(self, name: str) -> bool:
        """Would anything be sent that answers the field ``name``?"""
        return any(one.is_sent and one.value for one in self._of(name))

    def write(self, name: str, text: str) -> bool:
        """Write ``text`` as it stands into the field. False if one cannot write there."""
        written = [one for one in self._of(name) if one.type not in (*_CHOSEN, "option")]
        if len(written) != 1:
            return False
        written[0].value = text
        return True

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """What the browser sends."""
        return tuple((one.name, one.value) for one in self._controls if one.is_sent)

    def _of(self, name: str) -> Iterable[Control]:
        return (
            one for one in self._controls if one.name == name or one.name.startswith(f"{name}.")
        )


def _option(control: Control, name: str) -> str:
    """What is chosen by it: of several boxes each has a name of its own."""
    if control.type == "checkbox" and control.name != name:
        return control.name.removeprefix(f"{name}.")
    return control.value


def as_values(answers: Mapping[str, object]) -> dict[str, object]:
    """Answers as a form keeps them: a day of TOML as ISO text."""
    return {name: _as_value(value) for name, value in answers.items()}


def _as_value(answer: object) -> object:
    if isinstance(answer, Mapping):
        return as_values(answer)
    if isinstance(answer, list):
        return [_as_value(one) for one in answer]
    return answer.isoformat() if hasattr(answer, "isoformat") else answer
