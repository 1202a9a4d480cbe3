"""The page of the service catalogue, on a phone and on a desk."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from selvbetjening_core.cli.catalogue import catalogue
from walking.axe import axe_findings
from walking.extent import DESK
from walking.fit import overflow_findings, target_findings

NARROW = 320


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("catalogue") / "servicekatalog.html"
    options = ["--config", "package:selvbetjening_demo", "--format", "page", "--out", str(file)]
    assert CliRunner().invoke(catalogue, options).exit_code == 0
    return file


@pytest.fixture
def opened(chromium, page_file):
    contexts = []

    def opened(width, change=lambda html: html):
        page_file.with_name("shown.html").write_text(change(page_file.read_text("utf-8")), "utf-8")
        contexts.append(chromium.new_context(viewport={"width": width, "height": 800}))
        page = contexts[-1].new_page()
        page.goto(page_file.with_name("shown.html").as_uri())
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [NARROW, DESK])
def test_everybody_can_read_it(opened, axe_source, width):
    page = opened(width)
    assert axe_findings(page, axe_source) == []
    assert overflow_findings(page) == []
    assert target_findings(page) == []


def test_what_is_too_wide_or_too_pale_would_be_found(opened, axe_source):
    wide = opened(NARROW, lambda html: html.replace("dd {", "dd { width: 40rem;"))
    assert overflow_findings(wide) != []
    pale = opened(NARROW, lambda html: html.replace("--soft: #575757", "--soft: #bbbbbb"))
    assert any("color-contrast" in one for one in axe_findings(pale, axe_source))
