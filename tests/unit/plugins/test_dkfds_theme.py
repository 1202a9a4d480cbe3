from __future__ import annotations

import base64
import random
import re

import pytest
from zope.interface.verify import verifyObject

from selvbetjening_core.hooks import Register, SetContext
from selvbetjening_core.interfaces import ITheme
from selvbetjening_core.themes.plain import PLAIN
from selvbetjening_core.themes.rendering import environment
from selvbetjening_dkfds import plugin
from selvbetjening_dkfds.colours import WHITE, Colour, shades_of
from selvbetjening_dkfds.fetch import ASSETS
from selvbetjening_dkfds.theme import DkfdsTheme, theme_from

OF_PLAIN_ALONE = ("_parts.html", "fields/_parts.html", "fields/section.html", "fields/unseen.html")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


@pytest.fixture
def fetched(tmp_path):
    """The theme as a build with npm leaves it."""
    assets = tmp_path / "static" / "dkfds"
    assets.mkdir(parents=True)
    (assets / "stamp.txt").write_text("stamp", "ascii")
    return theme_from(assets)


@pytest.fixture
def logo(tmp_path):
    file = tmp_path / "by-vaaben.svg"
    file.write_text(SVG.format("<path d='M0 0'/>"), "utf-8")
    return str(file)


@pytest.fixture
def municipal(fetched, make_context, logo):
    """The municipal look with some settings changed."""

    def look(**changes):
        settings = {"look": "municipality", "logo": logo, "colour": "#0b5a63", **changes}
        return fetched.look(make_context(**settings))

    return look


def test_the_contract(fetched):
    assert verifyObject(ITheme, fetched)
    assert verifyObject(ITheme, theme_from())


def test_a_portal_has_its_own_sheet_and_name(fetched, make_context):
    looks = {name: fetched.look(make_context(look=name)) for name in ("borger.dk", "virk")}
    assert [look.values["portal"] for look in looks.values()] == ["borger.dk", "Virk"]
    assert [look.values["sheets"][0] for look in looks.values()] == [
        "dkfds/css/dkfds-borgerdk.min.css",
        "dkfds/css/dkfds-virkdk.min.css",
    ]
    assert all((look.files, look.warnings) == ({}, ()) for look in looks.values())


def test_a_municipality_has_its_colour_and_logo(municipal):
    look = municipal()
    assert look.values["sheets"][-1] == "look.css"
    assert look.values["portal"] == ""
    logo, sheet = sorted(look.files)
    assert re.fullmatch(r"logo-[0-9a-f]{8}\.svg", logo)
    assert sheet == "look.css"
    css = look.files["look.css"].decode()
    assert "--theme-primary: #0b5a63;" in css
    assert f'url("{logo}")' in css
    assert "by-vaaben" not in css
    assert b"<path" in look.files[logo]


def test_another_logo_has_another_name(municipal, tmp_path):
    """A browser that keeps the old one must not show it under the new name."""
    before = municipal()
    (tmp_path / "new.svg").write_text(SVG.format("<path d='M1 1'/>"), "utf-8")
    after = municipal(logo=str(tmp_path / "new.svg"))
    assert set(before.files) & set(after.files) == {"look.css"}
    assert before.files["look.css"] != after.files["look.css"]
    assert municipal().files == before.files


def test_a_png_logo_and_an_icon(municipal, tmp_path, logo):
    (tmp_path / "logo.PNG").write_bytes(PNG)
    look = municipal(logo=str(tmp_path / "logo.PNG"), icon=logo)
    icon, logo, _ = sorted(look.files)
    assert re.fullmatch(r"icon-\w{8}\.svg", icon)
    assert re.fullmatch(r"logo-\w{8}\.png", logo)
    assert look.values["icon"] == icon
    assert f'url("{logo}")'.encode() in look.files["look.css"]


@pytest.mark.parametrize("name", ["logo", "colour", "icon"])
def test_what_does_not_belong_to_the_look_is_told(fetched, make_context, name):
    with pytest.raises(ValueError, match=f'{name} belongs to look = "municipality"'):
        fetched.look(make_context(look="virk", **{name: "x"}))


@pytest.mark.parametrize("name", ["logo", "colour"])
def test_what_is_missing_is_told(municipal, name):
    with pytest.raises(ValueError, match=f"needs {name} as well"):
        municipal(**{name: None})


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g", "#0b5a63;}", "0b5a63"])
def test_what_is_no_colour_is_told(municipal, colour):
    with pytest.raises(ValueError, match="is no colour: write it as"):
        municipal(colour=colour)


