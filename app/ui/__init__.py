"""The window: pages, and the framework they are made of."""
