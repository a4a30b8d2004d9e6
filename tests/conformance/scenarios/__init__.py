"""The programs that both runtimes must carry out alike, by theme."""