@pytest.mark.parametrize("colour", ["#ff9900", "#777777", "#00ff00", "#ffffff"])
def test_a_light_colour_is_refused_with_one_that_will_do(municipal, colour):
    with pytest.raises(ValueError, match="too light: white text on it has a contrast") as told:
        municipal(colour=colour)
    suggested = re.findall(r'"(#[0-9a-f]{6})"', str(told.value))[-1]
    assert municipal(colour=suggested)
    assert Colour.read(suggested).contrast(WHITE) < 4.7, "no darker than it must be"


def test_every_shade_is_readable_under_white():
    for colour in ("#767676", "#0b5a63", "#c8102e"):
        shades = shades_of(colour)
        assert shades.dark.contrast(WHITE) > shades.primary.contrast(WHITE) >= 4.5
    assert Colour.read("#000000").contrast(WHITE) == pytest.approx(21)
    assert Colour.read("#767676").contrast(WHITE) == pytest.approx(4.54, abs=0.01)


def test_whatever_is_accepted_is_readable_by_a_reckoning_of_our_own(municipal):
    """The formula anew, from WCAG 2.2, on the colours that stand in the style sheet."""
    chosen = random.Random(3)  # noqa: S311 - the same colours each time
    accepted = 0
    for _ in range(60):
        colour = f"#{chosen.randrange(0x1000000):06x}"
        is_dark_enough = contrast_to_white(colour) >= 4.5
        if not is_dark_enough:
            with pytest.raises(ValueError, match="too light"):
                municipal(colour=colour)
            continue
        accepted += 1
        css = municipal(colour=colour).files["look.css"].decode()
        for used in re.findall(r"--theme-primary(?:-dark)?: (#\w{6});", css):
            assert contrast_to_white(used) >= 4.5, (colour, used)
    assert 10 < accepted < 60


