"""TOML files that persons write, with faults that name their line. Reads no disk."""
