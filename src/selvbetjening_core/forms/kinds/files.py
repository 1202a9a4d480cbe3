"""The kind of field that is answered with files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import colander
from zope.interface import implementer

from selvbetjening_core.definitions.model import FILES, Field
from selvbetjening_core.errors import NeedsFacts
from selvbetjening_core.forms.kinds.common import (
    deform_widget,
    error_code,
    number_setting,
    schema_node,
    text_setting,
)
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.texts import texts_for
from selvbetjening_core.texts.formats import file_size
from selvbetjening_core.uploads.checks import labels
from selvbetjening_core.uploads.limits import MEGABYTE, UploadLimits
from selvbetjening_core.uploads.refusal import ERRORS
from selvbetjening_core.uploads.templates import Template, fault_in, found_template
from selvbetjening_core.uploads.types import COMMON_TYPES, FILE_TYPES
from selvbetjening_core.values import (
    FactsRequest,
    KeyDeclaration,
    KeyProblem,
    KindDeclaration,
    NodeRequest,
    PaperSpace,
    TextRequest,
)

LIMITS_FACT = "parameter.upload-limits"
"""Where the journey tells the municipality's limits; no parameter can have this name."""

TEMPLATES = "skabelon"
"""Below the address of a solution: where the blanks of its fields are."""

_USUAL_MOST = 1


def _check(field: Field) -> Iterator[KeyProblem]:
    name, mark = text_setting(field, "template"), text_setting(field, "template_mark")
    if not name:
        if mark:
            yield KeyProblem("template_mark", "there is no template to be told by it", "name one")
        return
    template = template_of(field)
    if template is None:
        yield KeyProblem(
            "template",
            f'there is no file "{name}" of a known type beside the definition',
            "put it into the folder of the solution, and write its name without a folder",
        )
        return
    fault = fault_in(template, wanted_types(field))
    if fault is not None:
        yield KeyProblem("template", *fault)


@implementer(IFieldKind)
class FilesKind:
    """One file or several. Stored as a list of id, name, type, size and SHA-256 of each."""

    declaration = KindDeclaration(
        name=FILES,
        help="Files that the citizen sends along: one unless most says more. They are taken in "
        "when they are uploaded, and only if the scanner of the role scanner finds them clean. "
        "A condition asks how many there are: papers.count = 1.",
        keys=(
            KeyDeclaration(
                "types",
                "several",
                "Which types of files may be sent; pdf, jpg and png if left out.",
                choices=tuple(FILE_TYPES),
            ),
            KeyDeclaration(
                "most", "number", "How many files may be sent; 1 if left out.", minimum=1
            ),
            KeyDeclaration(
                "size",
                "number",
                "How many megabytes a file may have; as the municipality allows if left out, "
                "and never more than that.",
                minimum=1,
            ),
            KeyDeclaration(
                "template",
                "text",
                "A file beside the definition, which citizens fetch, fill in and send: "
                '"budget.xlsx". Its type has to be among types.',
            ),
            KeyDeclaration(
                "template_mark",
                "text",
                "What tells a filled-in copy of the template: the heading of a column (csv), the "
                "whole text of a cell (xlsx, ods) or the name of a form field (pdf). A file of the "
                "template's type without it is refused; left out, nothing is looked at.",
            ),
        ),
        offers={"": "files", "count": "number"},
        errors=("required", "now_needed", *ERRORS),
        check=_check,
        # A file is sent for a field of the step, and stands in the draft beside the steps.
        in_group=False,
        paper=PaperSpace.ENCLOSE,
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """A file input, and the files that are there."""
        if request.facts is None:
            raise NeedsFacts("the files that are there are the citizen's")
        field = request.field
        given = request.facts.get(LIMITS_FACT)
        limits = field_limits(field, given if isinstance(given, UploadLimits) else UploadLimits())
        types = wanted_types(field)
        endings = [f".{one}" for name in types for one in FILE_TYPES[name].endings]
        widget = deform_widget(
            "FileUploadWidget",
            tmpstore=None,
            template="fields/files",
            accepted=",".join(endings),
            limits=_told(limits, types, request.locale),
            most=limits.field_files,
            blank=_told_template(field, request.locale),
        )
        return schema_node(request, KeptFiles(), widget, _still_wanted(field, limits))

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """The files, and how many there are."""
        files = request.value if isinstance(request.value, list) else []
        return {"": tuple(one["name"] for one in files), "count": len(files)} if files else {}

    def text(self, request: TextRequest) -> str:
        """Name and size of each, one a line."""
        files = request.value if isinstance(request.value, list) else []
        return "\n".join(told_file(one, request.locale) for one in files)


class KeptFiles(colander.SchemaType):  # type: ignore[misc]  # colander has no types
    """The files that were taken in, as JSON. No browser sends them: the draft has them."""

    def serialize(self, node: Any, appstruct: object) -> object:
        """The list as JSON."""
        if not isinstance(appstruct, list):
            return colander.null
        return json.dumps(appstruct, ensure_ascii=False)

    def deserialize(self, node: Any, cstruct: object) -> object:
        """The list."""
        return json.loads(cstruct) if isinstance(cstruct, str) else colander.null


def wanted_types(field: Field) -> tuple[str, ...]:
    """The names of the types that a field takes."""
    written = field.settings.get("types")
    return written if isinstance(written, tuple) and written else COMMON_TYPES


def template_of(field: Field) -> Template | None:
    """The blank that citizens fill in for this field, if it names one."""
    name = text_setting(field, "template")
    if not name:
        return None
    return found_template(field.place.file.parent, name, text_setting(field, "template_mark"))


def field_limits(field: Field, allowed: UploadLimits) -> UploadLimits:
    """What a field takes, within what its municipality allows."""
    size = number_setting(field, "size")
    most = number_setting(field, "most") or _USUAL_MOST
    return UploadLimits(
        file_bytes=min(allowed.file_bytes, size * MEGABYTE if size else allowed.file_bytes),
        field_files=min(allowed.field_files, most),
    )


def told_file(file: Mapping[str, Any], locale: str) -> str:
    """A file as it is shown: ``skema.pdf (1,2 MB)``."""
    return f"{file['name']} ({file_size(file['size'], locale)})"


def _told_template(field: Field, locale: str) -> tuple[str, str]:
    """Where the blank is, as seen from the page of a step, and what is told of it."""
    template = template_of(field)
    if template is None:
        return "", ""
    size = file_size(template.size, locale)
    told = texts_for(locale).t(
        "field.files.template", name=template.file.name, type=template.type.label, size=size
    )
    return f"../{TEMPLATES}/{field.name}", told


def _told(limits: UploadLimits, types: tuple[str, ...], locale: str) -> str:
    t = texts_for(locale).t
    which = t("field.files.types", types=labels(types))
    size = t("field.files.size", size=file_size(limits.file_bytes, locale))
    most = limits.field_files
    count = t("field.files.one") if most == 1 else t("field.files.several", count=most)
    return f"{which} {size} {count}"


def _still_wanted(field: Field, limits: UploadLimits) -> Any:
    """For what was taken in under an earlier definition."""
    media_types = {FILE_TYPES[name].media_type for name in wanted_types(field)}

    def check(node: Any, files: list[dict[str, Any]]) -> None:
        if len(files) > limits.field_files:
            raise colander.Invalid(node, error_code("too_many_files", max=limits.field_files))
        if any(one["type"] not in media_types for one in files):
            told = labels(wanted_types(field))
            raise colander.Invalid(node, error_code("wrong_type", types=told))

    return check
