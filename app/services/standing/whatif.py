"""What if: two evaluations side by side, and what is different between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from app.services.standing.figures import shown
from app.services.standing.grades import give

if TYPE_CHECKING:
    from decimal import Decimal

    from app.services.schemes.schema import Scheme
    from app.services.standing.roster import Roster, Subject
    from app.services.standing.scores import Evaluation


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different: the points of a score, or the rank or name of a grade."""

    what: Literal["points", "rank", "grade"]
    key: str
    """Of the score or of the grade."""
    title: str
    subject: Subject
    before: Decimal | int | str | None
    after: Decimal | int | str | None
    within: str = ""

    @property
    def words(self) -> str:
        """The change in one line: ``甲校 总分：86.5 → 88``."""
        return f"{self.subject.name} {self.title}：{self._said(self.before)} → {self._said(self.after)}"

    def _said(self, value: Decimal | int | str | None) -> str:
        if value is None or value == "":
            return "（无）"
        if isinstance(value, str):
            return value
        return f"第 {value} 名" if isinstance(value, int) else f"{shown(value)} 分"


def compare(
    scheme: Scheme,
    roster: Roster,
    before: Evaluation,
    after: Evaluation,
) -> tuple[Change, ...]:
    """What changes from one evaluation to another: points first, then ranks and grades."""
    found = []
    titles = {one.key: one.name for one in scheme.score}
    for key in dict.fromkeys((*before.results, *after.results)):
        old, new = (one.results.get(key) for one in (before, after))
        points = (old.points if old else None, new.points if new else None)
        if points[0] != points[1]:
            found.append(Change("points", key[0], titles[key[0]], key[1], *points))
    titles = {one.key: one.name for one in scheme.grade}
    sides = [
        {(one.grade_key, one.subject, one.within): one for one in give(scheme, roster, side)}
        for side in (before, after)
    ]
    for place in dict.fromkeys((*sides[0], *sides[1])):
        first, second = (side.get(place) for side in sides)
        ranks = (first.rank if first else None, second.rank if second else None)
        names = (first.name if first else "", second.name if second else "")
        key_, subject, within = place
        if ranks[0] != ranks[1]:
            found.append(Change("rank", key_, titles[key_], subject, *ranks, within))
        if names[0] != names[1]:
            found.append(Change("grade", key_, titles[key_], subject, *names, within))
    return tuple(found)
