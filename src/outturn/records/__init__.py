"""Accepted submissions and what is prepared from them: events joined from many files, and one row per person.

The road: `coverage` says what a file truly covers, `selection` which file serves which quarter, `events` filters,
joins, crops and removes duplicates, `persons` makes one row per person, `trace` walks the same road for one row of one
file. `methods` holds the differences between the published ways of doing it.
"""
