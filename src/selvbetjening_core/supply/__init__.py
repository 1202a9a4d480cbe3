"""What an installation is made of: its parts, their licences, and what is known against them."""
