"""The engines that run SQL: DuckDB, and nothing above needs to know more."""
