"""Where the events of the screen come from."""
