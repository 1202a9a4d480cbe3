"""What a vendor or a municipality tests his own work with. Nothing of the core imports it.

Needs the extra ``selvbetjening[testing]``.
"""
