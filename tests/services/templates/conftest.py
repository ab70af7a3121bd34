"""The sample year, for forms that are filled with real records."""

from tests.services.forms.conftest import told_archive, year

__all__ = ["told_archive", "year"]
