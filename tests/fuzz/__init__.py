"""Fuzz targets: made and mutated inputs, and what must hold of each, whatever it is."""
