"""Baton: a terminal cockpit for runs of several agents. Importing it loads nothing else."""

__version__ = "0.1.0"
