"""Parking permits at Nordlys Parkering, for selvbetjening."""
