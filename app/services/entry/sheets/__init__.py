"""All sheets, by kind."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from app.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.services.entry.fields import Sheet


@cache
def sheets() -> Mapping[str, Sheet]:
    """Every sheet; built when the first is asked for."""
    from app.services.entry.sheets import activities, communities, observations, people, plans

    modules = (people, communities, plans, activities, observations)
    return {sheet.kind: sheet for module in modules for sheet in module.SHEETS}


def sheet(kind: str) -> Sheet:
    """The sheet of that kind; raises ValidationError."""
    found = sheets().get(kind)
    if found is None:
        raise ValidationError(f"没有“{kind}”这一类。", f"可用的有：{'、'.join(sheets())}。")
    return found
