"""What shows that the model does as documented, and what writes the documentation; no part of the wheel.

Run from the root of the repository: ``python -m validation.evidence`` measures what every lever and event
moves, ``python -m validation.replications`` sets published results beside the model's,
``python -m validation.renew`` renews the generated parts of all pages, ``python -m validation.rooms`` draws
the imports between the rooms of the package, ``python validation/content_hashes.py`` compares results.
"""
