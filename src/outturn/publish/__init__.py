"""Documents as data in, charts and accessible PDF out. Knows nothing of where figures come from."""
