"""Everything a demonstration needs that the real world has elsewhere.

Test citizens, a register of persons, a login and a payment component, and the
provider they talk to: a separate process that stands for the outside world.
Nothing in here is for production; every component is declared ``demo_only``.
"""
