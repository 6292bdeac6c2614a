"""What a figure means, by named rules. Pure functions of figures, polarity and periods."""
