"""The label of a box: its QR code's text read back and compared with the directory of today."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import NotFoundError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.box_view import BoxView

_FINGERPRINT = re.compile(r"(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])")
_ARCHIVE = re.compile(r"档案库([0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class LabelCheck:
    """Which box a label belongs to, and whether its directory is still the one it was printed for."""

    box: BoxView
    same: bool

    @property
    def words(self) -> str:
        """The verdict in words."""
        box = self.box
        of = f"{box.owner} {box.period} {box.label}"
        if self.same:
            return f"{of}：目录与标签一致，{box.pieces} 件、{box.pages} 页。"
        return f"{of}：贴标签之后目录有变动，请重新打印封面、盒脊和目录。"


def check_label(text: str, boxes: Sequence[BoxView], archive_id: str) -> LabelCheck:
    """The verdict on a scanned text; a fingerprint typed by hand says only that some box has it."""
    plain = "".join(text.split())
    fingerprint = _FINGERPRINT.search(plain.lower())
    if fingerprint is None:
        raise ValidationError(
            "这不是档案盒标签上的二维码。",
            "请扫封面或盒脊上的二维码，或照着输入目录码的 16 位字符。",
        )
    archive = _ARCHIVE.search(plain.lower())
    if archive and archive[1] != archive_id[-12:]:
        raise ValidationError("这个标签属于另一个档案库。", "请打开那个档案库再核对。")
    named = plain[: fingerprint.start()]
    for box in boxes:
        if named and named == _named(box):
            return LabelCheck(box, box.fingerprint == fingerprint[0])
    for box in boxes:
        if not named and box.fingerprint == fingerprint[0]:
            return LabelCheck(box, same=True)
    if named:
        raise NotFoundError("现在没有标签上写的这一盒。", "可能已重新排盒，或改了共同体的名称。")
    raise NotFoundError(
        "现在没有哪一盒的目录是这个目录码。", "目录在贴标签之后有变动，请重新打印封面和盒脊。"
    )


def _named(box: BoxView) -> str:
    """What the text says before the fingerprint."""
    return "".join(box.qr_text.split()).partition(box.fingerprint)[0]
