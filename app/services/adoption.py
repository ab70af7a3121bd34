"""Schemes in force: adopting one for a community and a school year, and its assessment items."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import NotFoundError, ValidationError
from app.models import (
    AssessmentItem,
    Community,
    Rubric,
    RubricItem,
    SchemeAdoption,
    SchoolYear,
    Term,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.services.schemes.schema import Scheme
    from app.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class AdoptionView:
    """A scheme as adopted by a community for a school year."""

    id: str
    scheme_key: str
    community_id: str
    community_name: str
    year: int
    period: str
    version: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class ItemView:
    """A group (``parent_id`` None) or an item of the assessment table."""

    id: str
    parent_id: str | None
    no: str
    name: str
    points: float | None

    @property
    def label(self) -> str:
        """Number and name, as the directory heads it."""
        return f"{self.no} {self.name}"


@lru_cache(maxsize=8)
def parsed(source_text: str) -> Scheme:
    """Scheme of an adopted text; the last few are kept, for every list asks for them."""
    from app.services.schemes.loader import load

    return load(source_text)


def newest_scheme(session: Session) -> Scheme | None:
    """The scheme adopted last, for the words of what does not belong to one year."""
    text = session.scalar(
        select(SchemeAdoption.source_text).order_by(SchemeAdoption.id.desc()).limit(1)
    )
    return parsed(text) if text else None


def adopt(
    session: Session,
    source_text: str,
    community: Community,
    year: SchoolYear,
    *,
    adopted_at: object,
    answers: Mapping[str, object],
) -> SchemeAdoption:
    """Copy a scheme into the archive with its assessment table; a later one is a new version."""
    from app.services.schemes.lookup import table_items

    scheme = parsed(source_text)
    last = session.scalar(
        select(SchemeAdoption.version)
        .where(
            SchemeAdoption.community_id == community.id, SchemeAdoption.school_year_id == year.id
        )
        .order_by(SchemeAdoption.version.desc())
        .limit(1)
    )
    adoption = SchemeAdoption(
        community=community,
        school_year=year,
        version=(last or 0) + 1,
        scheme_key=scheme.scheme.id,
        source_text=source_text,
        answers=json.dumps(dict(answers), ensure_ascii=False),
        adopted_at=adopted_at,
    )
    session.add(adoption)
    session.flush()
    groups: dict[str, AssessmentItem] = {}
    for ordinal, row in enumerate(table_items(scheme)):
        if row.group_no not in groups:
            group = AssessmentItem(
                adoption=adoption, ordinal=ordinal * 2, no=row.group_no, name=row.group_name
            )
            session.add(group)
            session.flush()
            groups[row.group_no] = group
        session.add(
            AssessmentItem(
                adoption=adoption,
                parent_id=groups[row.group_no].id,
                ordinal=ordinal * 2 + 1,
                no=row.item_no,
                name=row.item_name,
                points=row.points,
            )
        )
    return adoption


def add_rubrics(session: Session, scheme: Scheme) -> None:
    """Put the scheme's rubrics among those of the archive, unless one is called so already."""
    known = set(session.scalars(select(Rubric.name)))
    for one in scheme.rubric:
        if one.name in known:
            continue
        items = [
            RubricItem(ordinal=n, name=line.name, guidance=line.hint, points=float(line.points))
            for n, line in enumerate(one.criteria)
        ]
        session.add(Rubric(name=one.name, source=scheme.scheme.name, items=items))


def school_year(session: Session, year: int, scheme: Scheme) -> SchoolYear:
    """The school year of that number, made from the scheme's calendar where it is not there yet."""
    found = session.scalar(select(SchoolYear).where(SchoolYear.year == year))
    if found is not None:
        return found
    first, last, terms = year_bounds(year, scheme)
    made = SchoolYear(year=year, starts_on=first, ends_on=last)
    for ordinal, (name, start, end) in enumerate(terms):
        made.terms.append(Term(ordinal=ordinal + 1, name=name, starts_on=start, ends_on=end))
    session.add(made)
    return made


