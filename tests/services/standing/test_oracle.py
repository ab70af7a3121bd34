"""What ``Counting`` counts by SQL against plain Python over the same rows, in worlds thrown by dice.

The reckoning here is written from the words for authors of schemes (resources/schemes/README.md),
not from selecting.py: a record, who has a part in it, on which day; one loop for each question.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.models import (
    Activity,
    Agreement,
    Appointment,
    Attendance,
    CommunityUnit,
    Dispatch,
    EvidenceLink,
    Lesson,
    MentorPair,
    Observation,
    PaperReceipt,
    Person,
    School,
    Waiver,
)
from app.services.schemes.parts import Counted, Range, Where
from app.services.standing.periods import Span

YEAR = Span("学年", date(2025, 9, 1), date(2026, 8, 31))
TERMS = (
    Span("上学期", date(2025, 9, 1), date(2026, 1, 31)),
    Span("下学期", date(2026, 2, 1), date(2026, 8, 31)),
)
PRESET = "yijian-sannian"


@dataclass(frozen=True)
class Record:
    """One thing that may be counted, as a clerk sees it on paper."""

    id: str
    row: object
    activity: object = None
    lesson: object = None
    link: object = None
    day: date | None = None
    person: object = None


class Oracle:
    """Counts by looking at every record in turn."""

    def __init__(self, session, setting):
        self.setting, self.scheme = setting, setting.scheme
        everything = (Activity, Lesson, Observation, EvidenceLink, Person, School, MentorPair)
        self.all = {model: list(session.scalars(select(model))) for model in everything}
        self.by_id = {row.id: row for rows in self.all.values() for row in rows}
        scope = setting.scope
        self.held = [
            one for one in session.scalars(select(Appointment)) if one.community_id in scope
        ]
        self.units = [
            one for one in session.scalars(select(CommunityUnit)) if one.community_id in scope
        ]
        self.pairs = [one for one in self.all[MentorPair] if one.community_id in scope]
        self.dispatches = [
            one for one in session.scalars(select(Dispatch)) if one.community_id in scope
        ]
        self.agreements = [
            one for one in session.scalars(select(Agreement)) if one.community_id in scope
        ]
        self.absences = list(session.scalars(select(Attendance)))
        self.roles = {one.key for one in self.scheme.community.roles}
        self.unit_roles = {one.key for one in self.scheme.community.units}

    # -- what there is -----------------------------------------------------------------------

    def records(self, of):
        if of == "activity":
            return [Record(one.id, one, one, day=one.held_on) for one in self.all[Activity]]
        if of == "absence":
            return [
                Record(one.id, one, one.activity, day=one.activity.held_on, person=one.person_id)
                for one in self.absences
                if one.status in ("leave", "absent")
            ]
        if of == "lesson":
            return [
                Record(one.id, one, one.activity, one, day=self.taught(one), person=one.teacher_id)
                for one in self.all[Lesson]
            ]
        if of == "observation":
            return [
                Record(
                    one.id, one, one.lesson.activity, one.lesson,
                    day=one.observed_on or self.taught(one.lesson), person=one.observer_id,
                )
                for one in self.all[Observation]
            ]  # fmt: skip
        return [self.piece(one) for one in self.all[EvidenceLink]]

    def taught(self, lesson):
        return lesson.taught_on or (lesson.activity.held_on if lesson.activity else None)

    def piece(self, link):
        seen = self.by_id.get(link.observation_id)
        lesson = self.by_id.get(link.lesson_id) or (seen.lesson if seen else None)
        activity = self.by_id.get(link.activity_id) or (lesson.activity if lesson else None)
        person = (
            link.owner_id or link.person_id or (seen.observer_id if seen else None)
            or (lesson.teacher_id if lesson else None)
        )  # fmt: skip
        day = link.counted_on or link.evidence.dated_on
        return Record(link.evidence_id, link.evidence, activity, lesson, link, day, person)

    # -- whose it is -------------------------------------------------------------------------

    def held_on(self, one, day):
        return day is None or (
            (one.starts_on is None or one.starts_on <= day)
            and (one.ends_on is None or one.ends_on >= day)
        )

    def has_role(self, person, role, day):
        return any(
            one.person_id == person and one.role == role and self.held_on(one, day)
            for one in self.held
        )

    def school_has(self, school, role, day):
        return any(
            one.school_id == school and one.role == role and self.held_on(one, day)
            for one in self.units
        )

    def parties(self, record, wanted, of):  # noqa: C901 - one branch for each word
        """Ids of the people (of the schools) that are the named part of a record."""
        activity, lesson = record.activity, record.lesson
        here = activity.attendances if activity else []
        present = [one.person_id for one in here if one.status == "present"]
        lessons = activity.lessons if activity else []
        own = [record.person] if of != "activity" else present
        match wanted:
            case "leader":
                return [activity.host_id] if activity else []
            case "recorder":
                return [activity.recorder_id] if activity else []
            case "teacher":
                if of in ("lesson", "observation"):
                    return [lesson.teacher_id]
                return [one.teacher_id for one in lessons]
            case "observer":
                if of == "observation":
                    return [record.person]
                taught = [lesson] if of == "lesson" else lessons
                return [one.observer_id for one in self.all[Observation] if one.lesson in taught]
            case "attendee":
                return present
            case "absentee":
                return [one.person_id for one in here if one.status in ("leave", "absent")]
            case "speaker":
                return [
                    one.person_id for one in here if one.status == "present" and one.part == "主讲"
                ]
            case _ if wanted in self.roles:
                return [one for one in own if self.has_role(one, wanted, record.day)]
            case _:
                return own

    def schools(self, record, wanted):
        """Ids of the schools that are the named part of a record's activity."""
        units = record.activity.units if record.activity else []
        words = {"organizer": "主办", "host": "承办", "co-host": "协办"}
        if wanted in words:
            return [one.school_id for one in units if one.role == words[wanted]]
        if wanted in self.unit_roles:
            day = record.activity.held_on if record.activity else None
            return [one.school_id for one in units if self.school_has(one.school_id, wanted, day)]
        return [one.school_id for one in units]

    def home(self, person):
        row = self.by_id.get(person)
        return row.school_id if row else None

    def ours(self, person):
        """Whether somebody belongs to the community in its year."""
        within = [
            one for one in self.held
            if (one.starts_on is None or one.starts_on <= YEAR.ends)
            and (one.ends_on is None or one.ends_on >= YEAR.starts)
        ]  # fmt: skip
        return any(one.person_id == person for one in within) or self.our_school(self.home(person))

    def our_school(self, school):
        return any(
            one.school_id == school
            and (one.starts_on is None or one.starts_on <= YEAR.ends)
            and (one.ends_on is None or one.ends_on >= YEAR.starts)
            for one in self.units
        )

    def in_reach(self, record, of, persons):
        """Whether a record is of this community at all."""
        link, scope = record.link, self.setting.scope
        if record.activity is not None and record.activity.community_id in scope:
            return True
        if link is not None:
            if link.assessment_item_id in self.setting.items.values():
                return True
            if link.community_id in scope or self.our_school(link.school_id):
                return True
            if link.pair_id in {one.id for one in self.pairs}:
                return True
            if link.agreement_id in {one.id for one in self.agreements}:
                return True
            if not (link.person_id or link.lesson_id or link.observation_id):
                return False
        return record.activity is None and any(self.ours(one) for one in persons if one)

    # -- where -------------------------------------------------------------------------------

    def fits(self, record, where, of):  # noqa: C901 - one branch for each word
        activity, link = record.activity, record.link
        form = getattr(activity, "form", "")
        subject = getattr(activity, "subject", "")
        level = getattr(activity, "level", "")
        if record.lesson is not None and of != "evidence":
            form = record.lesson.form or form
            subject = record.lesson.subject
        if of == "evidence":
            level = record.row.level
        plain = level.replace("级", "").replace("国家", "国")
        levels = list(self.scheme.scheme.levels)
        if where.kind and getattr(activity, "kind", "") not in where.kind:
            return False
        if where.form and form not in where.form:
            return False
        if where.stage and getattr(activity, "stage", "") not in where.stage:
            return False
        if where.teaches and subject not in where.teaches:
            return False
        if where.level and plain not in where.level:
            return False
        least = where.level_at_least
        if least and (plain not in levels or levels.index(plain) < levels.index(least)):
            return False
        if where.slot and not self.has_slot(record, where.slot, of):
            return False
        if where.owner_role and not any(
            self.has_role(record.person, role, record.day) for role in where.owner_role
        ):
            return False
        if where.host and not any(
            unit.role in ("主办", "承办")
            and any(self.school_has(unit.school_id, role, activity.held_on) for role in where.host)
            for unit in (activity.units if activity else ())
        ):
            return False
        if where.item and link.assessment_item_id not in [
            self.setting.items[no] for no in where.item
        ]:
            return False
        if where.sealed is not None and record.row.sealed is not where.sealed:
            return False
        if where.across_units is not None and self.across(record, of) is not where.across_units:
            return False
        if where.days is not None:
            least = where.days.at_least
            if activity is None or activity.held_on is None or self.days(activity) < least:
                return False
        return True

    def days(self, activity):
        if activity is None or activity.held_on is None:
            return 0
        return ((activity.ends_on or activity.held_on) - activity.held_on).days + 1

    def has_slot(self, record, slots, of):
        if of == "evidence":
            return record.link.slot in slots
        return any(
            one.slot in slots
            and (
                (record.activity is not None and one.activity_id == record.activity.id)
                or (record.lesson is not None and one.lesson_id == record.lesson.id)
            )
            for one in self.all[EvidenceLink]
        )

    def across(self, record, of):
        activity = record.activity
        schools = set()
        if activity is not None:
            schools = {one.school_id for one in activity.units}
            schools |= {
                self.home(one.person_id) for one in activity.attendances if one.status == "present"
            }
        if len(schools - {None}) > 1:
            return True
        if of not in ("lesson", "observation"):
            return False
        lesson = record.lesson
        away = lesson.school_id and self.home(lesson.teacher_id) not in (None, lesson.school_id)
        return bool(lesson.receiving_school_id or away)

    # -- adding up ---------------------------------------------------------------------------

    def totals(self, counted, kind, spans):
        if counted.of in ("appointment", "dispatch", "pair", "agreement"):
            raise NotImplementedError
        things = {}
        for record in self.records(counted.of):
            buckets = [n for n, one in enumerate(spans) if record.day and one.holds(record.day)]
            if record.day is None and len(spans) == 1:
                buckets = [0]
            if not buckets or not self.fits(record, counted.where, counted.of):
                continue
            for subject, thing, amount in self.shares(record, counted, kind):
                if subject and thing:
                    things[subject, buckets[0], thing] = amount
        found = {}
        for (subject, bucket, _thing), amount in things.items():
            found[subject, bucket] = found.get((subject, bucket), Decimal(0)) + Decimal(amount)
        return {key: value for key, value in found.items() if value}

    def shares(self, record, counted, kind):  # noqa: C901 - one branch for each word
        """Whose a record is, what of it is counted (itself, people, units) and how much."""
        of, wanted = counted.of, counted.counts_for
        unit_part = wanted in ("organizer", "host", "co-host", "unit") or wanted in self.unit_roles
        plain_units = wanted is None and of == "activity" and (
            (kind == "unit" and counted.measure != "people") or counted.measure == "units"
        )  # fmt: skip
        if unit_part or plain_units:
            persons, schools = [None], self.schools(record, wanted)
        else:
            persons, schools = self.parties(record, wanted, of), None
        if (
            wanted is None
            and kind in ("community", "group")
            and counted.measure not in ("people", "units")
        ):
            persons, schools = [record.person], None
        if not self.in_reach(record, of, persons):
            return
        amount = 1
        if counted.measure == "days":
            amount = self.days(record.activity)
        for one in schools if schools is not None else persons:
            if counted.measure == "lessons" and of == "activity":
                amount = sum(lesson.hours for lesson in record.activity.lessons)
            elif of in ("lesson", "observation") and counted.measure in ("number", "lessons"):
                amount = record.row.hours
            school = one if schools is not None else self.home(one)
            if of == "evidence" and wanted is None and record.link.school_id:
                school = record.link.school_id
            thing = {"people": one, "units": school}.get(counted.measure, record.id)
            if counted.measure in ("people", "units"):
                amount = 1
            for subject in self.subjects(record, kind, one, school, counted):
                if (of, counted.measure, wanted) == ("activity", "lessons", "teacher"):
                    for lesson in record.activity.lessons:  # each has those of their own
                        if lesson.teacher_id == one:
                            yield subject, lesson.id, lesson.hours
                    continue
                yield subject, thing, amount

    def subjects(self, record, kind, one, school, counted):
        link = record.link
        match kind:
            case "person":
                return [one]
            case "unit":
                return [school]
            case "community":
                return [self.setting.roster.communities[0].id]
            case "group":
                groups = {one.id for one in self.setting.roster.groups}
                if counted.counts_for is None and counted.measure not in ("people", "units"):
                    place = record.activity.community_id if record.activity else None
                    place = place or (link.community_id if link else None)
                    return [place] if place in groups else []
                return [
                    held.community_id for held in self.held
                    if held.person_id == one and held.community_id in groups
                    and self.held_on(held, record.day)
                ]  # fmt: skip
            case _:
                return self.pairs_of(record, one, counted)

    def pairs_of(self, record, one, counted):
        both = counted.of == "activity" and counted.counts_for in (None, "attendee", "person")
        here = [
            there.person_id for there in (record.activity.attendances if record.activity else ())
            if there.status == "present"
        ]  # fmt: skip
        return [
            pair.id
            for pair in self.pairs
            if self.held_on(pair, record.day)
            and (
                (pair.mentor_id in here and pair.mentee_id in here)
                if both
                else (
                    one in (pair.mentor_id, pair.mentee_id)
                    or (record.link is not None and record.link.pair_id == pair.id)
                )
            )
        ]


