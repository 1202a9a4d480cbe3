"""How much memory this process has."""

from __future__ import annotations

from pathlib import Path


def resident_megabytes() -> float:
    """What is in memory now (VmRSS)."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    found = next(line for line in lines if line.startswith("VmRSS:"))
    return int(found.split()[1]) / 1024
