"""Nothing that looks like a CPR number gets into a log, or onto a stream."""

from __future__ import annotations

import inspect
import io
import logging
import subprocess
import sys

import pytest

from selvbetjening_core.logs import kind_of, mask_logs
from selvbetjening_core.masking import MASK

CPR = "2512484916"


@pytest.fixture
def log(monkeypatch):
    """A log of this test, and the text a handler made of it."""
    before = logging.getLogRecordFactory()
    monkeypatch.setattr(logging.Logger, "makeRecord", logging.Logger.makeRecord)
    mask_logs()
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("test-logs")
    logger.addHandler(handler)
    yield logger, out
    logger.removeHandler(handler)
    logging.setLogRecordFactory(before)


def test_in_message_arguments_and_name_of_a_log(log):
    logger, out = log
    logger.error("for %s", CPR)
    logger.error("for " + CPR)  # noqa: G003 - as a vendor would
    logger.error({"cpr": CPR})
    child = logging.getLogger(f"test-logs.{CPR}")
    child.error("by name")
    assert CPR not in out.getvalue()
    assert out.getvalue().count(MASK) == 4


def test_in_exceptions_their_classes_causes_and_notes(log):
    logger, out = log
    error = type(f"Refused{CPR}", (Exception,), {})(f"no {CPR}")
    error.add_note(f"of {CPR}")
    error.__cause__ = KeyError(CPR)
    logger.error("it failed", exc_info=error)
    assert kind_of(error) == f"Refused{MASK}"
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
    assert told.count(MASK) == masks
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


class Kept(logging.Handler):
    """Keeps the records that it is given."""

    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append(record)


@pytest.fixture
def records(log):
    """Log, and the records a site's handler finds."""
    logger, _ = log
    handler = Kept()
    logger.addHandler(handler)
    yield logger, handler.records
    logger.removeHandler(handler)


def test_a_formatter_finds_the_arguments_masked(records):
    logger, found = records
    logger.error('%s "%s" %d', "127.0.0.1", f"GET /?q={CPR}", 200)
    assert found[0].args == ("127.0.0.1", f"GET /?q={MASK}", 200)
    assert found[0].msg == '%s "%s" %d'
    assert found[0].getMessage() == f'127.0.0.1 "GET /?q={MASK}" 200'


def test_named_arguments_stay_named(records):
    logger, found = records
    logger.error("%(who)s at %(where)s", {"who": CPR, "where": "here"})
    assert found[0].args == {"who": MASK, "where": "here"}
    assert found[0].getMessage() == f"{MASK} at here"


@pytest.mark.parametrize(
    ("words", "values", "told"),
    [
        ("%s-%s", ("251248", "4916"), MASK),
        ("%d", (int(CPR),), MASK),
        ("%s", (ValueError(CPR),), MASK),
        ("%(a)s%(b)s", ({"a": "251248", "b": "4916"},), MASK),
    ],
)
def test_what_is_a_number_only_together_is_one_text(records, words, values, told):
    logger, found = records
    logger.error(words, *values)
    assert found[0].getMessage() == told
    assert CPR not in repr(vars(found[0]))
    assert "4916" not in repr(found[0].args)


def test_what_is_said_with_extra_is_masked(records):
    logger, found = records
    logger.error("x", extra={"cpr": CPR, "sent": {"who": [CPR]}, "count": 3, "time": 1711929600})
    record = found[0]
    assert (record.cpr, record.sent, record.count) == (MASK, {"who": [MASK]}, 3)
    assert record.time == 1711929600
    mask_logs()
    logger.error("x", extra={"cpr": CPR})
    assert found[1].cpr == MASK


def test_what_cannot_be_looked_at_stops_nothing(records):
    class Bad(dict):
        def __getitem__(self, key):
            raise RuntimeError(CPR)

    logger, found = records
    logger.error("told", extra={"bad": Bad(a=1)})
    logger.error("told %s", Bad(a=1))
    assert [one.getMessage()[:4] for one in found] == ["told", "told"]
    assert CPR not in repr([vars(one) for one in found])


def test_without_the_mask_extra_would_be_there(records, monkeypatch):
    """The negative control."""
    logger, found = records
    monkeypatch.setattr(logging.Logger, "makeRecord", inspect.unwrap(logging.Logger.makeRecord))
    logger.error("x", extra={"cpr": CPR})
    assert found[0].cpr == CPR
