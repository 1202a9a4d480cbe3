"""A receipt as a PDF that everybody can read, keep, print and check."""
