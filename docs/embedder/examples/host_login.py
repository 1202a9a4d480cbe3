"""A Flask site that has logged its user in, and vouches for that.

Run: python3 host_login.py PORT INSTALLATION KEY_FILE
"""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import waitress
from flask import Flask, abort, redirect, request, session
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from selvbetjening_core.embedding import mount
from selvbetjening_host_identity import BadRequest, vouch

app = Flask(__name__)
app.secret_key = "the site's own secret"
KEY = Path(sys.argv[3]).read_text("utf-8").strip() if len(sys.argv) > 3 else ""


@app.get("/log-ind")
def log_in():
    """The site's own login, whatever that is; here everybody is Kirsten."""
    session["citizen"] = {"cpr": "291182-9996", "name": "Kirsten Test Berggren"}
    session["at"] = datetime.datetime.now(tz=datetime.UTC).isoformat()
    return redirect(f"/sig-god-for?{request.query_string.decode('ascii')}")


@app.get("/sig-god-for")
def vouch_for_user():
    """The ``login_url`` of the municipality's file."""
    if "citizen" not in session:
        return redirect(f"/log-ind?{request.query_string.decode('ascii')}")
    try:
        return redirect(
            vouch(
                request.args["request"],
                key=KEY,
                issuer="mors.dk",
                **session["citizen"],
                level="substantial",
                logged_in_at=datetime.datetime.fromisoformat(session["at"]),
            )
        )
    except BadRequest:
        abort(400)


if __name__ == "__main__":
    app.wsgi_app = DispatcherMiddleware(
        app.wsgi_app, {"/selvbetjening": mount(sys.argv[2], worker=True)}
    )
    print(f"http://localhost:{sys.argv[1]}", flush=True)
    waitress.serve(app, host="127.0.0.1", port=int(sys.argv[1]), _quiet=True)