def year_bounds(year: int, scheme: Scheme) -> tuple[date, date, tuple[tuple[str, date, date], ...]]:
    """First and last day of a year and of its terms, by the scheme's calendar."""
    first = _month_day(scheme.scheme.year.starts, year)
    last = first.replace(year=year + 1) - timedelta(days=1)
    starts = []
    for term in scheme.scheme.year.terms:
        start = _month_day(term.starts, year)
        starts.append((term.name, start if start >= first else start.replace(year=year + 1)))
    ends = [start - timedelta(days=1) for _name, start in starts[1:]] + [last]
    return (
        first,
        last,
        tuple((name, start, end) for (name, start), end in zip(starts, ends, strict=False)),
    )


def _month_day(text: str, year: int) -> date:
    month, day = (int(part) for part in text.split("-"))
    return date(year, month, day)


def period_words(starts_on: date, ends_on: date) -> str:
    """How a cover names the year: 2025—2026学年, or 2025年 where it is a calendar year."""
    if starts_on.year == ends_on.year:
        return f"{starts_on.year}年"
    return f"{starts_on.year}—{ends_on.year}学年"


class Adoptions:
    """Which schemes are in force, and their assessment items."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def all(self) -> list[AdoptionView]:
        """Adoptions in force (the last version of each), the newest year first."""
        query = (
            select(SchemeAdoption, Community, SchoolYear)
            .join(Community, Community.id == SchemeAdoption.community_id)
            .join(SchoolYear, SchoolYear.id == SchemeAdoption.school_year_id)
            .order_by(SchoolYear.year.desc(), SchemeAdoption.version.desc(), Community.id)
        )
        views: dict[tuple[str, int], AdoptionView] = {}
        with self._uow.read() as session:
            for adoption, community, year in session.execute(query):
                key = (community.id, year.year)
                views.setdefault(key, AdoptionView(
                    adoption.id, adoption.scheme_key, community.id, community.name, year.year,
                    period_words(year.starts_on, year.ends_on), adoption.version,
                    year.starts_on, year.ends_on,
                ))  # fmt: skip
        return list(views.values())

    def current(self, year: int | None = None) -> AdoptionView:
        """The adoption to work with: of that school year, else the newest."""
        for view in self.all():
            if year is None or view.year == year:
                return view
        raise NotFoundError(
            f"档案库里没有 {year} 学年的方案。" if year else "档案库还没有采用任何考核方案。",
            "请先在“设置”里为本学年采用一个方案。",
        )

    def items(self, adoption_id: str) -> list[ItemView]:
        """Groups and items in the order of the assessment table."""
        query = (
            select(AssessmentItem)
            .where(AssessmentItem.adoption_id == adoption_id)
            .order_by(AssessmentItem.ordinal)
        )
        with self._uow.read() as session:
            return [
                ItemView(row.id, row.parent_id, row.no, row.name, row.points)
                for row in session.scalars(query)
            ]

    def scheme(self, adoption_id: str) -> Scheme:
        """The scheme that was adopted."""
        with self._uow.read() as session:
            text = session.scalar(
                select(SchemeAdoption.source_text).where(SchemeAdoption.id == adoption_id)
            )
        if text is None:
            raise NotFoundError("找不到这个方案。", "它可能已被删除，请刷新后再试。")
        return parsed(text)

    def answers(self, adoption_id: str) -> dict[str, object]:
        """What was answered to the scheme's questions when it was adopted, by their keys."""
        with self._uow.read() as session:
            said = session.scalar(
                select(SchemeAdoption.answers).where(SchemeAdoption.id == adoption_id)
            )
        return dict(json.loads(said or "{}"))

    def role_names(self, adoption_id: str) -> dict[str, str]:
        """Roles of the adopted scheme: key and name."""
        return {role.key: role.name for role in self.scheme(adoption_id).community.roles}

    def find_item(self, adoption_id: str, words: str) -> ItemView:
        """The assessment item that a number or a name means; raises ValidationError, naming them all."""
        items = [item for item in self.items(adoption_id) if item.parent_id]
        wanted = words.strip()
        exact = [item for item in items if wanted in (item.no, item.name, item.label)]
        found = exact or [item for item in items if wanted and wanted in item.name]
        if len(found) == 1:
            return found[0]
        listed = "、".join(item.label for item in found or items)
        problem = f"考核项“{words}”对应不止一项。" if found else f"没有考核项“{words}”。"
        raise ValidationError(problem, f"请写编号或完整名称：{listed}。")
