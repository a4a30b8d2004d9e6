"""Where agents run: loads an agent, owns its runs, and speaks with one screen."""
