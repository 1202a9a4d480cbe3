"""The front: an ordinary step of a form is shown and answered without Pyramid's router.

It knows two requests: GET of a step, and POST of its form. What it needs for them is put
together once for each address (:mod:`~selvbetjening_core.web.front.places`) and page
(:mod:`~selvbetjening_core.web.front.pages`). Everything else, every error and every
surprise is answered by the router, as if there were no front: until the answers are
saved it has changed nothing that the router would not change just as well.

What is asked and decided, it asks of the functions that the views ask, so that there is
one rule for each thing. Tests hold both ways equal, byte for byte.
"""
