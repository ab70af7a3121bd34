"""Rubrics 评价量表: the shipped ones, those of the archive, and the rules that they must keep."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.errors import ConflictError, NotFoundError, ValidationError
from app.models import Observation, ObservationScore, Rubric, RubricGrade, RubricItem
from app.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.services.unit_of_work import UnitOfWork

FULL = 100.0
"""What the points of a rubric add up to unless it is said otherwise."""
_MOST_POINTS = 1000


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a rubric; ``id`` is empty until it is in the archive."""

    name: str
    points: float
    guidance: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A grade and the lowest score that earns it."""

    name: str
    at_least: float


@dataclass(frozen=True, slots=True)
class RubricView:
    """A rubric; ``id`` is empty until it is in the archive, ``key`` names a shipped one."""

    name: str
    items: tuple[Block, ...]
    grades: tuple[Line, ...]
    source: str = ""
    id: str = ""
    key: str = ""

    @property
    def full(self) -> float:
        """The full score."""
        return math.fsum(item.points for item in self.items)

    def grade(self, score: float) -> str:
        """The grade that a score earns; empty where the rubric has no grades."""
        return grade_of(self.grades, score)


class RubricError(ValidationError):
    """Something is wrong with a rubric; ``place`` names the part: name, full, item 2, grade 1."""

    def __init__(self, place: str, text: str, hint: str = "") -> None:
        super().__init__(text, hint)
        self.place = place


def grade_of(lines: Sequence[Line], score: float) -> str:
    """The best grade whose line the score reaches; below the lowest line that is said."""
    if not lines:
        return ""
    ordered = sorted(lines, key=lambda line: line.at_least, reverse=True)
    for line in ordered:
        if score >= line.at_least:
            return line.name
    return f"未达{ordered[-1].name}"


def total(points: Sequence[float]) -> float:
    """Points added up without the crumbs of binary fractions (8.1 + 9.2 is 17.3)."""
    return round(math.fsum(points), 2)


@cache
def presets() -> tuple[RubricView, ...]:
    """The shipped rubrics."""
    return tuple(
        _read(path.stem, path.read_text("utf-8"))
        for path in sorted(resource("rubrics").glob("*.toml"))
    )


def _read(key: str, text: str) -> RubricView:
    facts = tomllib.loads(text)
    return RubricView(
        facts["name"],
        tuple(Block(**{"points": 0, **one}) for one in facts["items"]),
        tuple(Line(**one) for one in facts["grades"]),
        facts["source"],
        key=key,
    )


class Rubrics:
    """The rubrics of one archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def all(self) -> list[RubricView]:
        """The archive's rubrics by name."""
        query = (
            select(Rubric)
            .options(selectinload(Rubric.items), selectinload(Rubric.grades))
            .order_by(Rubric.name)
        )
        with self._uow.read() as session:
            return [view(row) for row in session.scalars(query)]

    def unused_presets(self) -> list[RubricView]:
        """Shipped rubrics that the archive does not have yet."""
        names = {one.name for one in self.all()}
        return [one for one in presets() if one.name not in names]

    def get(self, rubric_id: str) -> RubricView:
        """One rubric; raises NotFoundError."""
        with self._uow.read() as session:
            return view(_row(session, rubric_id))

    def take_preset(self, key: str) -> RubricView:
        """Copy a shipped rubric into the archive; the one that is there already, if it is."""
        wanted = next((one for one in presets() if one.key == key), None)
        if wanted is None:
            raise NotFoundError("没有这种预置量表。")
        present = next((one for one in self.all() if one.name == wanted.name), None)
        return present or self.create(wanted, action="采用评价量表")

    def create(
        self, rubric: RubricView, *, full: float = FULL, action: str = "新建评价量表"
    ) -> RubricView:
        """Add a rubric; raises RubricError."""
        validate(rubric, full)
        with self._uow.write(action) as session:
            self._check_name(session, rubric.name, "")
            row = Rubric(name=rubric.name.strip(), source=rubric.source.strip())
            _fill(row, rubric)
            session.add(row)
            session.flush()
            return view(row)

    def change(self, rubric: RubricView, *, full: float = FULL) -> RubricView:
        """Set a rubric as given; one that scored observations keeps its points and lines."""
        validate(rubric, full)
        with self._uow.write("修改评价量表") as session:
            row = _row(session, rubric.id)
            self._check_name(session, rubric.name, rubric.id)
            used = _uses(session, rubric.id)
            if used and not _same_scale(view(row), rubric):
                raise ConflictError(
                    f"“{row.name}”已用于 {used} 条听课记录，分值、项数和等级线不能再改。",
                    "名称、要点和出处可以改；要改分值，请复制一份再改。",
                )
            row.name, row.source = rubric.name.strip(), rubric.source.strip()
            if used:
                for item, block in zip(row.items, rubric.items, strict=True):
                    item.name, item.guidance = block.name.strip(), block.guidance.strip()
            else:
                row.items.clear()
                row.grades.clear()
                session.flush()  # the names are free before they are used again
                _fill(row, rubric)
            session.flush()
            return view(row)

    def copy(self, rubric_id: str) -> RubricView:
        """A copy of a rubric under a free name, to be changed."""
        wanted = self.get(rubric_id)
        names = {one.name for one in self.all()}
        number = 2
        while (name := f"{wanted.name} {number}") in names:
            number += 1
        copied = RubricView(name, wanted.items, wanted.grades, wanted.source)
        return self.create(copied, full=wanted.full, action="复制评价量表")

    def delete(self, rubric_id: str) -> None:
        """Remove a rubric that nothing was scored by; raises ConflictError otherwise."""
        with self._uow.write("删除评价量表") as session:
            row = _row(session, rubric_id)
            used = _uses(session, rubric_id)
            if used:
                raise ConflictError(
                    f"“{row.name}”已用于 {used} 条听课记录，不能删除。",
                    "不想再用它时，录入时改选别的量表即可。",
                )
            session.delete(row)

    def uses(self, rubric_id: str) -> int:
        """How many observations use a rubric."""
        with self._uow.read() as session:
            return _uses(session, rubric_id)

    @staticmethod
    def _check_name(session: Session, name: str, own_id: str) -> None:
        same = session.scalar(
            select(func.count()).where(Rubric.name == name.strip(), Rubric.id != own_id)
        )
        if same:
            raise RubricError("name", f"已有名为“{name.strip()}”的量表。", "请换一个名称。")


