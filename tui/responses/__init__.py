"""The objects of the Responses API, decoded. Knows no agents, no runs and no services."""
