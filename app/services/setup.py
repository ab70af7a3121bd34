"""A new archive: folder, community, school, school year and the adopted scheme in one go."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.errors import ValidationError
from app.models import Appointment, Community, CommunityUnit, Person, School
from app.services.adoption import add_rubrics, adopt, school_year
from app.services.archive import Archive, create_archive

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from app.context import Context
    from app.services.schemes.catalogue import Preset
    from app.services.schemes.schema import Scheme
    from app.services.unit_of_work import UnitOfWork

FIRST_YEAR, LAST_YEAR = 1990, 2100
_NEXT_YEAR_FROM_MONTH = 8


@dataclass(frozen=True, slots=True)
class NewArchive:
    """What has to be known to begin; ``year`` 2025 means the school year 2025-2026."""

    scheme_id: str
    community: str
    school: str
    year: int
    person: str = ""
    answers: Mapping[str, object] = field(default_factory=dict)


def likely_year(today: date, *, calendar: bool = False) -> int:
    """The year that a clerk most likely means: of school years, from August on, the one that begins."""
    if calendar:
        return today.year
    return today.year if today.month >= _NEXT_YEAR_FROM_MONTH else today.year - 1


def complaints(wanted: NewArchive) -> dict[str, str]:
    """What is still wrong, by field; empty when the archive can be made. Unknown schemes raise."""
    scheme = _chosen(wanted).scheme
    wrong: dict[str, str] = {}
    if not _visible(wanted.community):
        wrong["community"] = "请填写共同体（工作坊）的名称。"
    if not _visible(wanted.school):
        wrong["school"] = "请填写单位的名称。"
    if scheme.scheme.assesses == "person" and not wanted.person.strip():
        wrong["person"] = "这个方案考核个人，请填写名师姓名。"
    for field_name in ("community", "school", "person"):
        name = _one_line(getattr(wanted, field_name))
        if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
            wrong[field_name] = f"名称“{name}”里有乱码或控制字符，请重新输入。"
    if not FIRST_YEAR <= wanted.year <= LAST_YEAR:
        wrong["year"] = f"学年“{wanted.year}”不对，请写开始的年份，例如 2025 表示 2025—2026 学年。"
    return wrong


def _visible(name: str) -> bool:
    """Whether a name shows anything: spaces and marks that only steer the text are none."""
    return any(unicodedata.category(letter)[0] not in "CZ" for letter in name)


def _one_line(name: str) -> str:
    """A name as it is kept: on one line, since covers and sentences break lines themselves."""
    return " ".join(name.split())


def _chosen(wanted: NewArchive) -> Preset:
    from app.services.schemes.catalogue import preset

    return preset(wanted.scheme_id, assesses="person" if wanted.person.strip() else None)


def _unit_role(scheme: Scheme) -> str:
    """Role of the school that keeps the archive: the first that the scheme names."""
    return scheme.community.units[0].key if scheme.community.units else "lead"


def start_archive(path: Path, wanted: NewArchive, context: Context) -> Archive:
    """Make an archive that is ready for evidence.

    Everything is checked before the folder is made. Raises ValidationError, NotFoundError (scheme),
    ConflictError (folder in use), StorageError.
    """
    chosen = _chosen(wanted)
    scheme = chosen.scheme
    for text in complaints(wanted).values():
        raise ValidationError(text)

    def begin(uow: UnitOfWork) -> None:
        with uow.write("建立档案库", kind="begin") as session:
            school = School(name=_one_line(wanted.school))
            community = Community(name=_one_line(wanted.community), kind=scheme.community.kind)
            session.add_all([school, community])
            session.flush()
            community.units.append(CommunityUnit(school=school, role=_unit_role(scheme)))
            if wanted.person.strip():
                person = Person(name=_one_line(wanted.person), school=school)
                community.person = person
                role = scheme.community.roles[0].key if scheme.community.roles else "head"
                community.appointments.append(Appointment(person=person, role=role))
            year = school_year(session, wanted.year, scheme)
            adopt(
                session, chosen.text, community, year,
                adopted_at=context.clock(), answers=wanted.answers,
            )  # fmt: skip
            add_rubrics(session, scheme)

    return create_archive(path, context, begin)
