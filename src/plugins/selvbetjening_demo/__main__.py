"""``python -m selvbetjening_demo``: start the demo, say where it is, stop it on Ctrl-C."""

from __future__ import annotations

import argparse
import datetime
import signal
import sys
from pathlib import Path

try:
    from selvbetjening_demo.folder import prepare_folder
    from selvbetjening_demo.people import load_citizens
    from selvbetjening_demo.start import Demo, DemoFailed
except ModuleNotFoundError as error:
    sys.exit(f"The demo needs the extra [demo]: pip install 'selvbetjening[demo]'\n({error})")

# A terminal that is closed, where the machine tells of that: the server outlives it else,
# since it takes SIGHUP for the wish to reload.
_ENDING = (signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []))


def main() -> None:
    """Start the demo and keep it running."""
    parser = argparse.ArgumentParser(
        prog="selvbetjening-demo",
        description="Two municipalities, a test login, a payment page and a mail catcher.",
    )
    parser.add_argument("--port", type=int, default=8080, help="of the municipalities")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("var/demo"),
        help="where the demo's files and data are kept (default: var/demo)",
    )
    arguments = parser.parse_args()
    for number in _ENDING:
        signal.signal(number, _interrupt)
    demo = Demo(prepare_folder(arguments.folder), arguments.port)
    try:
        for line in demo.start():
            _say(line)
        _say(_welcome(demo, arguments.folder))
        demo.wait()
    except DemoFailed as error:
        sys.exit(f"The demo could not start: {error}")
    except KeyboardInterrupt:
        _say("\nstopping …")
    finally:
        # Whoever is impatient, or a program around us, may ask twice: stop once, wholly.
        for number in (signal.SIGINT, *_ENDING):
            signal.signal(number, signal.SIG_IGN)
        demo.stop()


def _welcome(demo: Demo, folder: Path) -> str:
    port = demo.port
    today = datetime.datetime.now(tz=datetime.UTC).date()
    citizens = "\n".join(
        f"    {one.person.name:<27} {one.person.age_on(today):>2}  {one.about['en']}"
        for one in load_citizens().all
    )
    return f"""
The demo is ready. Open one of:

    http://localhost:{port}/            choose a municipality
    http://mors.localhost:{port}/       Morsø Kommune     (or http://localhost:{port}/mors/)
    http://aarhus.localhost:{port}/     Aarhus Kommune    (or http://localhost:{port}/aarhus/)

Log in as one of these test citizens (official MedCom test persons):

{citizens}

What is delivered lands in {folder}/var/journal-0773 and journal-0751, mail in {folder}/var/mail.
The files that make up the demo are in {folder}; delete the folder to start afresh.
Ask about them with: {_command()} check --config {folder}
Press Ctrl-C to stop."""


def _command() -> str:
    """The command beside the Python that runs the demo, as one would type it here."""
    path = Path(sys.executable).with_name("selvbetjening")
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _interrupt(*_: object) -> None:
    # Ended politely, the demo ends its parts, as on Ctrl-C.
    raise KeyboardInterrupt


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
