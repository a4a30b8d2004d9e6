"""The offline demo: a support desk of agents, and a scripted Responses service behind it."""