# -- worlds --------------------------------------------------------------------------------------


def dated(dice, *, none=0.1):
    """A day of the year, of the one before or after, its first or last, or none."""
    pick = dice.random()
    if pick < none:
        return None
    if pick < 0.25:
        return dice.choice([YEAR.starts, YEAR.ends, TERMS[0].ends, TERMS[1].starts])
    if pick < 0.35:
        return dice.choice([YEAR.starts - timedelta(days=1), YEAR.ends + timedelta(days=1)])
    return YEAR.starts + timedelta(days=dice.randrange(365))


def stretch(dice):
    """Since and until, open at either end."""
    since = dated(dice, none=0.5)
    until = dated(dice, none=0.6)
    if since and until and until < since:
        since, until = until, since
    return since, until


def fill(w, dice):  # noqa: C901 - a list of what is in a world
    """Schools, people, records of every kind, and a neighbour whose records are not ours."""
    scheme = w.scheme
    unit_roles = [one.key for one in scheme.community.units]
    roles = [one.key for one in scheme.community.roles]
    kinds = [one.key for one in scheme.activity]
    forms = [form for one in scheme.activity for form in one.forms] + ["", "别的"]
    slots = sorted({slot.key for one in scheme.activity for slot in one.slots})
    levels = [*scheme.scheme.levels, "", *(f"{one}级" for one in scheme.scheme.levels), "国家级"]
    schools = [f"学校{n}" for n in range(5)]
    for name in schools[:4]:
        w.school(name, role=dice.choice(unit_roles), stage=dice.choice(["小学", "初中", ""]))
    w._names["school", schools[4]] = w._add(School(name=schools[4], stage="小学"))
    with w.services.archive.uow.write("准备") as session:
        for unit in session.scalars(select(CommunityUnit)):
            unit.starts_on, unit.ends_on = stretch(dice)
    people = [f"老师{n}" for n in range(10)]
    for name in people:
        since, until = stretch(dice)
        w.person(
            name, school=dice.choice([*schools, None]), born=dice.choice(["", "1990", "1988-02"]),
            role=dice.choice([*roles, ""]), since=since, until=until,
        )  # fmt: skip
    groups = ["一组", "二组"]
    for name in groups:
        w.group(name, "学科组", members=dice.sample(people, 4), heads=people[0])
    w.pair(people[0], people[1], since=dated(dice))
    w.pair(people[2], people[0], since=None)
    activities = []
    for n in range(14):
        day = dated(dice)
        ends = day + timedelta(days=dice.randrange(4)) if day and dice.random() < 0.4 else None
        there = dice.sample(people, 6)
        activities.append(w.activity(
            dice.choice(kinds), day, form=dice.choice(forms), level=dice.choice(levels), ends=ends,
            title=f"活动{n}", organizer=dice.sample(schools, dice.randrange(2)),
            host=dice.sample(schools, dice.randrange(3)), units=dice.sample(schools, 2),
            leader=dice.choice([*people, None]), recorder=dice.choice([*people, None]),
            present=there[: dice.randrange(5)], leave=there[4:5], absent=there[5:],
            group=dice.choice([*groups, None, None]), subject=dice.choice(["语文", "数学", ""]),
        ))  # fmt: skip
    outside = w.services.archive.uow
    with outside.write("邻居") as session:
        from app.models import Community

        near = Community(name="邻居", kind="别的")
        session.add(near)
        session.flush()
        row = session.get_one(Activity, activities[-1])
        row.community_id = near.id
    with outside.write("主讲") as session:
        for one in session.scalars(select(Attendance).order_by(Attendance.id)):
            if dice.random() < 0.3:
                one.part = "主讲"
    lessons = [
        w.lesson(
            dice.choice(people), dated(dice, none=0.3), activity=dice.choice([*activities, None, None]),
            form=dice.choice(forms), subject=dice.choice(["语文", "数学", ""]), title=f"课{n}",
            hours=dice.choice([1, 1, 2]), school=dice.choice([*schools, None, None]),
        )
        for n in range(16)
    ]  # fmt: skip
    seen = {}
    for _ in range(30):
        pair = dice.choice(people), dice.choice(lessons)
        if pair not in seen:
            seen[pair] = w.observe(*pair, on=dated(dice, none=0.4), hours=dice.choice([1, 2]))
    items = [item.no for group in scheme.table for item in group.items]
    for _ in range(40):
        target = dice.choice([
            {"activity": dice.choice(activities)}, {"lesson": dice.choice(lessons)},
            {"person": dice.choice(people)}, {"school": dice.choice(schools)},
            {"community": True}, {"item": dice.choice(items)}, {"group": dice.choice(groups)},
            {"pair": f"{people[0]}/{people[1]}"},
            {"activity": dice.choice(activities), "community": True},
            {"item": dice.choice(items), "person": dice.choice(people)},
        ])  # fmt: skip
        w.file(
            dice.choice(slots), **target, owner=dice.choice([*people, None, None]),
            on=dated(dice), counted_on=dated(dice, none=0.8), sealed=dice.random() < 0.5,
            level=dice.choice(levels),
        )  # fmt: skip
    return kinds, forms, slots, roles, unit_roles, items


