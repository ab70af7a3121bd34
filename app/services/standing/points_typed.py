"""Points as people type them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from app.errors import ValidationError

_SAME = str.maketrans("０１２３４５６７８９。．", "0123456789..")


def points_of(text: str, name: str) -> Decimal | None:
    """The figure, also in full-width digits; nothing typed: None. Raises ValidationError."""
    plain = text.translate(_SAME).strip().removesuffix("分").strip()
    if not plain:
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise ValidationError(f"“{name}”的“{text}”不是数。", "请填数字，例如 4.5。") from None
