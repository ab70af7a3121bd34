"""What is wrong with typed values, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping


class InvalidError(ValidationError):
    """Values that cannot be taken; ``problems`` says for each field what to change."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(next(iter(problems.values())))
        self.problems = dict(problems)
