"""Checks that catch a scorecard's or plan's own mistakes before a reader does. Pure functions of plain data."""
