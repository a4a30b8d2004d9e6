"""Makes a runtime's stream events into wire events: the only duck typing in the house."""

from tui.host.live.normalize.ledger import Ledger
from tui.host.live.normalize.normalizer import Normalizer
from tui.host.live.normalize.text import as_json, call_arguments, output_text

__all__ = ["Ledger", "Normalizer", "as_json", "call_arguments", "output_text"]
