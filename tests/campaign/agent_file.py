"""The agent file that the hosts of the campaign load; it is told which program and where to end."""

from __future__ import annotations

import importlib
import os
from pathlib import Path

from tests.campaign.effects import Effects
from tests.campaign.programs import CASTS, TURNS
from tests.campaign.switches import VARIABLE, arm, switch_of
from tests.host.kept_programs import client_of

effects = Effects(Path(os.environ["CAMPAIGN_EFFECTS"]))
library = importlib.import_module(os.environ["CAMPAIGN_LIBRARY"])
model = library.OpenAIResponsesModel("scripted", client_of(os.environ["CAMPAIGN_SERVICE"]))
made = CASTS[os.environ["CAMPAIGN_PROGRAM"]].program.agent(library, model, effects)
agent = made, {"max_turns": 2 * TURNS}
if (switch := switch_of(os.environ.get(VARIABLE, ""))) is not None:
    arm(switch, effects)
