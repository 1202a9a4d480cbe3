"""Clocks that are wrong: a library that is put in front of the system's own.

It moves the time of day for a whole process, whatever asks for it. How long
something takes, which the system counts apart, stays as it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static long ahead(void) {
    const char *told = getenv("RELIABILITY_CLOCK_AHEAD");
    return told ? atol(told) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(clock, now);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += ahead();
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec exact;
    if (clock_gettime(CLOCK_REALTIME, &exact)) return -1;
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *now) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (now) *now = exact.tv_sec;
    return exact.tv_sec;
}
"""
_TELLS = "import datetime; print(datetime.datetime.now(datetime.UTC).timestamp())"


def clock_library(folder: Path) -> Path | None:
    """Build it; None where there is no C compiler, or it does not work here."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    source, library = folder / "clock.c", folder / "clock.so"
    source.write_text(_SOURCE, "ascii")
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"]
    built = subprocess.run(command, check=False, capture_output=True)
    return library if built.returncode == 0 and _works(library) else None


def ahead(library: Path | None, seconds: int) -> Mapping[str, str]:
    """The environment of a process whose clock is so far ahead."""
    if library is None:
        return {}
    return {"LD_PRELOAD": str(library), "RELIABILITY_CLOCK_AHEAD": str(seconds)}


def _works(library: Path) -> bool:
    told = [
        float(
            subprocess.run(
                [sys.executable, "-c", _TELLS],
                env=os.environ | ahead(library, seconds),
                check=True,
                capture_output=True,
            ).stdout
        )
        for seconds in (0, 300)
    ]
    return 290 < told[1] - told[0] < 310
