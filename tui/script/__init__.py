"""A screen for a program of one's own: the program is the host, the screen its child."""
