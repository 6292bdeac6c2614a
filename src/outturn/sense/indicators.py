"""Rules on indicators (being written)."""
