"""Rules on commentary (being written)."""
