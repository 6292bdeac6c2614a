"""`python -m outturn`, for machines where the command is not on the path."""

from outturn.cli.main import main

raise SystemExit(main())
