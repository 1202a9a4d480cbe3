"""Showing a page in the municipality's theme and the citizen's language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.bounded import Bounded
from selvbetjening_core.composition.stack import Municipality
from selvbetjening_core.definitions.model import Solution, Step
from selvbetjening_core.interfaces import ICompiledStep, ITheme
from selvbetjening_core.journey.forms import compile_step
from selvbetjening_core.masking import masked
from selvbetjening_core.texts import LANGUAGES, Texts, texts_for
from selvbetjening_core.themes.plain import PLAIN
from selvbetjening_core.themes.rendering import PageRenderer, with_extended
from selvbetjening_core.values import Contact
from selvbetjening_core.web.csrf import FormToken
from selvbetjening_core.web.faults import faults_told
from selvbetjening_core.web.headers import NOTHING_ELSE, PageOrigins, need
from selvbetjening_core.web.session_time import session_time
from selvbetjening_core.web.staff.place import is_staff_address, is_staff_place
from selvbetjening_core.web.static_files import StaticFiles
from selvbetjening_core.web.tenancy import DEFAULT_LANGUAGE, PATH_SAFE, mount_path
from selvbetjening_core.web.without_login import is_without_login

_NO_CONTACT = Contact("", "", "", "")
_MISSING = (404, 410)


MOST_STEPS = 2000
"""How many compiled steps a process keeps; of about 15 kB each."""


class Looks:
    """Renderers and compiled steps, each made when it is asked for. Hold nobody's data.

    Of the steps those that were shown least of late are given up, and compiled again
    when somebody asks.
    """

    def __init__(self) -> None:
        self._renderers: dict[str, PageRenderer] = {}
        self._steps: Bounded[tuple[str, str, str, str], ICompiledStep] = Bounded(MOST_STEPS)
        self._static: dict[str, StaticFiles] = {}

    def renderer(self, municipality: Municipality | None) -> PageRenderer:
        """The page renderer in the municipality's theme; in ``plain`` where there is none."""
        key = municipality.code if municipality else ""
        if key not in self._renderers:
            themes = _themes(municipality)
            theme = themes[municipality.file.theme.name] if municipality else PLAIN
            self._renderers[key] = PageRenderer(theme, themes)
        return self._renderers[key]

    def static(self, municipality: Municipality | None) -> StaticFiles:
        """The municipality's static files, those of the theme ``plain`` last.

        A page about an error may be in that theme, whatever the municipality's is.
        """
        key = municipality.code if municipality else ""
        if key not in self._static:
            themes = _themes(municipality)
            theme = themes[municipality.file.theme.name] if municipality else PLAIN
            folders = [one.static for one in (*with_extended(theme, themes), PLAIN)]
            own = municipality.file.theme.look.files if municipality else {}
            self._static[key] = StaticFiles(own, folders)
        return self._static[key]

    def step(
        self, municipality: Municipality, solution: Solution, step: Step, locale: str
    ) -> ICompiledStep:
        """The compiled step."""
        key = (municipality.code, solution.name, step.name, locale)
        return self._steps.made(key, lambda: compile_step(municipality, solution, step, locale))


@dataclass(frozen=True, slots=True)
class Page:
    """A page to show: the template's name, the title, and the template's values.

    ``is_framed``: other sites of the municipality's choice may show it in a frame.
    """

    template: str
    title: str
    values: dict[str, object]
    solution: Solution | None = None
    status: int = 200
    is_framed: bool = False


def includeme(config: Configurator) -> None:
    """Add ``request.texts``, and the place for what is made once."""
    config.registry.looks = Looks()
    config.add_request_method(_is_theme_usable, "is_theme_usable", reify=True)
    config.add_request_method(_texts, "texts", reify=True)


def show(request: Request, page: Page) -> Response:
    """The finished page."""
    dressed = request.municipality if request.is_theme_usable else None
    renderer = request.registry.looks.renderer(dressed)
    need(request, _origins(request, page))
    return html_response(renderer.page(page.template, **page_values(request, page)), page.status)


def html_response(html: str, status: int = 200) -> Response:
    """A finished page as an answer."""
    return Response(html, status=status, content_type="text/html", charset="utf-8")


def page_values(request: Request, page: Page) -> dict[str, object]:
    """What the template of ``page`` is given: what every page has, and what this one has."""
    return {**_common(request, page), **page.values}


def page_origins(request: Request, page: Page) -> PageOrigins:
    """Where a form of ``page`` may end, and who may frame it."""
    return _origins(request, page)


@dataclass(frozen=True, slots=True)
class PostButton:
    """A button of a page that tells one thing: what it sends, and where."""

    url: str
    text: str
    hidden: tuple[tuple[str, str], ...] = ()


def notice_page(
    request: Request,
    name: str,
    *,
    status: int = 200,
    actions: list[tuple[str, str]] | None = None,
    button: PostButton | None = None,
    support_code: str = "",
    solution: Solution | None = None,
    **values: object,
) -> Response:
    """A page that tells one thing: what happened, and what to do."""
    notice = request.texts.notice(name, **values)
    return show(
        request,
        Page(
            "message.html",
            notice.heading,
            {
                "heading": notice.heading,
                "paragraphs": notice.paragraphs,
                "actions": front_page(request) if actions is None else actions,
                "button": button,
                "support_code": support_code,
            },
            solution=solution,
            status=status,
        ),
    )


