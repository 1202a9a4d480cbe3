"""The definitions on the pages are valid by the JSON Schema that editors use."""

from __future__ import annotations

import json
import tomllib

import pytest
from docs_blocks import blocks_of, pages
from jsonschema import Draft202012Validator

from selvbetjening_core.definitions.json_schema import definition_schema
from selvbetjening_core.forms.kinds import BUILTIN_KINDS

SCHEMA = definition_schema({kind.declaration.name: kind.declaration for kind in BUILTIN_KINDS})
_LANGUAGE_PAGES = ("reference/definition-language.md", "kommune/definition-language.md")


def parsed(block):
    return json.loads(json.dumps(tomllib.loads(block.text), default=lambda day: day.isoformat()))


def definitions():
    return [
        block
        for page in pages()
        for block in blocks_of(page)
        if block.way == "file" and block.about.endswith("/solution.toml")
    ]


def steps():
    """Blocks of the page of the language that hold fields, not whole definitions."""
    return [
        block
        for page in pages()
        if str(page).endswith(_LANGUAGE_PAGES)
        for block in blocks_of(page)
        if block.language == "toml" and "[step." in block.text
    ]


@pytest.mark.parametrize("block", definitions(), ids=lambda block: block.place)
def test_whole_definitions_are_valid(block):
    assert list(Draft202012Validator(SCHEMA).iter_errors(parsed(block))) == []


@pytest.mark.parametrize("block", steps(), ids=lambda block: block.place)
def test_fields_are_valid(block):
    schema = {"$ref": "#/$defs/field", "$defs": SCHEMA["$defs"]}
    fields = [one for step in parsed(block)["step"].values() for one in step.values()]
    fields = [one for one in fields if "kind" in one]
    assert fields
    for field in fields:
        assert list(Draft202012Validator(schema).iter_errors(field)) == []
        assert list(Draft202012Validator(schema).iter_errors({**field, "visble": True}))


def test_the_first_line_of_the_page_is_a_comment():
    """What reads definitions takes no notice of the line that is for editors."""
    named = [
        block
        for page in pages()
        if page.name == "see-it-while-writing.md"
        for block in blocks_of(page)
        if block.language == "toml"
    ]
    assert len(named) == 2
    for block in named:
        assert block.text.startswith("#:schema ")
        assert tomllib.loads(block.text) == {}
