"""Who is delivered to in the suite ``receivers``, and what must become of it."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import asyncssh
import faulty
from faulty import SECRET, TOKEN, Certificates, Conduct, Receiver
from receiver import EFFECT, Journal

from selvbetjening_core.testing import Fault
from selvbetjening_core.testing.untrusted import Witness
from selvbetjening_core.values.parcel_files import CASE_FILE, key_in
from selvbetjening_mail.conformance import SENDER, MailServer
from selvbetjening_sftp.counterpart import FOLDER, TAKEN, SftpCounterpart

DELIVERED, PARKED = "delivered", "parked"

# How a vendor's plugin finds out what nobody knows, and whether its receiver honours keys.
ASKED, KEYED, BLUNT = "asked", "keyed", "blunt"
VARIANTS = {ASKED: False, KEYED: True, BLUNT: False}


@dataclass
class Member:
    """One destination.

    :param lines: its settings, as TOML
    :param ends: where each of its deliveries must end
    :param mend: called when the time of faults is over; a receiver that stays as it is
        has none
    :param effects: how often the parcel with this key was taken, where the journal
        does not say
    :param receipts: called with all keys when three days have gone
    :param remote: the receiver, for what a suite wants to see of it
    """

    name: str
    plugin: str
    lines: str
    ends: str
    mend: Callable[[], None] | None = None
    effects: Callable[[str], int] | None = None
    receipts: Callable[[str], None] | None = None
    remote: object = None


@dataclass
class Cast:
    """All of them, and what closes them again."""

    journal: Journal
    folder: Path
    members: list[Member] = field(default_factory=list)
    witness: Witness = field(default_factory=Witness)
    closing: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def __enter__(self) -> Self:
        self.closing.enter_context(self.witness)
        self.certificates = faulty.make_certificates(self.folder / "certificates")
        self._add_http(self.certificates)
        self._add_sftp()
        self._add_mail()
        self._add_folder()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.close()

    def named(self, name: str) -> Member:
        return next(one for one in self.members if one.name == name)

    # -- over HTTP, with the plugin of the skeleton --------------------------

    def _add_http(self, certificates: Certificates) -> None:
        away = faulty.sends_away_to(self.witness.url)
        for name, conduct in _SETTLED.items():
            self._http(name, conduct, {ASKED: DELIVERED, KEYED: DELIVERED, BLUNT: PARKED})
        self._http("redirect", away, {ASKED: DELIVERED, KEYED: DELIVERED, BLUNT: PARKED})
        for name, conduct in _PUT_OFF.items():
            self._http(name, conduct, dict.fromkeys(VARIANTS, DELIVERED))
        self._http("down", faulty.behaves, dict.fromkeys(VARIANTS, DELIVERED), down=True)
        self._http("gone", faulty.behaves, dict.fromkeys(VARIANTS, PARKED), down=True, mends=False)
        self._http("refusing", faulty.refuses, dict.fromkeys(VARIANTS, PARKED), mends=False)
        for name, told in _TELLING.items():
            self._telling(name, *told)
        for name in ("good", "wrong_name", "expired", "self_signed"):
            ends = DELIVERED if name == "good" else PARKED
            tls = getattr(certificates, name)
            self._http(f"tls_{name}", faulty.behaves, dict.fromkeys(VARIANTS, ends), tls=tls)

    def _telling(self, name: str, conduct: Conduct, states: tuple[str, ...], ends: str) -> None:
        """It took it, and tells more when three days have gone."""

        def tell(receiver: Receiver, key: str) -> None:
            for state in states:
                receiver.receipt(key, state)
            receiver.state = states[0] if states else receiver.state

        state = "done" if name == "changes_mind" else "taken"
        each = dict.fromkeys(VARIANTS, ends)
        self._http(name, conduct, each, mends=False, state=state, tell=tell)

    def _http(
        self,
        name: str,
        conduct: Conduct,
        ends: dict[str, str],
        *,
        down: bool = False,
        mends: bool = True,
        state: str = "done",
        tls=None,
        tell: Callable[[Receiver, str], None] | None = None,
    ) -> None:
        for variant, honours_keys in VARIANTS.items():
            receiver = Receiver(
                f"{name}_{variant}",
                conduct,
                self.journal,
                honours_keys=honours_keys,
                state=state,
                tls=tls,
            )
            self.closing.enter_context(receiver)
            receiver.behave(Fault.DOWN if down else Fault.NONE)
            lines = _toml(url=receiver.url, token="env:RECEIVERS_TOKEN", seconds=1)
            lines += _toml(message_secret="env:RECEIVERS_SECRET")
            member = Member(receiver.name, f"{variant}_delivery", lines, ends[variant])
            member.mend = receiver.mend if mends else None
            member.remote = receiver
            if tell is not None:
                member.receipts = lambda key, receiver=receiver: tell(receiver, key)
            self.members.append(member)

    # -- over SFTP -----------------------------------------------------------

    def _add_sftp(self) -> None:
        for name, fault in _SFTP_FAULTS.items():
            self._sftp(f"sftp_{name}", fault, DELIVERED)
        other = asyncssh.generate_private_key("ssh-ed25519").get_fingerprint("sha256")
        self._sftp("sftp_other_key", Fault.NONE, PARKED, host_key=other)
        grabbed = self._sftp("sftp_grabbed", Fault.LOST_ANSWER, PARKED)
        moved = self._sftp("sftp_moved", Fault.LOST_ANSWER, DELIVERED, taken=TAKEN)
        self.closing.enter_context(_polling(grabbed, self.journal, move=False))
        self.closing.enter_context(_polling(moved, self.journal, move=True))

    def _sftp(self, name: str, fault: Fault, ends: str, **more: object) -> SftpCounterpart:
        remote = self.closing.enter_context(SftpCounterpart())
        remote.behave(fault)
        settings = {**remote.settings, "password": "env:RECEIVERS_SFTP", **more}
        member = Member(name, "sftp", _toml(**settings), ends)
        member.mend = lambda: remote.behave(Fault.NONE)
        # What is taken away is written into the journal by who takes it.
        member.effects = None if name in ("sftp_grabbed", "sftp_moved") else remote.effects
        self.members.append(member)
        return remote

    # -- by mail, and into a folder -------------------------------------------

    def _add_mail(self) -> None:
        for name, (fault, ends) in _MAIL_FAULTS.items():
            remote = self.closing.enter_context(MailServer())
            remote.behave(fault)
            lines = _toml(
                server=f"smtp://127.0.0.1:{remote.port}",
                sender=SENDER,
                recipient="journal@town.example",
                timeout=1,
            )
            member = Member(f"mail_{name}", "mail", lines, ends, effects=remote.effects)
            member.mend = lambda remote=remote: remote.behave(Fault.NONE)
            self.members.append(member)

    def _add_folder(self) -> None:
        blocked = self.folder / "blocked"
        blocked.write_bytes(b"")

        def effects(key: str) -> int:
            return sum(key_in(one.read_bytes()) == key for one in blocked.glob(f"*/{CASE_FILE}"))

        lines = _toml(path=str(blocked))
        member = Member("folder_blocked", "folder", lines, DELIVERED, blocked.unlink, effects)
        self.members.append(member)


# What they do may have been done: asked or repeated it is settled; else a person settles it.
_SETTLED: dict[str, Conduct] = {
    "hang": faulty.hangs,
    "error_500_done": faulty.breaks_inside,
    "error_500_undone": faulty.on_parcels(faulty.fails_inside),
    "yes_with_error": faulty.says_yes_with_an_error_inside,
    "acts_and_drops": faulty.acts_and_drops,
    "mid_body": faulty.closes_in_mid_body,
    "gigabyte": faulty.answers_a_gigabyte,
    "garbage": faulty.answers_garbage,
    "drips": faulty.drips,
    "go_on_for_ever": faulty.says_go_on_for_ever,
    "wrong_id": faulty.answers_about_another,
    "go_between_404": faulty.hides_behind_a_go_between,
}
# Nothing was done, and that is known.
_PUT_OFF: dict[str, Conduct] = {
    "slow": faulty.is_slow,
    "busy": faulty.is_busy,
    "unauthorised": faulty.knows_nobody,
}
# It takes the parcel; what it tells after three days, and how it must end.
_TELLING: dict[str, tuple[Conduct, tuple[str, ...], str]] = {
    "three_days": (faulty.behaves, ("done",), DELIVERED),
    "never_tells": (faulty.behaves, (), PARKED),
    "tells_twice": (faulty.behaves, ("done", "done", "done"), DELIVERED),
    "out_of_order": (faulty.behaves, ("done", "taken"), DELIVERED),
    "before_it_answers": (faulty.tells_before_it_answers, (), DELIVERED),
    "changes_mind": (faulty.behaves, ("refused",), DELIVERED),
    "relents": (faulty.behaves, ("refused", "done"), DELIVERED),
}
_SFTP_FAULTS = {
    "down": Fault.DOWN,
    "cut_off": Fault.CUT_OFF,
    "hang": Fault.HANG,
    "lost_answer": Fault.LOST_ANSWER,
    "garbage": Fault.GARBAGE,
    "busy": Fault.BUSY,
    "locked_out": Fault.UNAUTHORISED,
}
_MAIL_FAULTS = {
    "down": (Fault.DOWN, DELIVERED),
    "451": (Fault.BUSY, DELIVERED),
    "550_after_data": (Fault.REFUSED, PARKED),
    "dropped_after_the_dot": (Fault.LOST_ANSWER, PARKED),
    "silent_after_the_dot": (Fault.HANG, PARKED),
    "garbage": (Fault.GARBAGE, PARKED),
    "slow": (Fault.SLOW, DELIVERED),
}


@contextlib.contextmanager
def _polling(remote: SftpCounterpart, journal: Journal, *, move: bool) -> Iterator[None]:
    """A receiver that looks for new files all the time, and takes them away at once."""
    stop = threading.Event()

    def poll() -> None:
        while not stop.is_set():
            for file in remote.path(FOLDER).glob("*.zip"):
                journal.add(EFFECT, file.stem, receiver="poller")
                file.rename(remote.path(TAKEN) / file.name) if move else file.unlink()
            time.sleep(0.002)

    thread = threading.Thread(target=poll, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _toml(**settings: object) -> str:
    # What JSON and TOML write alike.
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())


ENVIRONMENT = {
    "RECEIVERS_TOKEN": TOKEN,
    "RECEIVERS_SECRET": SECRET,
    "RECEIVERS_SFTP": "planted: let me in",
}
