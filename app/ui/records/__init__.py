"""Registers on screen: one panel of list and record for every sheet of the entry services."""
