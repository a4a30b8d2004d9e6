"""How events lie on disk: a store for all runs of a person, and files to hand on.

Knows the wire's words and nothing of agents, of terminals and of who reads.
"""
