"""The words of a run, on their way down: wishes.

Whether one came true, only the next event says.
"""

from typing import TypeAlias

import msgspec


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


class Decide(Command, frozen=True, kw_only=True, tag="decide"):
    """Approve or reject one pending call, by its id and the hash of the arguments shown."""

    call_id: str
    arguments_hash: str
    approve: bool
    reason: str = ""
    by: str = ""


class Say(Command, frozen=True, kw_only=True, tag="say"):
    """Steer: give a working run a message for its next model call."""

    text: str


class Cancel(Command, frozen=True, kw_only=True, tag="cancel"):
    """End a run: `mode` is "after_turn" or "immediate"."""

    mode: str = "immediate"


AnyCommand: TypeAlias = StartRun | Decide | Say | Cancel
