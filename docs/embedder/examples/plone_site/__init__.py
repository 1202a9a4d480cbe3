"""selvbetjening in Plone: a browser view that mounts it, and a step in a page of Plone's."""
