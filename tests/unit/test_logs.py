"""Nothing that looks like a CPR number gets into a log, or onto a stream."""

from __future__ import annotations

import io
import logging
import subprocess
import sys

import pytest

from selvbetjening_core import logs
from selvbetjening_core.logs import kind_of, mask_logs, masked

CPR = "2512484916"
FORMS = [
    CPR,
    "251248-4916",
    "251248 4916",
    "251248 - 4916",
    "251248\u20134916",
    "251248.4916",
    "251248%2D4916",
    "251248%2d4916",
    "8512484916",
]


@pytest.fixture
def log():
    """A log of this test, and the text a handler made of it."""
    before = logging.getLogRecordFactory()
    mask_logs()
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("test-logs")
    logger.addHandler(handler)
    yield logger, out
    logger.removeHandler(handler)
    logging.setLogRecordFactory(before)


@pytest.mark.parametrize("form", FORMS)
def test_every_way_to_write_it_is_masked(form):
    assert masked(f"for {form}, and id{form}x") == f"for {logs.MASK}, and id{logs.MASK}x"


@pytest.mark.parametrize(
    "text",
    [
        "at 2026-11-22 18:37:33",
        "serving on http://127.0.0.1:8080",
        "1764012345",
        "12345678901234",
        "call 99 70 70 00 or 4599707000",
        "7KQ4M-2XP9A 0773-ABCD-EFGH-JKMN",
    ],
)
def test_what_is_no_cpr_number_stays_readable(text):
    assert masked(text) == text


def test_in_message_arguments_and_name_of_a_log(log):
    logger, out = log
    logger.error("for %s", CPR)
    logger.error("for " + CPR)  # noqa: G003 - as a vendor would
    logger.error({"cpr": CPR})
    child = logging.getLogger(f"test-logs.{CPR}")
    child.error("by name")
    assert CPR not in out.getvalue()
    assert out.getvalue().count(logs.MASK) == 4


def test_in_exceptions_their_classes_causes_and_notes(log):
    logger, out = log
    error = type(f"Refused{CPR}", (Exception,), {})(f"no {CPR}")
    error.add_note(f"of {CPR}")
    error.__cause__ = KeyError(CPR)
    logger.error("it failed", exc_info=error)
    assert kind_of(error) == f"Refused{logs.MASK}"
    assert "KeyError" in out.getvalue()
    assert CPR not in out.getvalue()


def test_a_line_whose_values_do_not_fit_stops_nothing(log):
    logger, out = log
    logger.error("%d of %d", CPR)  # noqa: PLE1206 - as a vendor might
    assert "do not fit" in out.getvalue()
    assert CPR not in out.getvalue()


def test_a_per_cent_sign_stays(log):
    logger, out = log
    logger.error("100%% of %s", "x%s")
    assert "100% of x%s" in out.getvalue()


# The number comes from outside: Python 3.13 shows the lines of ``-c`` in a trace.
_PROCESS = """
import sys, threading
from selvbetjening_core.logs import mask_streams
cpr = sys.argv[1]
if len(sys.argv) > 2:
    mask_streams(out=True)
    mask_streams(out=True)
print("for", cpr)
print(f"for {cpr}", file=sys.stderr)
def fail():
    raise ValueError(cpr)
thread = threading.Thread(target=fail)
thread.start()
thread.join()
fail()
"""


@pytest.mark.parametrize(("arguments", "masks"), [(["mask"], 4), ([], 0)])
def test_prints_and_uncaught_exceptions_of_a_process(arguments, masks):
    """In a process of its own; without the masks, the negative control, all of it is there."""
    command = [sys.executable, "-W", "ignore", "-c", _PROCESS, CPR, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    told = done.stdout + done.stderr
    assert done.returncode == 1
    assert told.count(logs.MASK) == masks
    assert ((f"for {CPR}" in told), told.count(f"ValueError: {CPR}")) == (
        (False, 0) if masks else (True, 2)
    )


def test_without_the_masks_it_would_be_there():
    """The negative control."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    logger = logging.getLogger("test-logs-plain")
    logger.addHandler(handler)
    logger.propagate = False
    logger.error("for %s", CPR)
    logger.removeHandler(handler)
    assert CPR in out.getvalue()
