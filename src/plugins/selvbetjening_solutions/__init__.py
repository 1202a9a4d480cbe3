"""Solutions ready for use, as definition files: one folder each."""
