"""Quotas: how far each subject is, what is to be expected by the end of the period, milestones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from app.services.schemes.days import resolve
from app.services.standing.records import Milestone, QuotaLine
from app.services.standing.roster import Subject, kind_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from app.services.schemes.duties import Quota, Share
    from app.services.schemes.parts import SubjectKind
    from app.services.standing.counting import Counting, Totals
    from app.services.standing.periods import Span
    from app.services.standing.reading import Setting
    from app.services.standing.records import Status

UNITS = {
    "activity": "次", "lesson": "节", "observation": "节", "evidence": "份", "appointment": "人次",
    "absence": "次", "dispatch": "次", "pair": "对", "agreement": "份",
}  # fmt: skip
_MEASURED = {"days": "天", "lessons": "节", "people": "人", "units": "个单位"}
_ENDS = {
    "term": "学期末",
    "month": "月底",
    "week": "周末",
    "cycle": "周期末",
    "calendar-year": "年底",
}
_WHOLE = Decimal(100)


def quota_unit(quota: Quota) -> str:
    """The word after a figure of this quota: 节, 次, 人 ….

    Lessons and observations are counted by 课时 each.
    """
    return _MEASURED.get(quota.measure) or UNITS[quota.of]


def quota_lines(
    setting: Setting, counting: Counting, only: Collection[str] | None = None
) -> list[QuotaLine]:
    """Every quota for every subject and period; of ``only`` these subjects, where it is given.

    A quota that replaces others takes their place for the subjects it holds for. Where a fact is
    missing to say whether it holds, the subject gets a line that says so, and the replaced ones stay.
    """
    lines: list[QuotaLine] = []
    replaced: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for quota in setting.scheme.quota:
        for line in _lines(setting, counting, quota, only):
            lines.append(line)
            if not line.uncertain:
                for other in quota.replaces:
                    replaced[other, line.subject.id].append(line.span)
    return [
        line
        for line in lines
        if not any(
            span.starts <= line.span.ends and span.ends >= line.span.starts
            for span in replaced.get((line.quota, line.subject.id), ())
        )
    ]


def _lines(
    setting: Setting, counting: Counting, quota: Quota, only: Collection[str] | None
) -> list[QuotaLine]:
    spans = setting.calendar.spans(quota.per, quota.months)
    kind = kind_of(quota.who)
    if quota.share is not None:
        return _share_lines(setting, counting, quota, kind, spans)
    fittings = [setting.roster.fitting(quota.who, span, only=only) for span in spans]
    meant = {one.id for fitting in fittings for one in fitting.subjects}
    meant |= {one.id for fitting in fittings for one, _fact in fitting.uncertain}
    if not meant:
        return []
    found: list[QuotaLine] = []
    totals = counting.totals(quota, kind, spans, None if only is None else meant)
    over: dict[str, Decimal] = defaultdict(Decimal)
    for index, (span, fitting) in enumerate(zip(spans, fittings, strict=True)):
        for subject in fitting.subjects:
            done = totals.get((subject.id, index), Decimal(0))
            if quota.carry_over:
                done += over[subject.id]
                over[subject.id] = max(done - (_required(quota) or 0), Decimal(0))
            look = _Look(quota, span, done, _required(quota), setting.today)
            found.append(_line(look, subject))
        for subject, fact in fitting.uncertain:
            done = totals.get((subject.id, index), Decimal(0))
            found.append(_unsure(quota, subject, span, done, fact))
    return found


def _required(quota: Quota) -> Decimal | None:
    if quota.min is not None:
        return Decimal(quota.min)
    if quota.above is not None:  # more than 200 lessons: the next whole number
        return Decimal(quota.above).to_integral_value(ROUND_FLOOR) + 1
    return None


def _unsure(quota: Quota, subject: Subject, span: Span, done: Decimal, fact: str) -> QuotaLine:
    return QuotaLine(
        quota.key, quota.name, subject, span, done, None, "unsure",
        f"{subject.name}{fact}，不知道是否适用“{quota.name}”", uncertain=fact, unit=quota_unit(quota),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Look:
    """A quota, a period, and how far somebody is."""

    quota: Quota
    span: Span
    done: Decimal
    required: Decimal | None
    today: date

    @property
    def most(self) -> Decimal | None:
        """The upper limit."""
        return None if self.quota.max is None else Decimal(self.quota.max)

    @property
    def too_many(self) -> bool:
        """Whether it is above the upper limit."""
        return self.most is not None and self.done > self.most

    @property
    def forecast(self) -> Decimal | None:
        """What it comes to by the end of the period, going on as until today; None: nothing to go by."""
        if self.today >= self.span.ends:
            return self.done
        passed = (self.today - self.span.starts).days + 1
        if passed <= 0:
            return None
        whole = (self.span.ends - self.span.starts).days + 1
        return (self.done * whole / passed).to_integral_value(ROUND_FLOOR)

    @property
    def status(self) -> Status:
        """Where it stands."""
        if self.too_many:
            return "missed"
        if self.required is None or self.done >= self.required:
            return "reached"
        if self.span.ends < self.today:
            return "missed"
        forecast = self.forecast
        return "on-course" if forecast is None or forecast >= self.required else "behind"

    @property
    def words(self) -> str:
        """The same in words."""
        unit = quota_unit(self.quota)
        over = f"，超出最多 {plain(self.most)} {unit}" if self.too_many else ""
        if self.required is None:
            limit = f"，最多 {plain(self.most)} {unit}" if self.most is not None else ""
            return f"已有 {plain(self.done)} {unit}{over or limit}"
        have = f"已完成 {plain(self.done)} / {plain(self.required)} {unit}{over}"
        if over or self.done >= self.required:
            return have
        if self.span.ends < self.today:
            return f"{have}，{self.span.name}已结束，差 {plain(self.required - self.done)} {unit}"
        forecast = self.forecast
        if forecast is None:
            return f"{have}，{self.span.name}还没有开始"
        end = _ENDS.get(self.quota.per, "年度末")
        if forecast >= self.required:
            return f"{have}；按目前进度，{end}能完成"
        return f"{have}；按目前进度，{end}差 {plain(self.required - forecast)} {unit}"


def _line(look: _Look, subject: Subject, name: str = "") -> QuotaLine:
    quota = look.quota
    return QuotaLine(
        quota.key, name or quota.name, subject, look.span, look.done, look.required, look.status,
        look.words, look.forecast, look.most, unit=quota_unit(quota),
    )  # fmt: skip


def plain(number: Decimal | None) -> str:
    """A figure without zeros at its end."""
    if number is None:
        return "—"
    text = f"{number.normalize():f}"
    return "0" if text == "-0" else text


def _share_lines(
    setting: Setting,
    counting: Counting,
    quota: Quota,
    kind: SubjectKind,
    spans: Sequence[Span],
) -> list[QuotaLine]:
    """A share of those people, of each rank on its own (S10): the whole people rounded up."""
    share = quota.share
    assert share is not None  # noqa: S101 - asked by the caller
    found = []
    for span in spans:
        among = setting.roster.fitting(share.among, span)
        taken = {one.subject for one in counting.each(quota, "person", [span])}
        for subject in setting.roster.fitting(quota.who, span).subjects:
            own = [
                one.id
                for one in among.subjects
                if subject.id in _belongs(setting, kind, one.id, span)
            ]
            for rank, people in sorted(_ranks(setting, share, own).items()):
                required = (Decimal(len(people) * share.percent) / _WHOLE).to_integral_value(
                    ROUND_CEILING
                )
                done = Decimal(len(taken.intersection(people)))
                name = (
                    f"{quota.name}（{rank} {len(people)} 人的 {share.percent}%）"
                    if rank
                    else quota.name
                )
                look = _Look(quota, span, done, required, setting.today)
                found.append(_line(look, subject, name))
        for person, fact in among.uncertain:
            found.append(_unsure(quota, person, span, Decimal(0), fact))
    return found


def _belongs(setting: Setting, kind: SubjectKind, person_id: str, span: Span) -> tuple[str, ...]:
    roster = setting.roster
    if kind == "unit":
        school = roster.people[person_id].school_id
        return (school,) if school else ()
    if kind == "group":
        return roster.groups_of(person_id, span)
    return roster.communities_of("person", person_id, span) or tuple(
        one.id for one in roster.communities[:1]
    )


def _ranks(setting: Setting, share: Share, people: Sequence[str]) -> Mapping[str, set[str]]:
    if share.each == "all":
        return {"": set(people)} if people else {}
    ranks: dict[str, set[str]] = defaultdict(set)
    for id_ in people:
        person = setting.roster.people[id_]
        own = person.honours if share.each == "honour" else (person.title,)
        for rank in own:
            wanted = share.among.honour or share.among.title
            for one in [word for word in wanted if word in rank] or [rank]:
                if one:
                    ranks[one].add(id_)
    return ranks


def milestones(
    setting: Setting, counting: Counting, lines: Sequence[QuotaLine]
) -> dict[str, tuple[Milestone, ...]]:
    """Milestones of each quota and of each progress that has any, by key (quota or progress)."""
    quotas = {quota.key: quota for quota in setting.scheme.quota}
    asked = [
        (quota.key, quota.name, [quota], "total", one)
        for quota in quotas.values()
        for one in quota.milestones
    ]
    asked += [
        (
            progress.key, progress.name,
            [quotas[key] for key in progress.quotas] or list(quotas.values()), progress.how, one,
        )
        for progress in setting.scheme.progress
        for one in progress.milestones
    ]  # fmt: skip
    found: dict[str, tuple[Milestone, ...]] = {}
    done: dict[tuple[str, date], tuple[Decimal, Decimal]] = {}
    for key, name, of, how, one in asked:
        by = resolve(one.by, setting.calendar.year.starts)
        until = min(by, setting.today)  # days to come all ask for the same
        for quota in of:
            if (quota.key, until) not in done:
                done[quota.key, until] = _done_by(setting, counting, quota, lines, until)
        shares = [done[quota.key, until] for quota in of]
        percent = _percent(shares, how)
        reached: bool | None = percent >= one.percent
        if not reached and by >= setting.today:
            reached = None
        found[key] = (*found.get(key, ()), Milestone(name, by, one.percent, percent, reached))
    return found


def _percent(shares: Sequence[tuple[Decimal, Decimal]], how: str) -> Decimal:
    """Of several quotas' done and asked one percentage: their mean, the least, or of the totals."""
    known = [(done, asked) for done, asked in shares if asked]
    percents = [min(done / asked, Decimal(1)) * _WHOLE for done, asked in known]
    if not percents:
        return Decimal(0)
    if how == "each":
        return min(percents)
    if how == "total":
        done = sum((one for one, _asked in known), Decimal(0))
        return min(done / sum((one for _done, one in known), Decimal(0)), Decimal(1)) * _WHOLE
    return sum(percents, Decimal(0)) / len(percents)


