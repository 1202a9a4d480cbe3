"""``selvbetjening preview``: marked on every page, follows what is saved, keeps what was right."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from webtest import TestApp

import selvbetjening_solutions
from selvbetjening_demo.preview.command import preview
from selvbetjening_demo.preview.folder import PreviewFolder
from selvbetjening_demo.preview.page import PREFIX, MarkedApp, PreviewApp
from selvbetjening_demo.preview.serving import serving
from selvbetjening_demo.preview.texts import TEXTS
from selvbetjening_demo.preview.watching import Watched
from selvbetjening_demo.provider.app import ProviderSettings, make_provider

BANNER = TEXTS["da"]["banner"]
SHIPPED = Path(selvbetjening_solutions.__file__).parent / "sundhedskort"


@pytest.fixture
def solution(tmp_path):
    """A folder with a solution of one's own, to be edited."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "sundhedskort"))


@pytest.fixture
def watched(solution, tmp_path, provider):
    own = tmp_path / "own"
    own.mkdir()
    found = Watched(PreviewFolder(own, solution, provider.url, provider.secret))
    yield found
    found.close()


@pytest.fixture
def site(watched):
    return TestApp(PreviewApp(watched), extra_environ={"HTTP_HOST": "localhost:8090"})


def write(solution, old, new):
    file = solution / "solution.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def remarks(page):
    return page.html.select_one(".preview-problems")


@pytest.mark.parametrize("path", ["/", "/sundhedskort", "/findes-ikke", "/sundhedskort/person"])
def test_every_page_is_marked(site, path):
    page = site.get(path, status="*").maybe_follow()
    assert BANNER in page.html.select_one(".preview-bar").text
    assert len(page.html.select(".preview-mark span")) > 1
    assert page.html.select_one(f'link[href="{PREFIX}preview.css"]')


def test_in_english_it_is_marked_in_english(site):
    page = site.get("/en/sundhedskort")
    assert TEXTS["en"]["banner"] in page.text
    assert BANNER not in page.text


def test_the_pages_of_the_pretended_login_are_marked():
    app = MarkedApp(make_provider(ProviderSettings(secret=secrets.token_urlsafe(32))))
    assert BANNER in TestApp(app).get("/login", status="*").text


def test_a_page_without_the_wrapping_is_not_marked(watched):
    watched.look()
    page = TestApp(watched.app, extra_environ={"HTTP_HOST": "localhost"}).get("/sundhedskort")
    assert BANNER not in page.text


def test_the_script_runs_under_the_policy_of_the_page(site):
    page = site.get("/sundhedskort")
    script = page.html.select_one(f'script[src="{PREFIX}preview.js"]')
    assert f"script-src 'nonce-{script['nonce']}'" in page.headers["Content-Security-Policy"]
    assert "await fetch" in site.get(script["src"]).text


def test_what_is_saved_is_shown(site, solution):
    before = site.get(PREFIX + "revision").text
    assert site.get(PREFIX + "revision").text == before
    write(solution, "Bestil nyt sundhedskort", "Bestil et helt nyt kort")
    assert site.get(PREFIX + "revision").text != before
    assert "Bestil et helt nyt kort" in site.get("/sundhedskort").text


def test_while_it_is_wrong_the_last_that_was_right_is_shown(site, solution):
    site.get("/sundhedskort")
    write(solution, 'kind     = "choice"', 'kind     = "choise"')
    page = site.get("/sundhedskort")
    assert "Bestil nyt sundhedskort" in page.text
    assert TEXTS["da"]["outdated"] in page.text
    told = remarks(page)
    assert told.has_attr("open")
    assert 'did you mean "choice"?' in told.text
    line = (solution / "solution.toml").read_text("utf-8").splitlines()
    number = next(n for n, one in enumerate(line, start=1) if "choise" in one)
    assert f"solution.toml, linje {number}" in told.text
    write(solution, "choise", "choice")
    page = site.get("/sundhedskort")
    assert TEXTS["da"]["outdated"] not in page.text
    assert "preview-error" not in page.text


@pytest.mark.parametrize("broken", ["[solution\n", "", "\xff"])
def test_what_is_no_definition_at_all_is_told_too(site, solution, broken):
    site.get("/sundhedskort")
    (solution / "solution.toml").write_bytes(broken.encode("latin-1"))
    page = site.get("/sundhedskort")
    assert TEXTS["da"]["outdated"] in page.text
    assert "preview-error" in page.text


def test_what_was_never_right_says_so_until_it_is(site, solution):
    write(solution, "[solution]", "[solutoin]")
    page = site.get("/sundhedskort")
    assert TEXTS["da"]["none"] in page.text
    assert BANNER in page.text
    assert 'unknown key "solutoin"' in remarks(page).text
    write(solution, "[solutoin]", "[solution]")
    assert "Bestil nyt sundhedskort" in site.get("/sundhedskort").text


def test_a_folder_that_is_gone_stops_nothing(site, solution):
    site.get("/sundhedskort")
    shutil.rmtree(solution)
    assert TEXTS["da"]["outdated"] in site.get("/sundhedskort").text


def test_what_is_written_in_a_definition_is_shown_as_text(site, solution):
    site.get("/sundhedskort")
    write(solution, 'kind     = "choice"', 'kind     = "<script>x</script>"')
    page = site.get("/sundhedskort").text
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_roles_and_parameters_of_its_own_are_filled(site, solution):
    write(solution, "default  = false\n", "")
    write(solution, '"case_system"', '"somewhere_else"')
    page = site.get("/sundhedskort")
    assert "preview-error" not in page.text
    assert "Bestil nyt sundhedskort" in page.text


def test_no_file_of_the_solution_is_changed(site, solution):
    before = {path: path.read_bytes() for path in solution.rglob("*") if path.is_file()}
    site.get("/sundhedskort")
    assert {path: path.read_bytes() for path in solution.rglob("*") if path.is_file()} == before


def test_nothing_is_left_when_it_ends(solution, tmp_path, monkeypatch):
    kept = tmp_path / "kept"
    kept.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(kept))
    with serving(solution, 0) as (server, url):
        assert url == f"http://localhost:{server.effective_port}/sundhedskort"
        assert server.effective_host == "127.0.0.1"
        assert list(kept.iterdir())
    assert list(kept.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "told"),
    [("nowhere", "There is no folder"), ("", "Did you mean one of those in it? sundhedskort")],
)
def test_a_folder_that_is_none_is_told(solution, given, told):
    done = CliRunner().invoke(preview, [str(solution.parent / given)])
    assert done.exit_code == 2
    assert told in done.output
