"""What is measured: definitions as text files, one folder per framework, and their loader."""
