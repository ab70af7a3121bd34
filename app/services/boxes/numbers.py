"""Box numbers as people type them."""

from __future__ import annotations

import re

from app.errors import ValidationError


def typed_numbers(text: str) -> set[int]:
    """Numbers written as ``1、3—5``; raises ValidationError."""
    numbers: set[int] = set()
    for part in re.split(r"[\s,，、;；]+", text.strip()):
        found = re.fullmatch(r"(\d{1,4})(?:[-—–－~～至到](\d{1,4}))?", part)
        if found is None or not 0 < int(found[1]) <= int(found[2] or found[1]):
            raise ValidationError(f"“{text}”不是盒号。", "请写成 1、3—5 这样。")
        numbers.update(range(int(found[1]), int(found[2] or found[1]) + 1))
    return numbers