def questions(dice, words, levels):  # noqa: C901 - a list of dice
    """Counted of every sort, with a few conditions each."""
    kinds, forms, slots, roles, unit_roles, items = words
    people = [None, "person", "teacher", "observer", *roles]
    of_activities = ["leader", "recorder", "speaker", "attendee", "absentee"]
    of_units = ["organizer", "host", "co-host", "unit", *unit_roles]
    for of in ("activity", "absence", "lesson", "observation", "evidence"):
        for kind in ("community", "unit", "group", "person", "pair"):
            for _ in range(5):
                where = {}
                if dice.random() < 0.4:
                    where["kind"] = tuple(dice.sample(kinds, 2))
                if dice.random() < 0.2:
                    where["form"] = tuple(dice.sample([one for one in forms if one], 2))
                if dice.random() < 0.2:
                    where["teaches"] = ("语文",)
                if dice.random() < 0.2:
                    where["level"] = tuple(dice.sample(levels, 2))
                elif dice.random() < 0.2:
                    where["level_at_least"] = dice.choice(levels)
                if dice.random() < 0.2 and of != "absence":
                    where["slot"] = tuple(dice.sample(slots, 3))
                if dice.random() < 0.2:
                    where["host"] = (dice.choice(unit_roles),)
                if dice.random() < 0.25:
                    where["across_units"] = dice.random() < 0.5
                if dice.random() < 0.15:
                    where["days"] = Range(at_least=Decimal(2))
                if of == "evidence" and dice.random() < 0.3:
                    where["sealed"] = dice.random() < 0.5
                if of == "evidence" and dice.random() < 0.2:
                    where["owner_role"] = (dice.choice(roles),)
                if of == "evidence" and dice.random() < 0.2:
                    where["item"] = tuple(dice.sample(items, 2))
                measures = ["number", "number", "people", "units"]
                measures += ["days", "lessons"] if of == "activity" else []
                measure = dice.choice(measures)
                parts = [*people]
                if of in ("activity", "absence", "lesson", "observation"):
                    parts += of_activities
                    if kind in ("unit", "community") and measure != "people":
                        parts += of_units
                wanted = dice.choice(parts)
                if kind == "person" and measure == "units" and wanted is None:
                    wanted = "person"
                if kind in ("pair", "group") and measure == "units" and wanted is None:
                    measure = "number"
                yield kind, Counted(of=of, where=Where(**where), counts_for=wanted, measure=measure)


