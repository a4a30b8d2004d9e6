"""The cockpit's error tree. `tui.agents` has its own, with the SDK's names.

BatonError            anything a person can be told in one sentence
├── UsageError        wrong arguments or settings: what, where, and what to do
│   └── SettingsError a file of settings that cannot be taken as it is
│       └── PolicyError   a policy file that cannot
├── WireError         bytes between screen and host that are not our wire
├── LoadError         an agent file that gave no agent
├── HostError         the agent process could not be started, or is gone
├── JournalError      the journal, or a file of kept events, cannot be read or written
├── ExportError       a file of decisions that could not be written
└── ScreenError       the screen of a program could not be started, or did not end by itself
"""


class BatonError(Exception):
    """Base of every error that Baton shows as one sentence.

    Attributes:
        details: More text for the inspector (a traceback), or "".
    """

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message)
        self.details = details


class UsageError(BatonError):
    """Wrong arguments or settings."""


class SettingsError(UsageError):
    """A file of settings that cannot be taken as it is: `name:line: what is wrong; what to do`."""


class PolicyError(SettingsError):
    """A policy file that cannot be taken as it is."""


class WireError(BatonError):
    """Bytes between screen and host that are not our wire form."""


class LoadError(BatonError):
    """An agent file that gave no agent.

    Attributes:
        advice: What to do about it where the sentence does not say it, or "".
    """

    def __init__(self, message: str, details: str = "", advice: str = "") -> None:
        super().__init__(message, details)
        self.advice = advice


class HostError(BatonError):
    """The agent process could not be started, or is gone."""


class JournalError(BatonError):
    """The journal, or a file of kept events, cannot be read or written."""


class ResumeError(BatonError):
    """A kept run that cannot be gone on with."""


class ElsewhereError(ResumeError):
    """A kept run that another process goes on with."""


class ExportError(BatonError):
    """A file of decisions could not be written."""


class ScreenError(BatonError):
    """The screen of a program could not be started, or did not end by itself."""
