"""Run the provider as a process of its own."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from selvbetjening_demo.provider.app import ProviderSettings, make_provider
from selvbetjening_demo.provider.server import make_server


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(
        prog="python -m selvbetjening_demo.provider",
        description="The demo's login and payment provider.",
    )
    parser.add_argument("--port", type=int, default=6544, help="0 takes a free one")
    parser.add_argument("--secret-file", type=Path, required=True, help="the shared secret")
    parser.add_argument("--late-seconds", type=float, default=8.0, help="how late is late")
    arguments = parser.parse_args()
    secret = arguments.secret_file.read_text("utf-8").strip()
    if not secret:
        parser.error("the secret file is empty")
    settings = ProviderSettings(secret=secret, late_seconds=arguments.late_seconds)
    server = make_server(make_provider(settings), arguments.port)
    sys.stdout.write(f"http://127.0.0.1:{server.effective_port}\n")
    sys.stdout.flush()
    server.run()


if __name__ == "__main__":
    main()