@pytest.mark.parametrize("seed", range(2))
def test_every_count_is_what_a_clerk_counts_by_hand(world, seed):
    w = world(PRESET)
    dice = random.Random(seed)  # noqa: S311 - only dice
    words = fill(w, dice)
    with w.services.archive.uow.read() as session:
        kept = w.services.standing.kept(session, w.adoption)
        counting, oracle = kept.counting(session), Oracle(session, kept.setting)
        assert kept.setting.calendar.year.starts == YEAR.starts
        levels = list(w.scheme.scheme.levels)
        wrong, counted_some = [], 0
        for kind, counted in questions(dice, words, levels):
            for spans in (dice.choice([[YEAR], list(TERMS)]),):
                got = {k: v for k, v in counting.totals(counted, kind, spans).items() if v}
                want = oracle.totals(counted, kind, spans)
                known = {
                    "community": {one.id for one in kept.setting.roster.communities},
                    "unit": set(kept.setting.roster.schools),
                    "group": {one.id for one in kept.setting.roster.groups},
                    "person": set(kept.setting.roster.people),
                    "pair": {one.id for one in kept.setting.roster.pairs},
                }[kind]
                got = {k: v for k, v in got.items() if k[0] in known}
                want = {k: v for k, v in want.items() if k[0] in known}
                counted_some += bool(want)
                if got != want:
                    wrong.append((kind, counted.model_dump(exclude_defaults=True), got, want))
        assert not wrong, "\n".join(str(one) for one in (len(wrong), *wrong[:6]))
        assert counted_some > 25