def validate(rubric: RubricView, full: float = FULL) -> None:
    """Refuse a rubric that cannot be used, naming the place; raises RubricError."""
    if not rubric.name.strip():
        raise RubricError("name", "请填写量表名称。")
    if not rubric.items:
        raise RubricError("items", "量表至少要有一项。")
    names: set[str] = set()
    for number, item in enumerate(rubric.items, start=1):
        place, name = f"item {number}", item.name.strip()
        if not name:
            raise RubricError(place, f"第 {number} 项没有名称。")
        if name in names:
            raise RubricError(place, f"第 {number} 项“{name}”与前面的重名。")
        if not 0 < item.points <= _MOST_POINTS:
            raise RubricError(
                place, f"第 {number} 项“{name}”的分值要大于 0，且不超过 {_MOST_POINTS}。"
            )
        names.add(name)
    if abs(rubric.full - full) > 1e-6:
        raise RubricError(
            "full", f"各项分值合计 {rubric.full:g} 分，应为 {full:g} 分。", _mend(rubric.full, full)
        )
    _validate_grades(rubric.grades, full)


def _mend(found: float, full: float) -> str:
    gap = round(full - found, 2)
    return (
        f"还差 {gap:g} 分，请调整各项分值。" if gap > 0 else f"多了 {-gap:g} 分，请调整各项分值。"
    )


def _validate_grades(grades: Sequence[Line], full: float) -> None:
    names: set[str] = set()
    for number, line in enumerate(grades, start=1):
        place, name = f"grade {number}", line.name.strip()
        if not name:
            raise RubricError(place, f"第 {number} 个等级没有名称。")
        if name in names:
            raise RubricError(place, f"等级“{name}”重复。")
        if not 0 <= line.at_least <= full:
            raise RubricError(place, f"等级“{name}”的分数线应在 0 到 {full:g} 之间。")
        if number > 1 and line.at_least >= grades[number - 2].at_least:
            above = grades[number - 2]
            raise RubricError(
                place,
                f"等级“{name}”的分数线 {line.at_least:g} 不低于上一级“{above.name}”的 {above.at_least:g}。",
                "等级要从高到低排列。",
            )
        names.add(name)


def view(row: Rubric) -> RubricView:
    """A rubric of the archive as it is handed out."""
    return RubricView(
        row.name,
        tuple(Block(item.name, item.points, item.guidance, item.id) for item in row.items),
        tuple(
            Line(line.name, line.at_least)
            for line in sorted(row.grades, key=lambda line: line.at_least, reverse=True)
        ),
        row.source,
        row.id,
    )


def _row(session: Session, rubric_id: str) -> Rubric:
    row = session.get(Rubric, rubric_id)
    if row is None:
        raise NotFoundError("找不到这份评价量表。", "它可能已被删除。")
    return row


def _fill(row: Rubric, rubric: RubricView) -> None:
    row.items = [
        RubricItem(
            ordinal=place,
            name=block.name.strip(),
            guidance=block.guidance.strip(),
            points=block.points,
        )
        for place, block in enumerate(rubric.items)
    ]
    row.grades = [
        RubricGrade(name=line.name.strip(), at_least=line.at_least) for line in rubric.grades
    ]


def _uses(session: Session, rubric_id: str) -> int:
    """Observations that name the rubric or hold points of it."""
    scored = (
        select(ObservationScore.observation_id)
        .join(RubricItem, RubricItem.id == ObservationScore.rubric_item_id)
        .where(RubricItem.rubric_id == rubric_id)
    )
    found = select(func.count()).where(
        (Observation.rubric_id == rubric_id) | Observation.id.in_(scored)
    )
    return session.scalar(found) or 0


def _same_scale(old: RubricView, new: RubricView) -> bool:
    """Whether scores given by the old rubric are valid by the new one."""

    def scale(one: RubricView) -> tuple[object, ...]:
        return tuple((item.id, item.points) for item in one.items), one.grades

    return scale(old) == scale(new)
