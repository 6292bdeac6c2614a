"""The command line. Each command is a module with one function, `run`."""
