"""A new archive: folder, community, school, school year and the adopted scheme in one go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.errors import ValidationError
from app.models import Appointment, Community, CommunityUnit, Person, School
from app.services.adoption import adopt, parsed, school_year
from app.services.archive import Archive, create_archive

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.context import Context

FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class NewArchive:
    """What has to be known to begin; ``year`` 2025 means the school year 2025-2026."""

    scheme_id: str
    community: str
    school: str
    year: int
    person: str = ""
    answers: Mapping[str, object] = field(default_factory=dict)


def start_archive(path: Path, wanted: NewArchive, context: Context) -> Archive:
    """Make an archive that is ready for evidence.

    Everything is checked before the folder is made. Raises ValidationError, NotFoundError (scheme),
    ConflictError (folder in use), StorageError.
    """
    from app.services.schemes.catalogue import preset

    chosen = preset(wanted.scheme_id, assesses="person" if wanted.person.strip() else None)
    scheme = parsed(chosen.text)
    names = {"共同体（工作坊）": wanted.community, "单位": wanted.school}
    if scheme.scheme.assesses == "person":
        names["名师姓名"] = wanted.person
    for label, name in names.items():
        if not name.strip():
            raise ValidationError(f"还没有填写{label}的名称。", "请填写后再建立。")
    if not FIRST_YEAR <= wanted.year <= LAST_YEAR:
        raise ValidationError(
            f"学年“{wanted.year}”不对。", "请写开始的年份，例如 2025 表示 2025—2026 学年。"
        )
    archive = create_archive(path, context)
    try:
        with archive.uow.write("建立档案库") as session:
            school = School(name=wanted.school.strip())
            community = Community(name=wanted.community.strip(), kind=scheme.community.kind)
            session.add_all([school, community])
            session.flush()
            community.units.append(CommunityUnit(school=school, role="lead"))
            if wanted.person.strip():
                person = Person(name=wanted.person.strip(), school=school)
                community.person = person
                role = scheme.community.roles[0].key if scheme.community.roles else "head"
                community.appointments.append(Appointment(person=person, role=role))
            year = school_year(session, wanted.year, scheme)
            adopt(
                session, chosen.text, community, year,
                adopted_at=context.clock(), answers=wanted.answers,
            )  # fmt: skip
    except BaseException:
        archive.close()
        raise
    return archive