# -- materials of activities ---------------------------------------------------------------------


def lacking(oracle, session, adoption, activity, slot):  # noqa: C901 - one branch for each way
    """How many pieces a slot lacks, reckoned from sums: each has so many, those of nobody help out."""
    record = Record(activity.id, activity, activity, day=activity.held_on)
    waivers = [
        one for one in session.scalars(select(Waiver))
        if one.adoption_id == adoption and one.slot == slot.key
        and one.activity_id in (None, activity.id)
        and not (one.school_id or one.community_id or one.pair_id or one.lesson_id)
    ]  # fmt: skip
    if any(one.person_id is None for one in waivers):
        return 0
    free = {one.person_id for one in waivers}
    links = [one for one in oracle.all[EvidenceLink] if one.slot == slot.key]
    receipts = [one for one in session.scalars(select(PaperReceipt)) if one.slot == slot.key]
    lessons = [one.id for one in activity.lessons]
    if slot.each == "activity":
        files = sum(one.activity_id == activity.id for one in links)
        papers = sum(
            one.copies for one in receipts
            if one.activity_id == activity.id or one.lesson_id in lessons
        )  # fmt: skip
        return short(slot, files, papers)
    if slot.each == "lesson":
        wanted = [
            (one.id, one.teacher_id) for one in activity.lessons if one.teacher_id not in free
        ]
    elif slot.each == "unit":
        parties = slot.from_ or ("unit",)
        names = [one for party in parties for one in oracle.schools(record, party)]
        wanted = [("", one) for one in dict.fromkeys(names)]
    else:
        parties = slot.from_ or ("attendee",)
        names = [one for party in parties for one in oracle.parties(record, party, "activity")]
        wanted = [("", one) for one in dict.fromkeys(names) if one and one not in free]

    def owner(row):
        known = row.owner_id
        return (oracle.home(known) if slot.each == "unit" else known) or None

    def left(pieces):
        """What is still lacking, with these (row, number) to fill it."""
        open_ = {}
        for lesson, whose in wanted:
            own = sum(number for row, number in pieces if lesson and row.lesson_id == lesson)
            open_[whose] = open_.get(whose, 0) + max(slot.count - own, 0)
        here = [(row, number) for row, number in pieces if row.activity_id == activity.id]
        total = 0
        for whose, number in open_.items():
            total += max(number - sum(n for row, n in here if owner(row) == whose), 0)
        return max(total - sum(n for row, n in here if owner(row) is None), 0)

    files, papers = [(one, 1) for one in links], [(one, one.copies) for one in receipts]
    match slot.medium:
        case "file":
            return left(files)
        case "both":
            return left(files) or left(papers)
        case _:
            return left(files + papers)


