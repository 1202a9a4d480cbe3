"""One module for each step from an older form of the tables to a newer."""
