"""The service catalogue in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_NOT_STATED = "not stated"
_NO_DATA = "no personal data"


def as_markdown(data: Mapping[str, Any]) -> str:
    """The whole catalogue; ``data`` is what ``catalogue_as_data`` gives."""
    return "\n".join(_lines(data)) + "\n"


def _lines(data: Mapping[str, Any]) -> Iterator[str]:
    yield "# Service catalogue"
    yield ""
    yield f"Made on {data['made_on']} by selvbetjening {data['selvbetjening']}."
    yield ""
    yield "## Plugins"
    for plugin in data["plugins"]:
        yield from _plugin(plugin)
    yield from _spare(data["in_no_plugin_set"])
    yield "## Records of processing"
    yield ""
    yield "Databeskyttelsesforordningen, article 30."
    yield ""
    for record in data["records_of_processing"]:
        yield from _record(record)


def _plugin(plugin: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield f"### {plugin['name']} {plugin['version']}"
    yield ""
    yield f"- Distribution: {_from(plugin)}"
    yield f"- Owner: {_text(plugin['owner'])}"
    yield f"- Licence: {_text(plugin['licence'])}"
    yield f"- Plugin sets: {', '.join(plugin['plugin_sets'])}"
    if plugin["settings"]:
        yield f"- Settings: {_settings(plugin['settings'])}"
    yield ""
    for item in plugin["items"]:
        yield from _item(item)


def _item(item: Mapping[str, Any]) -> Iterator[str]:
    name = f" `{item['name']}`" if item["name"] else ""
    yield f"#### {item['contract']}{name}"
    yield ""
    yield f"{_text(item['function'])}{_marks(item)}"
    yield ""
    yield f"- Contract version: {_text(item['contract_version'])}"
    if item["kind"] == "component":
        yield f"- Built for: {_text(item['built_for'])}"
        yield f"- Reads: {', '.join(item['reads']) or _NO_DATA}"
        yield f"- Holds: {_text(item['holds'])}"
    for task in item["tasks"]:
        yield f"- Task every {task['every_seconds']:g} s: {_text(task['function'])}"
    if item["settings"]:
        yield f"- Settings: {_settings(item['settings'])}"
    yield f"- Used by: {'; '.join(map(_use, item['used_by'])) or 'nobody'}"
    yield ""


def _marks(item: Mapping[str, Any]) -> str:
    marks = {"demo_only": "demo only", "makes_faults": "makes faults on purpose"}
    told = [word for key, word in marks.items() if item[key]]
    return f" *({', '.join(told)})*" if told else ""


def _settings(settings: Iterable[Mapping[str, Any]]) -> str:
    return ", ".join(
        f"`{one['name']}` ({one['kind']}{', required' if one['required'] else ''})"
        for one in settings
    )


def _use(use: Mapping[str, Any]) -> str:
    component = f" `{use['component']}`" if use["component"] else ""
    what = _roles(use["roles"]) if use["roles"] else ", ".join(use["solutions"])
    return f"{use['municipality']}{component}{f' ({what})' if what else ''}"


def _roles(roles: Mapping[str, Iterable[str]]) -> str:
    return ", ".join(f"{solution}: {' and '.join(filled)}" for solution, filled in roles.items())


def _spare(plugins: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield "## Installed, and in no plugin set"
    yield ""
    yield "These are not imported."
    yield ""
    told = [
        f"- {one['name']} (`{one['module']}`): {_from(one)}, {_text(one['owner'])},"
        f" {_text(one['licence'])}"
        for one in plugins
    ]
    yield from told or ["None."]
    yield ""


def _record(record: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {record['municipality']} {_text(record['name'])}"
    yield ""
    for one in record["solutions"]:
        yield (
            f"- `{one['name']}` {one['version']}: {_text(one['title'])}. KLE {_text(one['kle'])}."
            f" {_text('; '.join(one['laws']))}. A draft is kept for {one['draft_days']} days, a"
            f" submission for {one['delivered_days']} days after its delivery."
        )
    yield ""
    yield "| component | plugin | owner | reads | holds | for |"
    yield "|---|---|---|---|---|---|"
    for one in record["components"]:
        cells = (
            one["component"],
            f"{one['plugin']} {one['version']}",
            _text(one["owner"]),
            ", ".join(one["reads"]) or _NO_DATA,
            _text(one["holds"]),
            _roles(one["roles"]) or "nothing",
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


def _from(one: Mapping[str, Any]) -> str:
    return f"{_text(one['distribution'])} {one['distribution_version']}".rstrip()


def _text(text: str) -> str:
    """What others wrote, on one line and without signs that Markdown would take for its own."""
    words = " ".join(text.split()) or _NOT_STATED
    for sign in ("\\", "|", "<", "`", "*", "["):
        words = words.replace(sign, f"\\{sign}")
    return words
