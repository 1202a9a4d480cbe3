"""The theme ``dkfds``: the Danish national design system."""
