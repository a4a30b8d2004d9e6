"""How the screen asks the host process to end. Stays out of what the host does then."""

import signal
from typing import Final

# None of those that others send: the host must tell a person's wish from theirs.
END_SIGNAL: Final = signal.SIGUSR2
