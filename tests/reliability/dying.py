"""``selvbetjening`` as a process that dies, kill -9, when it comes to a step for the n-th time.

::

    DIE_AT=submit-after-commit DIE_NTH=3 python dying.py serve --config ...

Or with a fault that somebody might make one day: ``PLANT=row-after-commit``. Nothing
of this is in the application: it is patched from outside, in this process alone.
"""

from __future__ import annotations

import functools
import http.client
import os
import signal
import threading
import time
import warnings
from collections.abc import Callable

warnings.filterwarnings("ignore")

SUBMIT_STEPS = (
    "draft-marked",
    "submission-stored",
    "row-stored",
    "submit-audited",
    "submit-before-commit",
    "submit-after-commit",
    "submit-before-answer",
)
ATTEMPT_STEPS = (
    "claim-before-commit",
    "claim-after-commit",
    "begin-before-commit",
    "begin-after-commit",
    "before-send",
    "sent-without-answer",
    "after-send",
    "end-before-commit",
    "end-after-commit",
)


class Death:
    """Counts arrivals at the one step, and ends the process at the n-th."""

    def __init__(self, step: str, nth: int) -> None:
        self._step = step
        self._left = nth
        self._lock = threading.Lock()

    def at(self, step: str) -> None:
        if not step or step != self._step:
            return
        with self._lock:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


class Doing(threading.local):
    """What the transaction of this thread has done last."""

    what = ""


def watch(death: Death) -> None:
    """Tell ``death`` of every named step."""
    from selvbetjening_core.delivery import calls  # noqa: PLC0415
    from selvbetjening_core.store import store as store_module  # noqa: PLC0415
    from selvbetjening_core.store.audit import SqlAudit  # noqa: PLC0415
    from selvbetjening_core.store.drafts import SqlDrafts  # noqa: PLC0415
    from selvbetjening_core.store.ledger import SqlLedger  # noqa: PLC0415
    from selvbetjening_core.store.submissions import SqlSubmissions  # noqa: PLC0415

    doing = Doing()

    def note(what: str, step: str = "") -> Callable[..., None]:
        def noted(*_: object) -> None:
            doing.what = what
            death.at(step)

        return noted

    after(SqlDrafts, "mark_submitted", note("submit", "draft-marked"))
    after(SqlSubmissions, "add", note("submit", "submission-stored"))
    after(SqlLedger, "add", note("submit", "row-stored"))
    for name in ("claim", "claim_of"):
        after(SqlLedger, name, lambda found, *_: found and note("claim")())
    after(SqlLedger, "begin_attempt", note("begin"))
    after(SqlLedger, "end_attempt", note("end"))
    after(
        SqlAudit,
        "add",
        lambda _found, _self, event, *_: event == "submitted" and death.at("submit-audited"),
    )
    commit = store_module._commit

    def watched(connection: object, transaction: object) -> None:
        what, doing.what = doing.what, ""
        death.at(f"{what}-before-commit")
        commit(connection, transaction)
        death.at(f"{what}-after-commit")

    store_module._commit = watched
    watch_sending(calls, death)
    watch_answering(death)


def watch_sending(calls: object, death: Death) -> None:
    send = calls.send

    def sending(*arguments: object) -> object:
        death.at("before-send")
        called = send(*arguments)
        death.at("after-send")
        return called

    calls.send = sending
    answer = http.client.HTTPConnection.getresponse

    def getresponse(connection: http.client.HTTPConnection) -> object:
        if connection.sock is not None and "/cases" in getattr(connection, "asked", ""):
            time.sleep(0.02)
            death.at("sent-without-answer")
        return answer(connection)

    request = http.client.HTTPConnection.request

    def asking(
        connection: http.client.HTTPConnection, method: str, url: str, *more: object
    ) -> None:
        connection.asked = url
        request(connection, method, url, *more)

    http.client.HTTPConnection.getresponse = getresponse
    http.client.HTTPConnection.request = asking


def watch_answering(death: Death) -> None:
    from selvbetjening_core.web.views import summary  # noqa: PLC0415

    accept = summary.accept

    # Pyramid looks at how many arguments a view has.
    def accepting(request: object) -> object:
        response = accept(request)
        death.at("submit-before-answer")
        return response

    summary.accept = accepting


def after(owner: object, name: str, then: Callable[..., object]) -> None:
    """Call ``then`` with the result and the arguments, each time ``name`` has returned."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def patched(*arguments: object, **named: object) -> object:
        found = original(*arguments, **named)
        then(found, *arguments)
        return found

    setattr(owner, name, patched)


def main() -> None:
    import planted  # noqa: PLC0415 - what is patched is imported first

    fault = os.environ.get("PLANT", "")
    if fault:
        planted.PLANT[fault]()
    watch(Death(os.environ.get("DIE_AT", ""), int(os.environ.get("DIE_NTH", "1"))))

    from selvbetjening_core.cli.main import main as selvbetjening  # noqa: PLC0415

    selvbetjening()


if __name__ == "__main__":
    main()
