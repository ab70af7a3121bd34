"""Migrations of the database, run by app.models.upgrade."""
