"""Measures: one SQL file each, whose last section is the measure's cohort. `definition` reads a file, `library` all of
them, `running` makes cohorts and counts of them on an engine. What a file may hold is in `definition`.
"""
