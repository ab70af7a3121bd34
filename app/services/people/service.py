"""Duplicates, merging and the file of one person, as use cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models import Setting
from app.services.people import duplicates, merging, personal, personal_output

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.services.people.duplicates import Kind, Pair
    from app.services.people.merging import MergePreview, Side
    from app.services.people.personal import PersonalFile
    from app.services.unit_of_work import UnitOfWork

_NOUNS: Mapping[Kind, str] = {"person": "人员", "school": "单位"}


class People:
    """People and schools of one archive, as far as they are one or two, and what each did."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def duplicates(self, kind: Kind) -> list[Pair]:
        """Pairs that may be the same, with the reasons; those marked as different are left out."""
        with self._uow.read() as session:
            return duplicates.find(session, kind)

    def mark_different(self, pair: Pair) -> None:
        """Remember that two records are two; they are not offered again."""
        name = duplicates.mark_of(pair.kind, pair.first.id, pair.second.id)
        with self._uow.write(f"标为不是同一{_NOUNS[pair.kind]}：{pair.first.name}") as session:
            if session.scalar(select(Setting.id).where(Setting.name == name)) is None:
                session.add(Setting(name=name, value="true"))

    def preview_merge(self, kind: Kind, one: str, other: str) -> MergePreview:
        """What would move and what would collide if two records became one; writes nothing."""
        with self._uow.read() as session:
            return merging.preview(session, kind, one, other)

    def merge(self, seen: MergePreview, picks: Mapping[str, Side]) -> str:
        """Make one record of two as the preview showed, as one step; gives the id that stays."""
        with self._uow.write(f"合并重复的{_NOUNS[seen.kind]}“{seen.name}”") as session:
            merging.merge(session, seen, picks)
        return seen.keep

    def personal(self, person_id: str, year: int | None = None) -> PersonalFile:
        """All that one person did in a school year, or ever; raises NotFoundError."""
        with self._uow.read() as session:
            return personal.personal(session, person_id, year, self._uow.context.clock().date())

    def years(self) -> list[int]:
        """School years of which a personal file can be asked, the newest first."""
        with self._uow.read() as session:
            return personal.years(session)

    @staticmethod
    def personal_text(file: PersonalFile) -> str:
        """A personal file as plain text, to be pasted."""
        return personal_output.as_text(file)

    @staticmethod
    def export_personal(file: PersonalFile, target: Path) -> None:
        """Write a personal file as an Excel workbook, whole or not at all."""
        personal_output.write(file, target)
