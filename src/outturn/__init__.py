"""Outturn: from records to measures, results, judgement, scorecard and plan, and a published edition."""

__version__ = "0.1.0"
