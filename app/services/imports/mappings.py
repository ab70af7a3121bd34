"""Which column is what, saved under a name in the archive and recognised by the header line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import ConflictError, NotFoundError, ValidationError
from app.models import Setting
from app.services.imports.headers import header_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.services.imports.reading import Sheet
    from app.services.unit_of_work import UnitOfWork

_PREFIX = "mapping"
_MOST_LETTERS = 60
_ROWS_LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """Columns by field for tables whose header reads like this one."""

    kind: str
    name: str
    line: tuple[str, ...]
    """The words of the header's first row."""
    columns: Mapping[str, int]

    def row_in(self, sheet: Sheet) -> int | None:
        """Number of the row that reads like this header; None where the sheet is another."""
        for row in sheet.rows[:_ROWS_LOOKED_AT]:
            if header_line(row) == self.line:
                return row.number
        return None


class Mappings:
    """The saved mappings of one archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def all(self, kind: str) -> list[SavedMapping]:
        """Those of a kind of table, by name."""
        prefix = f"{_PREFIX}/{kind}/"
        query = select(Setting.name, Setting.value).where(
            Setting.name.startswith(prefix, autoescape=True)
        )
        found = []
        with self._uow.read() as session:
            for name, value in session.execute(query.order_by(Setting.name)):
                data = json.loads(value)
                found.append(
                    SavedMapping(
                        kind, name.removeprefix(prefix), tuple(data["line"]), data["columns"]
                    )
                )
        return found

    def save(self, mapping: SavedMapping) -> None:
        """Keep a mapping; one of the same name is replaced. Raises ValidationError."""
        name = _checked(mapping.name)
        value = json.dumps(
            {"line": mapping.line, "columns": dict(mapping.columns)}, ensure_ascii=False
        )
        with self._uow.write(f"保存列的对应“{name}”") as session:
            there = _find(session, mapping.kind, name)
            if there is None:
                session.add(Setting(name=_key(mapping.kind, name), value=value))
            else:
                there.value = value

    def rename(self, kind: str, old: str, new: str) -> None:
        """Give another name. Raises NotFoundError, ValidationError, ConflictError."""
        name = _checked(new)
        with self._uow.write(f"列的对应“{old}”改名为“{name}”") as session:
            there = _existing(session, kind, old)
            if name != old and _find(session, kind, name):
                raise ConflictError(f"已经有一个叫“{name}”的对应。", "请换一个名称。")
            there.name = _key(kind, name)

    def delete(self, kind: str, name: str) -> None:
        """Forget one. Raises NotFoundError."""
        with self._uow.write(f"删除列的对应“{name}”") as session:
            session.delete(_existing(session, kind, name))


def _key(kind: str, name: str) -> str:
    return f"{_PREFIX}/{kind}/{name}"


def _checked(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or not plain.isprintable():
        raise ValidationError("请给这个对应起一个名称。", "例如：县教研室的台账。")
    if len(plain) > _MOST_LETTERS:
        raise ValidationError(f"名称超过 {_MOST_LETTERS} 个字。", "请写短一些。")
    return plain


def _find(session: Session, kind: str, name: str) -> Setting | None:
    return session.scalar(select(Setting).where(Setting.name == _key(kind, name)))


def _existing(session: Session, kind: str, name: str) -> Setting:
    found = _find(session, kind, name)
    if found is None:
        raise NotFoundError(f"没有叫“{name}”的对应。", "它可能已被删除，请刷新后再试。")
    return found
