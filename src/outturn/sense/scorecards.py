"""Rules on scorecards (being written)."""
