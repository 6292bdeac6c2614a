"""Results: what measures come to, once divided and rounded, with all that a reader must know of them.

Nothing here knows of a person. `result` makes figures of counts, `interval` says how far chance alone could move them,
`disclosure` withholds small numbers from what is published, `store` keeps what was told, and `reconciliation` names the
reason for every difference from somebody else's list or figure.
"""
