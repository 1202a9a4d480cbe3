"""A Django site with selvbetjening under /selvbetjening, and a step in a page of its own.

In a site of yours these are settings.py, urls.py, views.py and wsgi.py.

Run: python3 django_site.py PORT INSTALLATION
"""

from __future__ import annotations

import sys
from pathlib import Path

import waitress
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.views.static import serve

from selvbetjening_core.embedding import ASSETS, Fragment, beside, mount, read_step

# settings.py

settings.configure(
    SECRET_KEY="the site's own secret",
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)

# views.py

fault = Fragment(read_step(Path(__file__).parent / "affald", "fault"))

PAGE = """<!doctype html><html lang="da"><meta charset="utf-8"><title>Mors</title>
<link rel="stylesheet" href="/affald-static/fragment.css"><h1>Hvad er der galt?</h1>
<form method="post" novalidate>{% csrf_token %}{{ fields }}<button>Send</button></form>"""


def front(request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    text = f"Mors. Besøg: {request.session['visits']}"
    return HttpResponse(f'{text}. <a href="/selvbetjening/sundhedskort">Nyt sundhedskort</a>')


def report(request):
    state = fault.read(request.POST) if request.method == "POST" else None
    if state is not None and not state.errors:
        return HttpResponse(f"Tak! {state.values['problem']}")
    page = engines["django"].from_string(PAGE)
    html = page.render({"fields": fault.html(state)}, request)
    return HttpResponse(html, status=200 if state is None else 422)


# urls.py

urlpatterns = [
    path("", front),
    path("affald", report),
    path("affald-static/<path:path>", serve, {"document_root": ASSETS}),
]

# wsgi.py


def make_site(installation):
    return beside(get_wsgi_application(), {"/selvbetjening": mount(installation, worker=True)})


if __name__ == "__main__":
    site = make_site(sys.argv[2])
    print(f"http://localhost:{sys.argv[1]}", flush=True)
    waitress.serve(site, host="127.0.0.1", port=int(sys.argv[1]), _quiet=True)
