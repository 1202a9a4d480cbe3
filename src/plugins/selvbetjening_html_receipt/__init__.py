"""A receipt as one HTML document that can be kept, printed and checked."""
