"""Rules on relations (being written)."""
