"""Forms of the sample year as they were looked at and found right, word by word and place by place.

To take over a change that was looked at:
pytest tests/services/documents tests/services/forms/school --update-golden
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from app.progress import NoProgress
from app.services.documents.layout import lay_out
from app.services.documents.page import MM
from tests.services.documents.conftest import fonts, golden

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.documents.fonts import FontLibrary
    from app.services.documents.page import Page
    from app.services.documents.tree import Document

__all__ = ["fonts", "golden"]

FORMS = (
    ("observation", "倍的认识", {"layout": "a"}),
    ("observation", "倍的认识", {"layout": "b"}),
    ("observation", "倍的认识", {"layout": "c"}),
    ("rubric-sheet", "倍的认识", {}),
    ("activity-record", "第一学期示范课活动", {"layout": "a"}),
    ("activity-record", "第一学期示范课活动", {"layout": "b"}),
    ("preparation-record", "集体备课", {}),
    ("mentor-record", "王䶮—雷小芳", {}),
    ("sign-in", "第一学期示范课活动", {"columns": "2"}),
    ("photo-sheet", "第一学期示范课活动", {}),
    ("leave-slip", "党卫国", {}),
    ("invitation", "第一学期示范课活动", {"day": "2025-10-09"}),
    ("timetable", "第一学期第7周", {}),
)


def words(pages: list[Page]) -> str:
    """What stands on the pages: millimetres from the top, then each text with those from the left."""
    lines = []
    for number, page in enumerate(pages, 1):
        lines.append(f"—— {number} ——")
        rows: dict[int, list[tuple[float, str]]] = defaultdict(list)
        for one in page.texts:
            rows[round(one.y / MM)].append((one.x, one.text))
        for down, found in sorted(rows.items()):
            told = "  ".join(f"{round(x / MM)} {text}" for x, text in sorted(found))
            lines.append(f"{down:>4}  {told}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("key", "word", "options"), FORMS)
def test_it_looks_as_it_did(
    document: Callable[..., Document], fonts: FontLibrary, golden: Callable[[str, str], None],
    key: str, word: str, options: dict[str, str],
) -> None:  # fmt: skip
    made = document(key, word, **options)
    name = "-".join([key, *(one for one in options.values() if one.isalpha() or one == "2")])
    golden(f"{name}.txt", words(lay_out(made, fonts, NoProgress())))
