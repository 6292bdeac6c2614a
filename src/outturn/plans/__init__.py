"""Service plans, actions, risks and scorecards as plain data with their rules. No Django, no records."""
