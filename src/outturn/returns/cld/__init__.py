"""Client Level Data: the quarterly record-level return of adult social care, as files under `layout` and `rules`."""
