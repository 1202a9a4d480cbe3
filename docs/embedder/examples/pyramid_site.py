"""A Pyramid site with selvbetjening under /selvbetjening, and a step in a page of its own.

Run: python3 pyramid_site.py PORT INSTALLATION
"""

from __future__ import annotations

import sys
from pathlib import Path

import waitress
from pyramid.config import Configurator
from pyramid.csrf import get_csrf_token
from pyramid.response import Response
from pyramid.session import SignedCookieSessionFactory

from selvbetjening_core.embedding import ASSETS, Fragment, read_step

fault = Fragment(read_step(Path(__file__).parent / "affald", "fault"))

PAGE = """<!doctype html><html lang="da"><meta charset="utf-8"><title>Mors</title>
<link rel="stylesheet" href="/affald-static/fragment.css"><h1>Hvad er der galt?</h1>
<form method="post" novalidate><input type="hidden" name="csrf_token" value="{token}">
{fields}<button>Send</button></form>"""


def front(request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    text = f"Mors. Besøg: {request.session['visits']}"
    return Response(f'{text}. <a href="/selvbetjening/sundhedskort">Nyt sundhedskort</a>')


def ask(request):
    return Response(PAGE.format(token=get_csrf_token(request), fields=fault.html()))


def answered(request):
    state = fault.read(request.POST)
    if state.errors:
        page = PAGE.format(token=get_csrf_token(request), fields=fault.html(state))
        return Response(page, status=422)
    return Response(f"Tak! {state.values['problem']}")


def make_site(installation):
    settings = {"selvbetjening.installation": installation, "selvbetjening.worker": "true"}
    with Configurator(settings=settings) as config:
        config.set_session_factory(SignedCookieSessionFactory("the site's own secret"))
        config.set_default_csrf_options(require_csrf=True)
        config.add_route("front", "/")
        config.add_view(front, route_name="front")
        config.add_route("fault", "/affald")
        config.add_view(ask, route_name="fault", request_method="GET")
        config.add_view(answered, route_name="fault", request_method="POST")
        config.add_static_view("affald-static", str(ASSETS))
        config.include("selvbetjening_core.embedding", route_prefix="selvbetjening")
        return config.make_wsgi_app()


if __name__ == "__main__":
    site = make_site(sys.argv[2])
    print(f"http://localhost:{sys.argv[1]}", flush=True)
    waitress.serve(site, host="127.0.0.1", port=int(sys.argv[1]), _quiet=True)
