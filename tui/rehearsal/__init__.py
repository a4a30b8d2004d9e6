"""The offline demo: a support desk of agents, and a scripted Responses service behind it."""

from tui.rehearsal.start import Rehearsal, rehearsal

__all__ = ["Rehearsal", "rehearsal"]
