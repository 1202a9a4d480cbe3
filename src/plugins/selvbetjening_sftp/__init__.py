"""Delivers to a server of the receiver's, over SFTP."""
