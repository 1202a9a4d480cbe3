"""Looking at files that citizens send along, before anything else sees them."""
