from nordlys_parking.conformance import *  # noqa: F403
