"""Rules on actions (being written)."""
