"""The offices' own forms: Word and Excel files with fields, kept in the archive and filled from it."""
