"""What the forms of the archive are looked at with."""

from tests.services.documents.conftest import fonts, golden, sheets

__all__ = ["fonts", "golden", "sheets"]
