"""How Sphinx builds the documentation. A warning is an error."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

import selvbetjening_core

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

from outside import in_folder

logger = logging.getLogger(__name__)

project = "selvbetjening"
author = "the selvbetjening contributors"
copyright = "the selvbetjening contributors, MPL-2.0"
version = release = selvbetjening_core.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "contracts",
    "declared",
    "held_complete",
    "kind_pictures",
]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_default_options = {"members": True, "undoc-members": True}

# The documentation is built without a network, so other projects' names have
# nowhere to lead. Every name of our own must.
nitpick_ignore_regex = [
    (r"py:.*", r"(builtins|collections|contextlib|datetime|enum|importlib)\..*"),
    (r"py:.*", r"(ipaddress|pathlib|typing)\..*"),
    (r"py:.*", r"(bs4|click|colander|deform|markupsafe|pyramid|socket|zope)\..*"),
    (r"py:.*", r"selvbetjening_core\.composition\.(plugin_settings|set_hooks|solutions)\..*"),
    (r"py:.*", r"selvbetjening_core\.composition\.(audit|digest|retention)_settings\..*"),
    (r"py:.*", r"selvbetjening_core\.composition\.(limits|receiver_rules|staff_agreements)\..*"),
    (r"py:.*", r"selvbetjening_core\.uploads\.limits\..*"),
    (r"py:.*", r"selvbetjening_core\.testing\.(conformance\.F|pages\.page\.Page)"),
    (r"py:.*", r"(dict\[str, |tuple\[)<InterfaceClass .*"),
    (r"py:.*", r"(Any|Application|Callable|Configurator|InterfaceClass|Iterable|Iterator)"),
    (r"py:.*", r"(Mapping|Path|Sequence|WsgiApp|optional)"),
]

html_theme = "furo"
html_title = f"selvbetjening {release}"
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["own.css"]


def find_by_last_name(
    app: Sphinx, env: Any, node: nodes.Element, content: nodes.TextElement
) -> nodes.reference | None:
    """Lead a bare name (``Parcel``) to the one object of ours that has it.

    Annotations of names imported for typing alone reach Sphinx without their
    module.
    """
    if node.get("refdomain") != "py":
        return None
    # What was imported for good arrives as zope.interface shows itself.
    name = node["reftarget"].removeprefix("<InterfaceClass ").removesuffix(">")
    last = f".{name.rpartition('.')[2]}"
    found = [
        (name, entry)
        for name, entry in env.domains["py"].objects.items()
        if name.endswith(last) and not entry.aliased
    ]
    if len(found) != 1:
        return None
    name, entry = found[0]
    return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, content, name)


def leave_out_fields(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, signature: str, returns: str
) -> tuple[str, None] | None:
    """A dataclass is told by its fields, one by one; not all over again in a row."""
    return ("", None) if what == "class" and dataclasses.is_dataclass(thing) else None


def speak_danish(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """A page for kommuner says so, for screen readers and for hyphenation."""
    if page.startswith("kommune/"):
        context["language"] = "da"


def refuse_outside(app: Sphinx, exception: Exception | None) -> None:
    """A page that asks another host tells it who reads, and breaks without it."""
    if exception is None:
        for file, address in in_folder(Path(app.outdir)):
            logger.warning("%s asks another host: %s", file.name, address)


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("build-finished", refuse_outside)
    app.connect("html-page-context", speak_danish)
    app.connect("autodoc-process-signature", leave_out_fields)
    app.connect("missing-reference", find_by_last_name)
