"""`baton resume`: which kept conversation, and a host for more of it, opened as its own was.

Stays out of what the cockpit does with them. Light: the cockpit's start reads it too.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tui.cockpit.conversations import Kept
from tui.cockpit.sources.base import AgentHost
from tui.cockpit.sources.host_options import HostOptions
from tui.cockpit.sources.kept import KeptConversations
from tui.errors import UsageError
from tui.host.services import KEY
from tui.journal.opened import HowOpened, read
from tui.journal.store import KeptRun


def wanted_run(journal: Path | None, run_id: str) -> KeptRun:
    """Return the run that a person named by its id, or by its beginning.

    Raises:
        UsageError: If there is none, or more than one.
        JournalError: If the journal cannot be read.
    """
    if journal is None or not journal.exists():
        raise UsageError(f"nothing is kept yet, so there is no run '{run_id}' to resume")
    from tui.cli_kept import opened, wanted

    with opened(journal, may_begin=True) as store:
        assert store is not None
        return wanted(store, run_id)


def kept_conversations(
    options: HostOptions, *, policy: bool, environ: Mapping[str, str] = os.environ
) -> Kept | None:
    """Return what reopens conversations, None where nothing is kept.

    Args:
        options: What agent processes are told now.
        policy: Whether a person named their policy file now; else it is the one of then.
        environ: Has the keys: they are not kept.
    """
    if not options.journal:
        return None

    def open_host(run: KeptRun) -> AgentHost:
        from tui.cockpit.sources.hosted import HostedAgents

        how = read(run.opened)
        again = options_as(how, options, environ)
        if policy or not how.policy:
            again = replace(again, policy=options.policy)
        folder = how.folder if how.folder and Path(how.folder).is_dir() else ""
        return HostedAgents(run.target, again, folder=folder)

    return Kept(KeptConversations(Path(options.journal)), open_host)


def options_as(how: HowOpened, now: HostOptions, environ: Mapping[str, str]) -> HostOptions:
    """Return the options of a host that was, as far as they are kept; nobody is asked less."""
    environment = {**how.environment, **now.environment}
    if key := environ.get(how.key_from or ""):
        environment.setdefault(KEY, key)
    return replace(
        now,
        context=how.context,
        model=how.model,
        api=how.api,
        address_from=how.address_from,
        key_from=how.key_from,
        speed=how.speed,
        policy=how.policy,
        environment=environment,
    )
