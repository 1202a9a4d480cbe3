"""The owner's own test cases of a solution: read, run and judged.

They stand in ``tests.toml`` beside ``solution.toml`` and are run through the
real compiled steps, conditions and prices, without a server or a database.
"""
