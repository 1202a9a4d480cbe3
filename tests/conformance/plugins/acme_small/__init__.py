"""Small plugins of an imagined vendor: one good one for each kit, and its faulty brothers."""
