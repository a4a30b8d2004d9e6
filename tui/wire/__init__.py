"""The words of a run, up and down, and the frames they travel in."""
