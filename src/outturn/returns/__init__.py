"""What arrives: the returns a council sends, their layout, reading and checks."""
