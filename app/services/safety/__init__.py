"""Backup and check: what keeps an archive from being lost."""
