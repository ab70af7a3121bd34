"""Points of the assessment table, computed from what is there; each with its proof and its losses."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.models import (
    AssessmentScore,
    EnteredValue,
    Lesson,
    Observation,
    Rubric,
    RubricItem,
)
from app.services.standing.conditions import level_words
from app.services.standing.figures import Known, shown
from app.services.standing.quotas import plain, quota_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.services.schemes import assessment
    from app.services.schemes.assessment import Item
    from app.services.schemes.parts import Counted
    from app.services.standing.counting import Counting, Hit
    from app.services.standing.periodic import StandingState
    from app.services.standing.periods import Span
    from app.services.standing.reading import Setting
    from app.services.standing.records import QuotaLine
    from app.services.standing.roster import Subject

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Advice:
    """What would bring points: so many for each further piece."""

    words: str
    gain: Decimal
    """Points for one more piece."""
    pieces: int = 1
    """How many more would still bring points."""
    record: str = ""


@dataclass(frozen=True, slots=True)
class ItemPoints:
    """An item of the table for one subject: its points and how they came about."""

    no: str
    name: str
    highest: Decimal | None
    points: Decimal | None
    words: str
    lacking: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()
    computed: Decimal | None = None
    """What the evidence gives, where somebody gave other points by hand."""
    by_hand: bool = False

    @property
    def lost(self) -> Decimal:
        """How far it is from the highest points; 0 where there is no upper limit."""
        if self.highest is None:
            return ZERO
        return max(self.highest - (self.points or ZERO), ZERO)


class Points:
    """Figures for scores (``figures.Figures``): what was entered, and the table reckoned up.

    ``assessed``: points that assessors gave go before those computed; several assessors' are their
    mean. Otherwise the computed ones hold, and only items scored by hand take points given.
    """

    def __init__(
        self,
        session: Session,
        setting: Setting,
        counting: Counting,
        *,
        standing: Sequence[StandingState],
        quotas: Sequence[QuotaLine],
        outside: frozenset[str],
        assessed: bool = False,
    ) -> None:
        self._session = session
        self._setting = setting
        self._counting = counting
        self._standing = standing
        self._quotas = quotas
        self._outside = outside
        self._assessed = assessed
        self._items = {item.no: item for group in setting.scheme.table for item in group.items}
        self._kept: dict[Any, Any] = {}
        self._done: dict[tuple[str, Subject, int | None], ItemPoints] = {}

    # -- what was entered ---------------------------------------------------------------------

    @cached_property
    def _entered(self) -> dict[tuple[str, str, str, int | None, int], EnteredValue]:
        rows = self._session.scalars(
            select(EnteredValue).where(EnteredValue.adoption_id == self._setting.adoption_id)
        )
        return {
            (row.kind, row.key, _whose(row) or self._whole, row.term, row.years_back): row
            for row in rows
        }

    def entered(
        self, key: str, subject: Subject, *, term: int | None = None, years_back: int = 0
    ) -> Known:
        """A result from outside; of last year also what was entered for last year's adoption."""
        row = self._entered.get(("input", key, subject.id, term, years_back))
        name = next((one.name for one in self._setting.scheme.input if one.key == key), key)
        if row is not None and row.number is not None:
            return Known(Decimal(str(row.number)), f"{name} {shown(Decimal(str(row.number)))}")
        if term is None and years_back == 0:
            terms = [
                one
                for (kind, which, whose, number, back), one in self._entered.items()
                if (kind, which, whose, back) == ("input", key, subject.id, 0) and number
            ]
            count = len(self._setting.calendar.terms)
            if count and len(terms) == count:
                mean = sum((Decimal(str(one.number)) for one in terms), ZERO) / count
                return Known(mean, f"{name}各学期平均 {shown(mean)}")
        when = "去年的" if years_back else (f"第{term}学期的" if term else "")
        return Known(None, "", (f"没有录入{subject.name}{when}{name}",))

    def word(self, kind: str, key: str, subject: Subject) -> str:
        """A word that was entered, e.g. a grade given by hand."""
        row = self._entered.get((kind, key, subject.id, None, 0))
        return row.word if row is not None else ""

    def figure(self, key: str, subject: Subject) -> Decimal | None:
        """The actual value of a figure."""
        row = self._entered.get(("figure", key, subject.id, None, 0))
        return None if row is None or row.number is None else Decimal(str(row.number))

    @cached_property
    def _whole(self) -> str:
        """Whose a figure is that names nobody: the whole community's, also where just one lies below."""
        roster = self._setting.roster
        return (roster.communities[0] if len(roster.communities) == 1 else roster.community).id

    # -- the table ----------------------------------------------------------------------------

    def group(self, no: str, subject: Subject, *, term: int | None = None) -> Known:
        """Points of an item, of a group within its highest points, or of the whole table (``*``)."""
        if no in self._items:
            item = self.item(no, subject, term=term)
            return Known(item.points, item.words, item.lacking)
        groups = [one for one in self._setting.scheme.table if no in ("*", one.no)]
        total, lacking = ZERO, list[str]()
        for group in groups:
            points = ZERO
            for item_ in group.items:
                found = self.item(item_.no, subject, term=term)
                points += found.points or ZERO
                lacking += found.lacking
            total += points if group.points is None else min(points, Decimal(group.points))
        name = "考核表合计" if no == "*" else groups[0].name
        return Known(total, f"{name} {shown(total)}", tuple(dict.fromkeys(lacking)))

    def item(self, no: str, subject: Subject, *, term: int | None = None) -> ItemPoints:
        """Points of an item with the way they came about."""
        key = (no, subject, term)
        if key not in self._done:
            self._done[key] = self._of_item(self._items[no], subject, term)
        return self._done[key]

    def _of_item(self, item: Item, subject: Subject, term: int | None) -> ItemPoints:
        span = self._setting.calendar.year
        if term is not None and term <= len(self._setting.calendar.terms):
            span = self._setting.calendar.terms[term - 1]
        known, advice = self._scored(item, subject, span)
        lost, losses = self._deducted(item, subject, span)
        points, words, lacking = known.points, known.words, known.lacking
        if points is not None and lost:
            points = max(points - lost, ZERO)
            words = f"{words}；{losses}"
        highest = None if item.points is None else Decimal(item.points)
        if points is not None and highest is not None and points > highest:
            words = f"{words}，按满分 {shown(highest)} 计"
            points = highest
        computed = points
        given = self._given(item, subject)
        by_hand = given is not None and (self._assessed or item.score.by == "hand")
        if given is not None and by_hand:
            points, words, lacking = *given, ()
            if lost and item.score.by == "hand":
                points = max(points - lost, ZERO)
                words = f"{words}；{losses}"
        return ItemPoints(
            item.no, item.name, highest, points, words, lacking, advice, computed, by_hand
        )

    @cached_property
    def _hand(self) -> dict[tuple[str, str], list[AssessmentScore]]:
        ids = {id_: no for no, id_ in self._setting.items.items()}
        found: dict[tuple[str, str], list[AssessmentScore]] = defaultdict(list)
        query = select(AssessmentScore).where(AssessmentScore.item_id.in_(tuple(ids)))
        for row in self._session.scalars(query.order_by(AssessmentScore.id)):
            of = row.school_id or row.person_id or row.community_id or row.pair_id
            whose = of or self._whole
            found[ids[row.item_id], whose].append(row)
        return found

    def _given(self, item: Item, subject: Subject) -> tuple[Decimal, str] | None:
        """The mean of the assessors' points, or the subject's own; each where the other is not there.

        In a self-assessment its own go first.
        """
        given = self._hand.get((item.no, subject.id), [])
        assessors = [one for one in given if one.role == "assessor"]
        own = [one for one in given if one.role == "self"]
        chosen = (assessors or own) if self._assessed else (own or assessors)
        if not chosen:
            return None
        mean = sum((Decimal(str(one.points)) for one in chosen), ZERO) / len(chosen)
        if chosen is own:
            return mean, f"自评 {shown(mean)}"
        listed = "、".join(
            f"{one.assessor or '评委'} {shown(Decimal(str(one.points)))}" for one in chosen
        )
        return mean, f"{listed}，平均 {shown(mean)}" if len(chosen) > 1 else listed

    # -- ways of scoring ----------------------------------------------------------------------

    def _scored(self, item: Item, subject: Subject, span: Span) -> tuple[Known, tuple[Advice, ...]]:
        score = item.score
        match score.by:
            case "presence":
                return self._presence(item, score, subject, span)
            case "count":
                return self._count(item, score, subject, span)
            case "level":
                return self._level(item, score, subject, span)
            case "quota-rate":
                return self._rate(item, score, subject)
            case "rubric-mean":
                return self._rubric_mean(item, score, subject, span), ()
            case _:
                why = f"考核项 {item.no}“{item.name}”要人工评分，还没有评"
                return Known(None, "人工评分", (why,)), ()

    def _presence(
        self, item: Item, score: assessment.Presence, subject: Subject, span: Span
    ) -> tuple[Known, tuple[Advice, ...]]:
        full = ZERO if item.points is None else Decimal(item.points)
        record = f"item:{item.no}"
        if not score.slots:
            there = len(self._under(item.no, subject))
            if there:
                return Known(full, f"有材料 {there} 份"), ()
            return Known(ZERO, "还没有材料"), (Advice(f"{item.name}：放入材料", full, 1, record),)
        have = {key: self._slot_there(key, subject, span) for key in score.slots}
        names = self._slot_names
        lacking = [key for key, (there, wanted) in have.items() if there < wanted]
        words = "、".join(names.get(key, key) + _so_many(*one) for key, one in have.items())
        gain = {key: full / len(lacking) for key in lacking}
        if score.need == "share":
            part = sum((Fraction(*one) for one in have.values()), Fraction()) / len(have)
            points = full * part.numerator / part.denominator
            gain = {key: full / len(have) / have[key][1] for key in lacking}
        elif score.need == "any":
            points = full if any(there for there, _wanted in have.values()) else ZERO
            gain = dict.fromkeys(lacking, full)
        else:
            points = ZERO if lacking else full
        advice = tuple(
            Advice(
                f"{item.name}：补{names.get(key, key)}", gain[key],
                have[key][1] - have[key][0] if score.need == "share" else 1, record,
            )
            for key in (() if points >= full else lacking)
        )  # fmt: skip
        return Known(points, words), advice

    @cached_property
    def _slot_names(self) -> dict[str, str]:
        scheme = self._setting.scheme
        names = {slot.key: slot.name for kind in scheme.activity for slot in kind.slots}
        return names | {slot.key: slot.name for slot in scheme.slot}

    def _slot_there(self, key: str, subject: Subject, span: Span) -> tuple[int, int]:
        """In how many periods a slot's material is there, and of how many (1 of 1: simply there)."""
        states = [
            state for state in self._standing
            if state.slot.key == key and state.subject.id in (subject.id, self._place(subject).id)
            and state.span.starts <= span.ends and state.span.ends >= span.starts
        ]  # fmt: skip
        if states:
            filled = (one.waived or one.files + one.papers >= one.slot.count for one in states)
            return sum(filled), len(states)
        from app.services.schemes.parts import Counted, Where

        wanted = Counted(of="evidence", where=Where(slot=(key,)))
        return int(bool(self._each(wanted, subject, span))), 1

    def _under(self, no: str, subject: Subject) -> list[Hit]:
        """Evidence under an item that counts for the subject."""
        from app.services.schemes.parts import Counted, Where

        wanted = Counted(of="evidence", where=Where(item=(no,)))
        return self._each(wanted, subject, self._setting.calendar.year, any_day=True)

    def _each(
        self, counted: Counted, subject: Subject, span: Span, *, any_day: bool = False
    ) -> list[Hit]:
        """What counts for the subject; of evidence only what lies in its window."""
        if counted.counts_for is None:
            subject = self._place(subject)
        key = ("each", counted, subject.kind, span, any_day)
        kept = self._kept
        if key not in kept:
            spans = [_always(span)] if any_day else [span]
            hits = list(self._counting.each(counted, subject.kind, spans))
            if not any_day and self._windowed(counted, span):
                always = self._counting.each(counted, subject.kind, [_always(span)])
                hits += [one for one in always if not one.activity]
            of: dict[str, dict[str, Hit]] = defaultdict(dict)
            for one in hits:
                if counted.of != "evidence" or one.ident not in self._outside:
                    of[one.subject].setdefault(one.ident, one)
            kept[key] = {whose: list(found.values()) for whose, found in of.items()}
        found: list[Hit] = kept[key].get(subject.id, [])
        return found

    def _place(self, subject: Subject) -> Subject:
        """For the teacher of a workstation (名师工作点) the workstation.

        What no part in a record earns is the community's, and that stands for the teacher.
        """
        if subject.kind == "person" and subject.id == self._setting.person_id:
            return replace(subject, kind="community", id=self._setting.roster.community.id)
        return subject

    def _windowed(self, counted: Counted, span: Span) -> bool:
        """Whether a window holds for all the evidence counted: that says what is of this year then.

        It may reach back before the year begins, as a calendar year does (S01).
        """
        if counted.of != "evidence" or span != self._setting.calendar.year:
            return False
        named = {
            name: set(getattr(counted.where, name))
            for name in ("slot", "item", "owner_role", "kind", "level")
        }
        return any(
            all(
                named.get(name) and named[name] <= set(getattr(window.where, name))
                for name in window.where.model_fields_set
            )
            for window in self._setting.scheme.window
        )

    def _pieces(self, item: Item, score: Counted, subject: Subject, span: Span) -> list[Hit]:
        """What an item counts; of evidence also what was put under the item itself."""
        found = self._each(score, subject, span)
        if score.of != "evidence":
            return found
        seen = {one.ident for one in found}
        return [*found, *(one for one in self._under(item.no, subject) if one.ident not in seen)]

    def _count(
        self, item: Item, score: assessment.ByCount, subject: Subject, span: Span
    ) -> tuple[Known, tuple[Advice, ...]]:
        if score.of == "evidence":
            total = sum((one.amount for one in self._pieces(item, score, subject, span)), ZERO)
        else:
            total = self._total(score, subject, span)
        each = Decimal(score.each)
        points = total * each
        unit = _unit_of(score)
        words = f"{plain(total)} {unit} × {shown(each)} 分 = {shown(points)}"
        if item.points is None:
            return Known(points, words), ()
        full = Decimal(item.points)
        open_ = max(int(-((points - full) // each)), 0) if points < full else 0
        advice = Advice(
            f"{item.name}：再有 1 {unit}", min(each, full - points), open_, f"item:{item.no}"
        )
        return Known(points, words), (advice,) if open_ else ()

    def _total(self, counted: Counted, subject: Subject, span: Span) -> Decimal:
        if counted.counts_for is None:
            subject = self._place(subject)
        key = ("total", counted, subject.kind, span)
        kept = self._kept
        if key not in kept:
            kept[key] = self._counting.totals(counted, subject.kind, [span])
        total: Decimal = kept[key].get((subject.id, 0), ZERO)
        return total

    def _level(
        self, item: Item, score: assessment.ByLevel, subject: Subject, span: Span
    ) -> tuple[Known, tuple[Advice, ...]]:
        by_word = {
            word: (one.level, Decimal(one.points))
            for one in score.levels
            for word in level_words(one.level)
        }
        hits: list[tuple[str, Decimal]] = []
        unknown = 0
        for one in self._pieces(item, score, subject, span):
            if one.level in by_word:
                hits.append(by_word[one.level])
            elif not one.level:
                unknown += 1
        values = [points for _level, points in hits]
        points = max(values, default=ZERO) if score.best_only else sum(values, ZERO)
        counts = defaultdict[str, int](int)
        for level, _points in hits:
            counts[level] += 1
        listed = "、".join(f"{level}级 {count} 项" for level, count in counts.items())
        best = "（只计最高）" if score.best_only and len(hits) > 1 else ""
        words = f"{listed or '没有'}{best}，{shown(points)} 分"
        lacking = (f"考核项 {item.no} 有 {unknown} 份材料没有写级别",) if unknown else ()
        full = None if item.points is None else Decimal(item.points)
        advice = tuple(
            Advice(
                f"{item.name}：再有 1 项{one.level}级", Decimal(one.points), 1, f"item:{item.no}"
            )
            for one in score.levels
            if full is not None and points < full
        )
        return Known(points, words, lacking), advice

    def _rate(
        self, item: Item, score: assessment.QuotaRate, subject: Subject
    ) -> tuple[Known, tuple[Advice, ...]]:
        quota = next(one for one in self._setting.scheme.quota if one.key == score.quota)
        members = self._quota_lines(score.quota, subject)
        full = ZERO if item.points is None else Decimal(item.points)
        unsure = tuple(
            dict.fromkeys(f"{one.subject.name}{one.uncertain}" for one in members if one.uncertain)
        )
        known = [one for one in members if one.required]
        if not known:
            why = unsure or (f"“{quota.name}”还没有人适用，算不出完成率",)
            return Known(None, "", why), ()
        rates = [min(one.done / (one.required or Decimal(1)), Decimal(1)) for one in known]
        rate = sum(rates, ZERO) / len(rates)
        points = full * rate
        words = f"“{quota.name}”完成率 {shown(rate * 100)}% × {shown(full)} 分 = {shown(points)}"
        gaps = [(one, (one.required or ZERO) - one.done) for one in known if not one.reached]
        advice = tuple(
            Advice(
                f"{one.subject.name}{quota.name}差 {plain(gap)} {quota_unit(quota)}",
                full / len(rates) / (one.required or Decimal(1)), int(gap),
                f"{one.subject.kind}:{one.subject.id}",
            )
            for one, gap in gaps
        )  # fmt: skip
        return Known(points, words, unsure), advice

    def _quota_lines(self, quota: str, subject: Subject) -> list[QuotaLine]:
        """Lines of a quota for the subject itself or, where it is of its people or units, of those.

        A line of another quota that replaces it stands for it.
        """
        replacing = {quota} | {
            one.key for one in self._setting.scheme.quota if quota in one.replaces
        }
        roster = self._setting.roster
        found = []
        for line in self._quotas:
            if line.quota not in replacing:
                continue
            one = line.subject
            mine = one.id == subject.id
            if subject.kind == "community":
                mine = mine or subject.id in roster.communities_of(one.kind, one.id)
            elif subject.kind == "unit" and one.kind == "person":
                mine = roster.people[one.id].school_id == subject.id
            elif subject.kind == "group" and one.kind == "person":
                mine = subject.id in roster.groups_of(one.id, line.span)
            if mine:
                found.append(line)
        return found

    def _rubric_mean(
        self, item: Item, score: assessment.RubricMean, subject: Subject, span: Span
    ) -> Known:
        idents = {one.ident for one in self._each(score, subject, span)}
        column = {
            "observation": Observation.id, "lesson": Observation.lesson_id,
            "activity": Lesson.activity_id,
        }.get(score.of)  # fmt: skip
        values = [
            value for ident, value in self._sheets(score.rubric, column) if ident in idents
        ] if column is not None else []  # fmt: skip
        if not values:
            return Known(None, "", (f"考核项 {item.no} 还没有评分的评价表",))
        rate = sum(values, ZERO) / len(values)
        full = Decimal(item.points) if item.points is not None else Decimal(100)
        return Known(
            full * rate, f"{len(values)} 份评价表平均 {shown(rate * 100)}% × {shown(full)} 分"
        )

    def rubric(self, key: str, subject: Subject) -> Known:
        """The mean of the sheets filled in for an activity or lesson, in points of the rubric."""
        rubric = next(one for one in self._setting.scheme.rubric if one.key == key)
        row = self._entered.get(("input", key, subject.id, None, 0))
        if row is not None and row.number is not None:
            return Known(
                Decimal(str(row.number)), f"{rubric.name} {plain(Decimal(str(row.number)))}"
            )
        column = Lesson.id if subject.kind == "lesson" else Lesson.activity_id
        values = [value for ident, value in self._sheets(key, column) if ident == subject.id]
        if not values:
            return Known(None, "", (f"{subject.name}还没有填好的{rubric.name}",))
        mean = sum(values, ZERO) / len(values) * Decimal(rubric.full)
        return Known(mean, f"{len(values)} 份{rubric.name}平均 {shown(mean)}")

    def _sheets(self, key: str, column: object) -> list[tuple[str, Decimal]]:
        """Scores on sheets of that rubric as a share of its full points, with whose they are."""
        kept = self._kept
        where = ("sheets", key, str(column))
        if where not in kept:
            name = next(one.name for one in self._setting.scheme.rubric if one.key == key)
            full = (
                select(func.sum(RubricItem.points))
                .where(RubricItem.rubric_id == Rubric.id)
                .scalar_subquery()
            )
            query = (
                select(column, Observation.score, full)  # type: ignore[call-overload]
                .select_from(Observation)
                .join(Lesson, Lesson.id == Observation.lesson_id)
                .join(Rubric, Rubric.id == Observation.rubric_id)
                .where(Rubric.name == name, Observation.score.is_not(None))
            )
            kept[where] = [
                (ident, Decimal(str(score)) / Decimal(str(whole or 100)))
                for ident, score, whole in self._session.execute(query)
            ]
        found: list[tuple[str, Decimal]] = kept[where]
        return found

    def _deducted(self, item: Item, subject: Subject, span: Span) -> tuple[Decimal, str]:
        lost, words = ZERO, list[str]()
        for one in item.deductions:
            if one.counted is not None:
                number = self._total(one.counted, subject, span)
            else:
                row = self._entered.get(("deduction", f"{item.no}/{one.name}", subject.id, None, 0))
                number = ZERO if row is None else Decimal(str(row.number or 0))
            if number:
                lost += number * Decimal(one.each)
                words.append(f"{one.name} {plain(number)} 次扣 {shown(number * Decimal(one.each))}")
        return lost, "、".join(words)

    def proof(self, no: str, subject: Subject) -> list[Hit]:
        """The records behind the points of an item, and what lies under it."""
        item = self._items[no]
        found = list(self._under(no, subject))
        if item.score.by in ("count", "level", "rubric-mean"):
            seen = {one.ident for one in found}
            own = self._each(item.score, subject, self._setting.calendar.year)
            found += [one for one in own if one.ident not in seen]
        return found


def _whose(row: EnteredValue) -> str | None:
    return (
        row.school_id or row.person_id or row.community_id or row.pair_id or row.activity_id
        or row.lesson_id
    )  # fmt: skip


def _so_many(there: int, wanted: int) -> str:
    """Whether a material is there; of one due in several periods, in how many."""
    if 0 < there < wanted:
        return f"有 {there}/{wanted} 期"
    return "有" if there else "缺"


def _unit_of(counted: Counted) -> str:
    from app.services.standing.quotas import _MEASURED, UNITS

    return _MEASURED.get(counted.measure) or UNITS[counted.of]


def _always(span: Span) -> Span:
    from datetime import date

    from app.services.standing.periods import Span as Made

    return Made(span.name, date(1, 1, 1), date(9999, 12, 31))
