"""The words of a run, on their way down: wishes.

Whether one came true, only the next event says.
"""

from typing import TypeAlias

import msgspec

from tui.wire.rules import Rule


class Command(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every command says: the run it is for."""

    run_id: str


class StartRun(Command, frozen=True, kw_only=True, tag="start_run"):
    """Start a run under `run_id` with what the person typed.

    Attributes:
        continues: An ended run of the same host whose conversation goes on.
        retries: A failed run of the same host that is taken up again where it failed; `text` was
            its message. A host that does not know it is given `text` as a new message.
        unheard: What the person said before in runs that no host ever began, oldest first.
    """

    text: str
    continues: str | None = None
    retries: str | None = None
    unheard: tuple[str, ...] = ()


class Resume(Command, frozen=True, kw_only=True, tag="resume"):
    """Take up a kept run whose own host is gone; its events come from the next `seq` on.

    Attributes:
        accepts_changes: Whether the person knows that the agent's file has changed meanwhile.
    """

    accepts_changes: bool = False


class Attach(Command, frozen=True, kw_only=True, tag="attach"):
    """Send the events of a run of this host from behind `after` on, those kept first."""

    after: int = -1


class Decide(Command, frozen=True, kw_only=True, tag="decide"):
    """Approve or reject one pending call, by its id and the hash of the arguments shown.

    Attributes:
        arguments: JSON text that the tool is run with in place of what the model wrote; None
            leaves that as it is.
        grant: A rule for calls to come, and for those that wait, if this is taken.
        keeps: Whether the rule goes into the policy file.
        result: What a call in doubt came to, with `approve`: its tool does not run again.
    """

    call_id: str
    arguments_hash: str
    approve: bool
    reason: str = ""
    by: str = ""
    arguments: str | None = None
    grant: Rule | None = None
    keeps: bool = False
    result: str | None = None


class Revoke(Command, frozen=True, kw_only=True, tag="revoke"):
    """Take a grant back. It holds for every run of the host."""

    rule_id: str
    by: str = ""


class Hold(Command, frozen=True, kw_only=True, tag="hold"):
    """Let no new tool call of any run of the host pass the gate, until `Release`."""

    by: str = ""


class Release(Command, frozen=True, kw_only=True, tag="release"):
    """Let calls pass again, in every run of the host."""

    by: str = ""


class ExtendBudget(Command, frozen=True, kw_only=True, tag="extend_budget"):
    """Give a run that has used up a budget as much again."""

    by: str = ""


class Say(Command, frozen=True, kw_only=True, tag="say"):
    """Steer: give a working run a message for its next model call."""

    text: str


class Cancel(Command, frozen=True, kw_only=True, tag="cancel"):
    """End a run: `mode` is "after_turn" or "immediate"."""

    mode: str = "immediate"


AnyCommand: TypeAlias = (
    StartRun | Resume | Attach | Decide | Say | Cancel | Revoke | Hold | Release | ExtendBudget
)
