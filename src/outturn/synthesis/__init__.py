"""A made-up council: people who never lived, and the Client Level Data files that it would send about them.

`council.synthesise` is the way in. Lives come from SQL (`people`, `journeys`, then `requests`, `assessments`,
`services` and `reviews`), what was written down of them and when from `recorded.sql`, and the words of each quarter's
file from `wording`. `faults` plants what should be complained of; `rehearsal` sees whether it is.
"""
