"""Errors whose text a clerk can read: what is wrong, and what to do about it."""


class AppError(Exception):
    """Something went wrong that the user can be told in one Chinese sentence.

    ``text`` says what is wrong, ``hint`` what to do now; ``details`` (paths, codes) is for support
    and is shown only on request.
    """

    def __init__(self, text: str, hint: str = "", details: str = "") -> None:
        super().__init__(f"{text}{hint}")
        self.text = text
        self.hint = hint
        self.details = details

    @property
    def sentence(self) -> str:
        """Text and hint as one line, as the command line prints it."""
        return f"{self.text}{self.hint}" if self.hint else self.text


class ValidationError(AppError):
    """A value that the user gave cannot be taken."""


class NotFoundError(AppError):
    """The record or file that was asked for is not there."""


class ConflictError(AppError):
    """The action does not fit the present state (changed meanwhile, numbers that collide)."""


class StorageError(AppError):
    """The disk, the folder or the database refuses: full, read-only, locked, damaged."""


class ExportError(AppError):
    """A document cannot be written as it should be; nothing has been written."""


class CancelledError(Exception):
    """The user stopped a long job. Silent: it is no error, and nothing is half done."""