def front_page(request: Request) -> list[tuple[str, str]]:
    """The way that is always open, as the actions of a page."""
    return [(_home_url(request), request.texts.t("common.to_front_page"))]


def _common(request: Request, page: Page) -> dict[str, object]:
    municipality = request.municipality
    file = municipality.file if municipality else None
    return {
        "t": request.texts.t,
        "locale": request.locale,
        "languages": list(_languages(request, page)),
        "authority": file.name if file else "",
        "contact": file.contact if file else _NO_CONTACT,
        "solution_title": _section(request, page),
        "user_name": _user_name(request),
        "logout_url": _logout_url(request),
        "csrf_token": FormToken(request) if request.municipality else "",
        "static_url": lambda name: _static_url(request, name),
        "demo": request.registry.site.is_demo,
        "faults": _faults(request),
        "home_url": _home_url(request),
        "accessibility_url": file.accessibility_url if file else "",
        "privacy_url": file.privacy_url if file else "",
        "title": page.title,
        "session": session_time(request, _solution_of(request, page)),
        "look": file.theme.look.values if file else {},
        "csp_nonce": request.csp_nonce,
        "framed": page.is_framed,
    }


def _origins(request: Request, page: Page) -> PageOrigins:
    """Where a form of the page may end, and who may frame it."""
    municipality = request.municipality
    if municipality is None:
        return NOTHING_ELSE
    if page.is_framed:
        return PageOrigins(ancestors=municipality.file.frame_ancestors)
    return PageOrigins(forms=municipality.form_origins.get(_solution_of(request, page), ()))


def _section(request: Request, page: Page) -> str:
    """What the page is a part of: the solution; for staff, operating."""
    if page.solution:
        return page.solution.title.in_language(request.locale)
    return str(request.texts.t("staff.section")) if is_staff_place(request) else ""


def _user_name(request: Request) -> str:
    if not request.may_use_session:
        return ""
    if request.staff_session is not None:
        return str(request.staff_session.staff.name)
    identity = request.identity
    return identity.name if identity else ""


def _logout_url(request: Request) -> str:
    if is_without_login(request):
        return str(request.route_path("guest-leave", solution=solution_name(request)))
    return str(request.route_path("staff-logout" if is_staff_address(request) else "logout"))


def _faults(request: Request) -> str:
    """What misbehaves on purpose here; where no municipality is chosen, in any of them."""
    municipality = request.municipality
    every = request.registry.site.composition.municipalities.values()
    specs = [s for one in every for s in one.file.components.values()]
    if municipality:
        specs = list(municipality.file.components.values())
    return faults_told(specs, request.texts)


def _static_url(request: Request, name: str) -> str:
    """The file's address, another when its content is: browsers keep it for good."""
    version = request.registry.looks.static(request.municipality).version(name)
    address = f"{mount_path(request)}/-/static/{quote(name, PATH_SAFE)}"
    return f"{address}?v={version}" if version else address


def _languages(request: Request, page: Page) -> Iterator[tuple[str, str, str, bool]]:
    offered = page.solution.languages if page.solution else tuple(LANGUAGES)
    mount, path = mount_path(request), _readable_path(request, page)
    for code in offered:
        segment = "" if code == DEFAULT_LANGUAGE else f"/{code}"
        yield code, LANGUAGES[code], f"{mount}{segment}{path}", code == request.locale


def _readable_path(request: Request, page: Page) -> str:
    """The page's address below the language, or where one can begin if it has none.

    The answer to a form has no address of its own; nor has the answer to a
    message from outside, which means something only once. What is missing here
    is missing in every language. The links of a page in a frame lead out of it.
    """
    route = request.matched_route
    is_shown = page.status not in _MISSING and (route is None or route.name != "message")
    is_asked_for = request.method in ("GET", "HEAD") and may_repeat_address(request)
    if is_asked_for and is_shown and not page.is_framed:
        # One slash: after two the browser would read the name of a host.
        return "/" + quote(request.path_info.lstrip("/"), PATH_SAFE)
    solution = solution_name(request)
    if solution:
        return str(request.route_url("intro", solution=solution, _app_url=""))
    return "/"


def may_repeat_address(request: Request) -> bool:
    """May a link on the page lead to the address that was asked for?

    Not where something in it looks like a CPR number: whoever wrote it there, no page
    of ours writes it once more.
    """
    path: str = request.path_info
    return masked(path) == path


def _solution_of(request: Request, page: Page) -> str:
    return page.solution.name if page.solution else solution_name(request)


def solution_name(request: Request) -> str:
    """The solution of this municipality that the address names, or an empty text."""
    name: str = (request.matchdict or {}).get("solution", "")
    return name if request.municipality and name in request.municipality.solutions else ""


def _home_url(request: Request) -> str:
    return str(request.route_path("staff" if is_staff_place(request) else "home"))


def _is_theme_usable(request: Request) -> bool:  # noqa: ARG001 - Pyramid's signature
    """Until the page about an error fails in it: then that page is shown in ``plain``."""
    return True


def _texts(request: Request) -> Texts:
    return texts_for(request.locale)


def _themes(municipality: Municipality | None) -> dict[str, ITheme]:
    if municipality is None:
        return {PLAIN.name: PLAIN}
    return dict(municipality.layer.getUtilitiesFor(ITheme))
