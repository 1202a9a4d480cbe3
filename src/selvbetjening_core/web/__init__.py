"""The citizen's pages and the route for messages from outside, in Pyramid."""