def _done_by(
    setting: Setting, counting: Counting, quota: Quota, lines: Sequence[QuotaLine], day: date
) -> tuple[Decimal, Decimal]:
    """Done until a day and asked for, over all subjects and periods; nobody's surplus helps another."""
    own = [line for line in lines if line.quota == quota.key and line.required]
    if not own:
        return Decimal(0), Decimal(0)
    spans = [
        replace(span, ends=min(span.ends, day))
        for span in setting.calendar.spans(quota.per, quota.months)
    ]
    begun = [span for span in spans if span.starts <= span.ends]
    if quota.share is not None:
        shares = _share_lines(setting, counting, quota, kind_of(quota.who), begun)
        have = {(one.subject.id, one.span.name, one.name): one.done for one in shares}
        asked = sum((line.required or Decimal(0) for line in own), Decimal(0))
        done = sum(
            (
                min(
                    have.get((line.subject.id, line.span.name, line.name), Decimal(0)),
                    line.required,
                )
                for line in own
                if line.required is not None
            ),
            Decimal(0),
        )
        return done, asked
    totals: Totals = counting.totals(quota, kind_of(quota.who), begun) if begun else {}
    by_name = {span.name: index for index, span in enumerate(begun)}
    done = asked = Decimal(0)
    over: dict[str, Decimal] = defaultdict(Decimal)
    for line in sorted(own, key=lambda one: one.span.starts):
        required = line.required or Decimal(0)
        asked += required
        there = totals.get((line.subject.id, by_name.get(line.span.name, -1)), Decimal(0))
        if quota.carry_over and line.span.name in by_name:
            there += over[line.subject.id]
            over[line.subject.id] = max(there - required, Decimal(0))
        done += min(there, required)
    return done, asked
