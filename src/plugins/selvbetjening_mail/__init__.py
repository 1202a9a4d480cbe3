"""Tells a mailbox that a case has arrived."""