def short(slot, files, papers):
    match slot.medium:
        case "file":
            return max(slot.count - files, 0)
        case "both":
            return max(slot.count - files, 0) or max(slot.count - papers, 0)
        case _:
            return max(slot.count - files - papers, 0)


def scatter(w, dice):
    """Pieces, papers and waivers where the slots of the activities want them, too few and too many."""
    with w.services.archive.uow.read() as session:
        states = w.services.standing.kept(session, w.adoption).states
        rows = [
            (one.id, one.kind, [x.id for x in one.lessons], [x.person_id for x in one.attendances])
            for one in session.scalars(select(Activity))
            if one.id in states
        ]
    for id_, kind, lessons, people in rows:
        slots = [slot for one in w.scheme.activity if one.key == kind for slot in one.slots]
        for slot in dice.sample(slots, min(4, len(slots))):
            for _ in range(dice.randrange(4)):
                target = {"activity": id_}
                if slot.each == "lesson" and lessons and dice.random() < 0.5:
                    target = {"lesson": dice.choice(lessons)}
                owner = dice.choice([*people, None]) if "activity" in target else None
                if dice.random() < 0.4:
                    w.paper(slot.key, **target, owner=owner, on="2025-10-10")
                else:
                    w.file(slot.key, **target, owner=owner, on="2025-10-10")
            if slot.waivable and dice.random() < 0.3:
                who = dice.choice([*people, None]) if slot.each == "person" else None
                w.waive(slot.key, "免", activity=id_, person=who)


@pytest.mark.parametrize(
    "preset", ["smart-classroom", "urban-joint", "school-research-groups", "huawu-primary"]
)
def test_every_gap_is_what_a_clerk_finds_lacking(world, preset):
    w = world(preset)
    dice = random.Random(preset)  # noqa: S311 - only dice
    fill(w, dice)
    scatter(w, dice)
    with w.services.archive.uow.read() as session:
        kept = w.services.standing.kept(session, w.adoption, date(2026, 6, 1))
        oracle = Oracle(session, kept.setting)
        wrong, open_ = [], 0
        for state in kept.states.values():
            activity = oracle.by_id[state.id]
            kind = next((one for one in w.scheme.activity if one.key == state.kind), None)
            found = {gap.slot.key: gap.missing for gap in state.gaps}
            for slot in kind.slots if kind else ():
                if slot.optional or (slot.forms and activity.form not in slot.forms):
                    want = 0
                else:
                    want = lacking(oracle, session, w.adoption, activity, slot)
                open_ += bool(want)
                if found.get(slot.key, 0) != want:
                    wrong.append((slot.key, slot.each, slot.medium, slot.count, found, want))
        assert not wrong, "\n".join(map(str, wrong))
        assert open_ > 3
