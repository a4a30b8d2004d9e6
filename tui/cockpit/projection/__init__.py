"""What a run looks like at an instant."""
