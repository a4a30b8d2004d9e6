"""How an agent process is started. Light enough for the command line; starts none."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HostOptions:
    """What an agent process is told besides its target.

    Attributes:
        context: What makes the `context` of its runs, as FILE.py:NAME; "" for none.
        model: The model of all its agents, "" for their own.
        api: How models are spoken to, "chat" or "responses"; "" for what the code says.
        address_from: The option that named the model service, "" for none.
        key_from: The variable that was named for the key, "" for none.
        speed: The rehearsal's pace.
        policy: The policy file, as an absolute path; "" for none.
        approve_all: Whether nobody is asked: what no rule denies runs.
        journal: The file that its runs are kept in, as an absolute path; "" for none.
        environment: Added to the screen's own; it may hold a key, so it is never shown.
    """

    context: str = ""
    model: str = ""
    api: str = ""
    address_from: str = ""
    key_from: str = ""
    speed: float = 1.0
    policy: str = ""
    approve_all: bool = False
    journal: str = ""
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def arguments(self) -> list[str]:
        """How the process's command line says it."""
        given = {
            "--context": self.context,
            "--model": self.model,
            "--api": self.api,
            "--address-from": self.address_from,
            "--key-from": self.key_from,
            "--speed": str(self.speed),
            "--policy": self.policy,
            "--approve-all": "yes" if self.approve_all else "",
            "--journal": self.journal,
        }
        return [f"{name}={value}" for name, value in given.items() if value]
