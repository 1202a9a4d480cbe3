"""Every error the project raises on purpose, each with a stable code.

The code is for logs, tests and documentation; the sentence is for the person
who has to do something. No message holds personal data or a secret.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selvbetjening_core.problems import Problems
    from selvbetjening_core.values import SettingFault


class SelvbetjeningError(Exception):
    """Base of all errors raised on purpose."""

    code = "error"


class ConfigurationError(SelvbetjeningError):
    """The installation, a plugin set, a municipality or a solution is wrong.

    Carries *all* problems found, never just the first, each also as a note, which a
    traceback shows.
    """

    code = "configuration"

    def __init__(self, problems: Problems) -> None:
        count = problems.count_errors()
        super().__init__(f"{count} error{'' if count == 1 else 's'} in the configuration")
        self.problems = problems
        for one in problems:
            self.add_note(f"{one.place}: {one.severity}: {one.message}; {one.advice}")


class DefinitionError(SelvbetjeningError):
    """A definition asks for something this installation does not have."""

    code = "definition"


class BadSettings(SelvbetjeningError, ValueError):
    """Raised by a plugin: its settings cannot be used. Tells all faults at once.

    Each is reported at the line of its setting.
    """

    code = "bad-settings"

    def __init__(self, *faults: SettingFault) -> None:
        super().__init__("; ".join(fault.text for fault in faults))
        self.faults = faults


class ComponentMissing(SelvbetjeningError):
    """A role that a journey needs is not bound to a component here."""

    code = "component-missing"


class NotInstalled(SelvbetjeningError):
    """A part is needed that is not in the base install.

    The message names the extra to install.
    """

    code = "not-installed"

    def __init__(self, part: str, extra: str) -> None:
        super().__init__(f"{part} needs the extra [{extra}]: pip install 'selvbetjening[{extra}]'")
        self.extra = extra


class Unavailable(SelvbetjeningError):
    """An outside system could not be reached or did not answer in time.

    If the operation has an effect, the effect may have happened.
    """

    code = "unavailable"


class TimedOut(Unavailable):
    """A plugin did not answer in time. It may still be at work, and have an effect."""

    code = "timed-out"


class TooBusy(Unavailable):
    """As many calls as one component may have are under way. Nothing was called."""

    code = "too-busy"


class PluginFailed(Unavailable):
    """A plugin raised what its contract does not allow, or returned the wrong type.

    The message names the plugin, the method and the class of what was raised;
    never the plugin's own words, which may hold anything.
    """

    code = "plugin-failed"


class NotDeclared(SelvbetjeningError):
    """A plugin reached for personal data that it does not declare to read."""

    code = "not-declared"


class StoreUnavailable(SelvbetjeningError):
    """The database is busy, full, damaged or gone. The transaction left nothing.

    Not an :class:`Unavailable`, which a journey can often go on without: without
    the store there is no journey.
    """

    code = "store-unavailable"


class NotMoved(SelvbetjeningError):
    """The database was not moved: one is in use, or the target does not hold the same.

    The source is as it was, and nothing is in the target.
    """

    code = "not-moved"


class CommitUnknown(StoreUnavailable):
    """The commit of a transaction ended in an error: all of it may be there, or nothing.

    Which of the two is seen when the database is opened again. What was asked for
    may be asked for again: whoever does so finds what is there.
    """

    code = "commit-unknown"


class SubmissionInDoubt(CommitUnknown):
    """Nobody can tell yet whether a submission arrived. Sending again is safe.

    :param enquiry_code: what the citizen, the log and staff call it
    :param is_paid: was it sent because a payment came in?
    """

    code = "submission-in-doubt"

    def __init__(self, enquiry_code: str, *, is_paid: bool = False) -> None:
        super().__init__(f"nobody can tell yet whether submission {enquiry_code} arrived")
        self.enquiry_code = enquiry_code
        self.is_paid = is_paid


class OperatingRefused(SelvbetjeningError):
    """What a member of staff asked for cannot be done; the message says why, in plain words.

    ``reason`` is a stable code of its own: ``no-delivery``, ``wrong-state``,
    ``may-have-arrived``, ``no-receiver``, ``same-receiver``, ``no-reason``,
    ``reason-too-long``, ``reason-has-number``, ``not-said-how``, ``paused-already`` or
    ``not-paused``.
    """

    code = "operating-refused"

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class NeedsFacts(SelvbetjeningError):
    """A field kind cannot be compiled without knowing the citizen.

    :param shown_alike: the field looks the same to everybody, and only what is
        accepted depends on the citizen or the day. Its page is compiled then,
        by the node made with no facts
    """

    code = "needs-facts"

    def __init__(self, message: str, *, shown_alike: bool = False) -> None:
        super().__init__(message)
        self.shown_alike = shown_alike


class JourneyError(SelvbetjeningError):
    """A citizen's request that cannot be met; the page says what to do."""

    code = "journey"


class NotAllowed(JourneyError):
    """The person may not do this (too young, wrong level, no session)."""

    code = "not-allowed"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotFound(JourneyError):
    """It does not exist, or does not belong to the person who asks."""

    code = "not-found"


class Gone(JourneyError):
    """It was here, and is not any more.

    ``reason`` is the name of the text that explains it to the citizen.
    """

    code = "gone"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Conflict(JourneyError):
    """The request was made from a page that is no longer true.

    ``reason`` is the name of the text that explains it to the citizen.
    """

    code = "page-out-of-date"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