def contrast_to_white(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    weighed = zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    return 1.05 / (sum(weight * one for weight, one in weighed) + 0.05)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("logo.gif", "GIF89a", "must be an SVG or a PNG file"),
        ("logo.png", "no picture", "is no PNG picture"),
        ("logo.svg", "<svg", "is no SVG picture"),
        ("logo.svg", "<html xmlns='http://www.w3.org/1999/xhtml'/>", "is no SVG picture"),
        ("logo.svg", SVG.format("<script>alert(1)</script>"), "holds script"),
        ("logo.svg", SVG.format("<g onload='alert(1)'/>"), "holds script"),
        ("logo.svg", SVG.format("<foreignObject/>"), "holds script"),
        ("logo.svg", SVG.format("<a href='javascript:alert(1)'/>"), "from elsewhere"),
        ("logo.svg", SVG.format("<image href='https://x.example/a.png'/>"), "from elsewhere"),
        ("logo.svg", SVG.format("<image href=' //x.example/a.png'/>"), "from elsewhere"),
        ("logo.svg", SVG.format("<a href='java&#10;script:alert(1)'/>"), "from elsewhere"),
        ("logo.svg", SVG.format("<a><set attributeName='href' to='javascript:x'/></a>"), "script"),
        ("logo.svg", SVG.format("<g fill='url(https://x.example/a#b)'/>"), "from elsewhere"),
        (
            "logo.svg",
            SVG.format("<g style='fill: URL( &quot;//x.example/a&quot; )'/>"),
            "elsewhere",
        ),
        ("logo.svg", SVG.format("<style>@import 'https://x.example/a.css';</style>"), "elsewhere"),
        ("logo.svg", SVG.format("<style>@import url(//x.example/a.css);</style>"), "elsewhere"),
        ("logo.svg", SVG.format("<style>a{fill:url(<![CDATA[//x]]>)}</style>"), "elsewhere"),
        ("logo.svg", f"<?xml-stylesheet href='a.css'?>{SVG.format('')}", "from elsewhere"),
        ("logo.svg", f"<?xml version='1.0' encoding='foo'?>{SVG.format('')}", "is no SVG picture"),
        ("logo.svg", f"<?xml version='1.0' encoding='utf-32'?>{SVG.format('')}", "is no SVG"),
        ("logo.svg", f"<!DOCTYPE svg [<!ENTITY a 'b'>]>{SVG.format('')}", "declares entities"),
        ("logo.svg", SVG.format("x" * 500_000), "over 500 kB"),
    ],
)
def test_a_picture_that_cannot_be_used_is_refused(municipal, tmp_path, name, content, told):
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(ValueError, match=told) as error:
        municipal(logo=str(tmp_path / name))
    assert str(error.value).startswith("logo")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (PNG[:-4], "or not a whole one"),
        (PNG[:8] + b"rubbish that is long enough", "or not a whole one"),
        (PNG.replace(b"IDAT", b"IDAX"), "or not a whole one"),
        (PNG[:8] + PNG[33:], "or not a whole one"),
        (PNG[:8], "or not a whole one"),
    ],
)
def test_a_broken_png_is_told(municipal, tmp_path, content, told):
    (tmp_path / "logo.png").write_bytes(content)
    with pytest.raises(ValueError, match=told):
        municipal(logo=str(tmp_path / "logo.png"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_entities_are_found_in_every_encoding(municipal, tmp_path, encoding):
    declared = "<!DOCTYPE svg [<!ENTITY a 'b'>]>"
    text = f"<?xml version='1.0' encoding='{encoding}'?>{declared}{SVG.format('')}"
    (tmp_path / "logo.svg").write_text(text, encoding)
    with pytest.raises(ValueError, match="declares entities"):
        municipal(logo=str(tmp_path / "logo.svg"))


def test_a_picture_without_end_is_not_read_whole(municipal, tmp_path):
    with (tmp_path / "logo.svg").open("wb") as file:
        file.truncate(1 << 40)  # A hole: it takes no room on the disk.
    with pytest.raises(ValueError, match="over 500 kB"):
        municipal(logo=str(tmp_path / "logo.svg"))


def test_what_a_plain_picture_may_hold(municipal, tmp_path):
    inside = (
        "<use href='#a'/><image href='data:image/png;base64,AAAA'/><a href='b'/>"
        "<style>a{fill:url(#b)}</style><g fill='url(#b)' aria-label='Note: to you'/>"
        "<title>See https://mors.example</title>"
    )
    kept_by_editors = '<?xpacket begin=""?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd">'
    (tmp_path / "logo.svg").write_text(kept_by_editors + SVG.format(inside), "utf-8")
    assert municipal(logo=str(tmp_path / "logo.svg"))


def test_a_picture_that_is_not_there_is_told(municipal, tmp_path):
    with pytest.raises(ValueError, match=r"cannot be read; put it there"):
        municipal(logo=str(tmp_path / "gone.svg"))


def test_without_the_files_of_a_build_everything_is_plain(tmp_path, make_context):
    theme = theme_from(tmp_path / "static" / "dkfds")
    look = theme.look(make_context(look="borger.dk"))
    [warning] = look.warnings
    assert "python -m selvbetjening_dkfds.fetch" in warning
    both = {PLAIN.name: PLAIN, theme.name: theme}
    for name in ("layout.html", "step.html", "fields/text.html"):
        source = environment(theme, both).get_template(name).filename
        assert source == str(PLAIN.templates / name)


def test_with_the_files_of_a_build_every_template_is_its_own(fetched):
    own = environment(fetched, {PLAIN.name: PLAIN, fetched.name: fetched})
    for file in PLAIN.templates.rglob("*.html"):
        name = str(file.relative_to(PLAIN.templates))
        # The pages for staff are plain's, put together from parts of the theme's own.
        # What shows nothing has no look, and a section is a heading like any other.
        is_of_plain_alone = name in OF_PLAIN_ALONE or name.startswith(("staff_", "_staff_"))
        assert own.get_template(name).filename.startswith(str(fetched.templates)) != (
            is_of_plain_alone
        ), name


def test_the_settings_are_declared_for_help():
    assert [setting.name for setting in DkfdsTheme.__dataclass_fields__["settings"].default] == [
        "look",
        "logo",
        "colour",
        "icon",
    ]
    assert all(setting.help.endswith(".") for setting in theme_from().settings)
    assert ASSETS.parent == theme_from().static


def test_the_plugin_offers_the_theme_through_the_hook():
    register = Register(SetContext("standard", "demo", "dkfds", "1.0"))
    plugin.selvbetjening_register(register)
    [claim] = register.claims
    assert (claim.contract, claim.component.name) == (ITheme, "dkfds")
