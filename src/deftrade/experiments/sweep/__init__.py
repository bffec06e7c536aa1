"""How outcomes change over the points of a design."""
