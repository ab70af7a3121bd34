"""What has to be typed for an assessment, laid out as sheets: results, figures, grades by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.services.standing.asked import asked
from app.services.standing.entered import Typed
from app.services.standing.figures import shown
from app.services.standing.result_table import KINDS
from app.services.standing.roster import kind_of
from app.services.standing.steps import bounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from app.services.adoption import Adoptions
    from app.services.schemes.assessment import Input
    from app.services.schemes.duties import Figure
    from app.services.schemes.parts import Range
    from app.services.schemes.schema import Scheme
    from app.services.standing.entered import EnteredView
    from app.services.standing.entering import Entering
    from app.services.standing.figures import Fact
    from app.services.standing.roster import Subject
    from app.services.standing.service import Standing
    from app.services.standing.views import Results

    Place = tuple[str, str, str, int | None, int]
    """Kind and key of a value, whose it is, term, years back."""


@dataclass(frozen=True, slots=True)
class EntryCell:
    """A place where a value is typed; ``typed.value`` is what is there now."""

    typed: Typed
    choices: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What is there now, as text."""
        return "" if self.typed.value is None else str(self.typed.value)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A line of a sheet: what it is of, the places to type in, what follows from them."""

    labels: tuple[str, ...]
    cells: tuple[EntryCell | None, ...]
    """None: nothing is asked there."""
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntrySheet:
    """A sheet to type in."""

    key: str
    name: str
    heads: tuple[str, ...]
    columns: tuple[str, ...]
    tails: tuple[str, ...]
    rows: tuple[EntryRow, ...]

    @property
    def empty(self) -> int:
        """How many places are still empty."""
        cells = (one for row in self.rows for one in row.cells)
        return sum(one is not None and one.typed.value is None for one in cells)


def entry_sheets(
    adoptions: Adoptions, standing: Standing, entering: Entering, adoption_id: str
) -> tuple[EntrySheet, ...]:
    """The sheets that a scheme needs: one for each kind of subject with inputs, figures, grades.

    What was entered and is no longer asked for, e.g. because an exemption holds, stays to be seen.
    """
    scheme = adoptions.scheme(adoption_id)
    results, facts = asked(standing, adoption_id, scheme)
    values = entering.values(adoption_id)
    there = {
        _place(one.kind, one.key, one.subject, one.term, one.years_back): one for one in values
    }
    figures = standing.figures(adoption_id) if scheme.figure else ()
    sheets = [*_inputs(scheme, facts, values), *_figures(scheme, figures)]
    sheets += _grades(scheme, results)
    return tuple(_filled(one, there) for one in sheets if one.rows)


def _place(kind: str, key: str, subject: Subject, term: int | None, back: int) -> Place:
    return kind, key, subject.id, term, back


def _filled(sheet: EntrySheet, there: Mapping[Place, EnteredView]) -> EntrySheet:
    """The sheet with what was entered."""

    def cell(one: EntryCell | None) -> EntryCell | None:
        if one is None or one.typed.subject is None:
            return one
        typed = one.typed
        found = there.get(
            _place(typed.kind, typed.key, one.typed.subject, typed.term, typed.years_back)
        )
        if found is None:
            return one
        text = found.word or (None if found.number is None else f"{found.number:f}")
        return replace(one, typed=replace(typed, value=text))

    rows = (replace(row, cells=tuple(cell(one) for one in row.cells)) for row in sheet.rows)
    return replace(sheet, rows=tuple(rows))


def _inputs(
    scheme: Scheme, facts: Sequence[Fact], values: Sequence[EnteredView]
) -> Iterator[EntrySheet]:
    """Inputs by whose they are; a column for each term, and for last year where a gain needs it."""
    terms = [one.name for one in scheme.scheme.year.terms]
    known = {one.key: one for one in scheme.input}
    wanted: dict[tuple[str, str, int | None, int], Subject] = {}
    for fact in facts:
        if fact.kind == "input" and fact.key in known:
            wanted[fact.key, fact.subject.id, fact.term, fact.years_back] = fact.subject
    for one in values:
        if one.kind == "input" and one.key in known:
            wanted.setdefault((one.key, one.subject.id, one.term, one.years_back), one.subject)
    for kind in dict.fromkeys(one.of for one in scheme.input):
        own = {key: subject for key, subject in wanted.items() if subject.kind == kind}
        order = {one.key: place for place, one in enumerate(scheme.input)}
        columns = sorted(
            dict.fromkeys((key, term, back) for key, _, term, back in own),
            key=lambda one: (order[one[0]], -one[2], one[1] or 0),
        )
        subjects = {subject.id: subject for subject in own.values()}
        rows = tuple(
            EntryRow(
                (subject.name,),
                tuple(
                    EntryCell(Typed("input", key, subject, None, term, back))
                    if (key, subject.id, term, back) in own
                    else None
                    for key, term, back in columns
                ),
            )
            for subject in subjects.values()
        )
        titles = tuple(_title(known[key], term, back, terms) for key, term, back in columns)
        yield EntrySheet(f"input:{kind}", f"{KINDS[kind]}成绩", (KINDS[kind],), titles, (), rows)


def _title(one: Input, term: int | None, back: int, terms: Sequence[str]) -> str:
    """``自主考核（满分 100）``, ``上年质量名次（名次）``."""
    when = "" if not back else "上年" if back == 1 else f"前 {back} 年"
    if term is not None:
        when += terms[term - 1] if term <= len(terms) else f"第 {term} 学期"
    about = "名次" if one.kind == "rank" else f"满分 {shown(one.full)}" if one.full else "分"
    return f"{when}{one.name}（{about}）"


def _figures(
    scheme: Scheme, figures: Sequence[tuple[str, Subject, Decimal | None]]
) -> Iterator[EntrySheet]:
    """Figures with their standard and the gap; a sheet for communities and one for units."""
    known = {one.key: one for one in scheme.figure}
    for kind in dict.fromkeys(subject.kind for _, subject, _ in figures):
        rows = tuple(
            EntryRow(
                (subject.name, _named(known[key]), bounds(known[key].standard)),
                (EntryCell(Typed("figure", key, subject, actual)),),
                (gap_words(known[key].standard, actual),),
            )
            for key, subject, actual in sorted(figures, key=lambda one: one[1].id)
            if subject.kind == kind
        )
        yield EntrySheet(
            f"figure:{kind}", f"{KINDS[kind]}达标数据", (KINDS[kind], "数据", "标准"), ("实际",),
            ("差距",), rows,
        )  # fmt: skip


def _named(one: Figure) -> str:
    return f"{one.name}（{one.unit}）" if one.unit else one.name


def gap_words(standard: Range, actual: Decimal | None) -> str:
    """How far a figure is from its standard."""
    if actual is None:
        return "缺：没有录入"
    low = standard.at_least if standard.at_least is not None else standard.above
    high = standard.at_most if standard.at_most is not None else standard.below
    if low is not None and (actual < low or (standard.above is not None and actual == low)):
        return f"差 {shown(low - actual)}" if low > actual else "不达标"
    if high is not None and (actual > high or (standard.below is not None and actual == high)):
        return f"超 {shown(actual - high)}" if high < actual else "不达标"
    return "达标"


def _grades(scheme: Scheme, results: Results) -> Iterator[EntrySheet]:
    """Grades that assessors give."""
    by_hand = [one for one in scheme.grade if one.rule.by == "hand"]
    kinds = {one.key: kind_of(one.who) for one in scheme.score}
    for kind in dict.fromkeys(kinds[one.score] for one in by_hand):
        columns = [one for one in by_hand if kinds[one.score] == kind]
        given = {(one.grade_key, one.subject) for one in results.grades}
        subjects = dict.fromkeys(one.subject for one in results.grades if one.subject.kind == kind)
        rows = tuple(
            EntryRow(
                (subject.name,),
                tuple(
                    EntryCell(Typed("grade", one.key, subject, None), one.names)
                    if (one.key, subject) in given
                    else None
                    for one in columns
                ),
            )
            for subject in subjects
        )
        titles = tuple(f"{one.name}（{'/'.join(one.names)}）" for one in columns)
        yield EntrySheet(f"grade:{kind}", f"{KINDS[kind]}等次", (KINDS[kind],), titles, (), rows)
