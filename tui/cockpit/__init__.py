"""The screen's process: folds events and draws. Knows no agent code and no network."""
