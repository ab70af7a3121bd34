"""Schemes: what a system demands of an archive, as data (start at loader.py, catalogue.py)."""
