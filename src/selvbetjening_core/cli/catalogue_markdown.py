"""The service catalogue in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from selvbetjening_core.cli.markdown_words import NO_DATA, plain, role_words
from selvbetjening_core.cli.record_markdown import record_lines


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
        yield from record_lines(record)


def _plugin(plugin: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield f"### {plugin['name']} {plugin['version']}"
    yield ""
    yield f"- Distribution: {_from(plugin)}"
    yield f"- Owner: {plain(plugin['owner'])}"
    yield f"- Licence: {plain(plugin['licence'])}"
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
    yield f"{plain(item['function'])}{_marks(item)}"
    yield ""
    yield f"- Contract version: {plain(item['contract_version'])}"
    if item["kind"] == "component":
        yield f"- Built for: {plain(item['built_for'])}"
        yield f"- Reads: {', '.join(item['reads']) or NO_DATA}"
        yield f"- Holds: {plain(item['holds'])}"
    for task in item["tasks"]:
        yield f"- Task every {task['every_seconds']:g} s: {plain(task['function'])}"
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
    what = role_words(use["roles"]) if use["roles"] else ", ".join(use["solutions"])
    return f"{use['municipality']}{component}{f' ({what})' if what else ''}"


def _spare(plugins: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield "## Installed, and in no plugin set"
    yield ""
    yield "These are not imported."
    yield ""
    told = [
        f"- {one['name']} (`{one['module']}`): {_from(one)}, {plain(one['owner'])},"
        f" {plain(one['licence'])}"
        for one in plugins
    ]
    yield from told or ["None."]
    yield ""


def _from(one: Mapping[str, Any]) -> str:
    return f"{plain(one['distribution'])} {one['distribution_version']}".rstrip()
