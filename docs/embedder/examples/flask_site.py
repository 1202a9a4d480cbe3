"""A Flask site with selvbetjening under /selvbetjening, and a step in a page of its own.

Run: python3 flask_site.py PORT INSTALLATION
"""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

import waitress
from flask import Flask, abort, render_template_string, request, send_from_directory, session
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from selvbetjening_core.embedding import ASSETS, Fragment, mount, read_step

app = Flask(__name__)
app.secret_key = "the site's own secret"
fault = Fragment(read_step(Path(__file__).parent / "affald", "fault"))

PAGE = """<!doctype html><html lang="da"><meta charset="utf-8"><title>Mors</title>
<link rel="stylesheet" href="/affald-static/fragment.css"><h1>Hvad er der galt?</h1>
<form method="post" novalidate><input type="hidden" name="token" value="{{ session.token }}">
{{ fields }}<button>Send</button></form>"""


@app.get("/")
def front():
    session["visits"] = session.get("visits", 0) + 1
    text = f"Mors. Besøg: {session['visits']}"
    return f'{text}. <a href="/selvbetjening/sundhedskort">Nyt sundhedskort</a>'


@app.get("/affald")
def ask():
    session.setdefault("token", secrets.token_urlsafe(32))
    return render_template_string(PAGE, fields=fault.html())


@app.post("/affald")
def answered():
    if not secrets.compare_digest(request.form.get("token", ""), session.get("token", "none")):
        abort(403)
    state = fault.read(request.form)
    if state.errors:
        return render_template_string(PAGE, fields=fault.html(state)), 422
    return f"Tak! {state.values['problem']}"


@app.get("/affald-static/<path:name>")
def static_file(name):
    return send_from_directory(ASSETS, name)


def make_site(installation):
    mounts = {"/selvbetjening": mount(installation, worker=True)}
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, mounts)
    return app


if __name__ == "__main__":
    site = make_site(sys.argv[2])
    print(f"http://localhost:{sys.argv[1]}", flush=True)
    waitress.serve(site, host="127.0.0.1", port=int(sys.argv[1]), _quiet=True)
