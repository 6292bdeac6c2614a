"""The page behind each verdict: its method, formula, source, and examples worked out as the page is made."""
