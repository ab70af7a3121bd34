"""Settings that belong to an archive: declared once, with type and default, stored in the archive."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.errors import ValidationError
from app.models import Setting
from app.services.codes.pattern import DA_T_22, check_pattern

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ArchiveSettings:
    """How boxes are filled and what their labels say. Defaults: formats.md 1.1, 1.6, 1.7, 2.1, 7.1."""

    sheets_per_mm: float = 10.0
    """Sheets of paper in a millimetre; 80 g office paper is about 0.1 mm thick."""
    pages_per_sheet: int = 1
    """1: printed on one side, 2: on both."""
    spine_widths: tuple[float, ...] = (20.0, 30.0, 40.0, 50.0)
    """Widths in mm of the boxes that the office has."""
    volume_widths: tuple[float, ...] = (10.0, 15.0, 20.0)
    """Widths in mm of the spines of bound volumes (GB/T 9705)."""
    slack_mm: float = 3.0
    """What a box holds less than its width (walls, directory and reference sheet)."""
    retention: str = "10年"
    fonds_code: str = ""
    fonds_name: str = ""
    """全宗名称; empty: the name of the school."""
    section: str = ""
    """机构（问题）."""
    code_pattern: str = DA_T_22
    """How archival codes are put together (app/services/codes/pattern.py)."""
    code_category: str = "WS"
    """门类代码; WS: 文书."""
    section_code: str = ""
    """机构（问题）代码; empty: its name."""
    catalogue_no: str = ""
    """目录号 of bound volumes."""
    arranged_by: str = ""
    checked_by: str = ""


def read_settings(session: Session) -> ArchiveSettings:
    """Settings as stored, defaults for the rest."""
    known = {field.name for field in fields(ArchiveSettings)}
    stored = {
        row.name: _from_json(row.value)
        for row in session.scalars(select(Setting))
        if row.name in known
    }
    return ArchiveSettings(**stored)


def _from_json(text: str) -> Any:
    value = json.loads(text)
    return tuple(value) if isinstance(value, list) else value


class Settings:
    """Reads and changes an archive's settings."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def get(self) -> ArchiveSettings:
        """Settings as they are now."""
        with self._uow.read() as session:
            return read_settings(session)

    def change(self, **values: object) -> ArchiveSettings:
        """Set some of them as one step; raises ValidationError."""
        wanted = replace(self.get(), **values)  # type: ignore[arg-type]
        _validate(wanted)
        with self._uow.write("修改设置") as session:
            for name in values:
                text = json.dumps(getattr(wanted, name), ensure_ascii=False)
                row = session.scalar(select(Setting).where(Setting.name == name))
                if row is None:
                    session.add(Setting(name=name, value=text))
                else:
                    row.value = text
        return wanted


def _validate(settings: ArchiveSettings) -> None:
    if not 1 <= settings.sheets_per_mm <= 30:
        raise ValidationError("每毫米张数应在 1 到 30 之间。", "普通 80 克纸约为 10 张。")
    if settings.pages_per_sheet not in (1, 2):
        raise ValidationError("每张纸只能是 1 页（单面）或 2 页（双面）。")
    for words, widths in (("盒脊", settings.spine_widths), ("卷脊", settings.volume_widths)):
        if not widths or any(not 5 <= width <= 200 for width in widths):
            raise ValidationError(f"{words}宽度应在 5 到 200 毫米之间，至少要有一种。")
    check_pattern(settings.code_pattern)
    widths = (*settings.spine_widths, *settings.volume_widths)
    if not 0 <= settings.slack_mm < min(widths):
        raise ValidationError("盒内余量要小于最窄的盒脊、卷脊宽度。", "一般留 3 毫米。")
