"""Random draws of teachers that anybody can repeat: conditions, list, seed and result are recorded."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import Select, or_, select

from app.errors import NotFoundError, ValidationError
from app.models import (
    Appointment,
    Community,
    Draw,
    DrawPerson,
    Person,
    SchemeAdoption,
    School,
    SchoolYear,
)
from app.services.adoption import parsed
from app.services.journal import insert_many
from app.services.standing.periods import Span
from app.services.standing.reading import read_setting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from sqlalchemy.orm import Session

    from app.services.schemes.assessment import Draw as SchemeDraw
    from app.services.schemes.parts import Who
    from app.services.unit_of_work import UnitOfWork

HOW = (
    "候选人按姓名（同名按编号）排好，从 1 起编序号；对每个序号求“种子:序号”（UTF-8 文字，英文冒号）的"
    " SHA-256，按得数从小到大排，排在最前的就是抽中的人。"
)
"""The way of drawing in words: enough to do it again with any tool, e.g. ``sha256sum``."""

_OTHERS = {
    "unit_role": "单位角色", "community_type": "共同体类型", "community_grade": "等次", "group": "小组",
    "group_grade": "小组等次",
    "school_stage": "学段", "service_years": "教龄", "any": "任合一条", "without": "除外",
}  # fmt: skip
_LONGEST_SEED = 200


@dataclass(frozen=True, slots=True)
class DrawTerms:
    """What is asked for. An empty seed: one is made."""

    adoption_id: str
    on: date
    """The day of the draw; ages are those of this day."""
    count: int
    under_age: int | None = None
    roles: tuple[str, ...] = ()
    """Keys of the scheme's roles; none: any member."""
    group_id: str | None = None
    """A sub-group of the community."""
    again: bool = True
    """Whether somebody drawn earlier in the year may be drawn again."""
    seed: str = ""
    included: frozenset[str] = frozenset()
    """People of uncertain age who take part all the same, because the user says so."""
    rule: str = ""
    """Key of the scheme's draw, whose further conditions hold as well."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who may be drawn, or was."""

    id: str
    name: str
    school: str
    born_on: str
    number: int = 0
    """Place in the list, from 1; 0: not on it."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Who takes part, and who does not although the community has them."""

    candidates: tuple[Candidate, ...]
    uncertain: tuple[Candidate, ...]
    """Of whom a fact (mostly the birth) is not known exactly enough to say whether they take part."""
    drawn_before: tuple[Candidate, ...]
    conditions: str


@dataclass(frozen=True, slots=True)
class DrawView:
    """A recorded draw with its whole list."""

    id: str
    on: date
    seed: str
    conditions: str
    candidates: tuple[Candidate, ...]
    drawn: tuple[Candidate, ...]
    repeated: bool
    """Whether the same seed and list give the same people again."""


def under(born_on: str, limit: int, day: date) -> bool | None:
    """Whether somebody is younger than ``limit`` on a day; None: the birth is not known well enough."""
    if not born_on:
        return None
    year, month, number = ([int(part) for part in born_on.split("-")] + [0, 0])[:3]
    oldest, youngest = (
        day.year - year - ((day.month, day.day) < birthday)
        for birthday in ((month or 1, number or 1), (month or 12, number or 31))
    )
    if oldest < limit:
        return True
    return False if youngest >= limit else None


def order(seed: str, numbers: Iterable[int]) -> list[int]:
    """Numbers of a list in the order in which the seed draws them (see ``HOW``)."""
    return sorted(numbers, key=lambda n: hashlib.sha256(f"{seed}:{n}".encode()).digest())


class Draws:
    """Draws people and keeps the record of it."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def terms(self, adoption_id: str, on: date, count: int) -> DrawTerms:
        """What the adopted scheme asks of a draw (its first one); plain terms where it has none."""
        with self._uow.read() as session:
            rules = _scheme_draws(session, adoption_id)
        if not rules:
            return DrawTerms(adoption_id, on, count)
        rule = rules[0]
        return DrawTerms(
            adoption_id, on, count, _limit(rule.who), rule.who.role,
            again=rule.drawn_again, rule=rule.key,
        )  # fmt: skip

    def days_before(self, adoption_id: str) -> int | None:
        """How many days ahead of the activity the scheme wants the draw; None: it says nothing."""
        with self._uow.read() as session:
            rules = _scheme_draws(session, adoption_id)
        return rules[0].days_before if rules else None

    def groups(self, adoption_id: str) -> list[tuple[str, str]]:
        """Sub-groups of the community, from which can be drawn alone: id and name."""
        with self._uow.read() as session:
            community_id = _adoption(session, adoption_id).community_id
            found = select(Community.id, Community.name).where(Community.parent_id == community_id)
            return [(row.id, row.name) for row in session.execute(found.order_by(Community.name))]

    def pool(self, terms: DrawTerms) -> Pool:
        """Who would take part in a draw on these terms, in the order of the list."""
        _check(terms)
        with self._uow.read() as session:
            return _pool(session, terms)

    def draw(self, terms: DrawTerms) -> DrawView:
        """Draw, and record it as one step; raises ValidationError where there are too few."""
        _check(terms)
        seed = _seed(terms.seed) or f"{self._uow.context.random.randrange(10**12):012d}"
        with self._uow.write(f"随机抽取 {terms.count} 人") as session:
            pool = _pool(session, terms)
            if len(pool.candidates) < terms.count:
                raise ValidationError(
                    f"符合条件的只有 {len(pool.candidates)} 人，不够抽 {terms.count} 人。",
                    _too_few(pool),
                )
            places = {
                number: place
                for place, number in enumerate(
                    order(seed, range(1, len(pool.candidates) + 1))[: terms.count], 1
                )
            }
            made = Draw(
                community_id=terms.group_id or _adoption(session, terms.adoption_id).community_id,
                drawn_on=terms.on,
                seed=seed,
                conditions=pool.conditions,
                count=terms.count,
            )
            session.add(made)
            session.flush()
            insert_many(
                session,
                DrawPerson,
                [
                    {
                        "draw_id": made.id,
                        "person_id": one.id,
                        "ordinal": one.number,
                        "place": places.get(one.number),
                    }
                    for one in pool.candidates
                ],
            )
        return self.show(made.id)

    def show(self, draw_id: str) -> DrawView:
        """One recorded draw; raises NotFoundError."""
        with self._uow.read() as session:
            made = session.get(Draw, draw_id)
            if made is None:
                raise NotFoundError("找不到这次抽取。", "它可能已被撤销。")
            return _view(session, made)

    def all(self, adoption_id: str) -> list[DrawView]:
        """Draws of the community and its groups, the newest first."""
        with self._uow.read() as session:
            found = select(Draw).where(
                Draw.community_id.in_(_communities(_adoption(session, adoption_id).community_id))
            )
            newest = found.order_by(Draw.drawn_on.desc(), Draw.id.desc())
            return [_view(session, made) for made in session.scalars(newest)]


def _check(terms: DrawTerms) -> None:
    if terms.count < 1:
        raise ValidationError("抽取的人数至少是 1。")
    if terms.under_age is not None and not 1 <= terms.under_age <= 150:
        raise ValidationError(
            f"年龄“{terms.under_age}”不对。", "请写周岁，例如 35；不限年龄就留空。"
        )


def _seed(text: str) -> str:
    seed = unicodedata.normalize("NFC", text.strip())
    if len(seed) > _LONGEST_SEED or any(unicodedata.category(sign)[0] == "C" for sign in seed):
        raise ValidationError("种子不能用。", f"请写 {_LONGEST_SEED} 字以内的一行文字或数字。")
    return seed


def _too_few(pool: Pool) -> str:
    if pool.uncertain:
        return f"有 {len(pool.uncertain)} 人出生年月不全，补全后再抽，或者减少人数。"
    return "请减少人数或放宽条件。"


def _adoption(session: Session, adoption_id: str) -> SchemeAdoption:
    found = session.get(SchemeAdoption, adoption_id)
    if found is None:
        raise NotFoundError("找不到这个方案。", "它可能已被删除，请刷新后再试。")
    return found


def _scheme_draws(session: Session, adoption_id: str) -> tuple[SchemeDraw, ...]:
    return parsed(_adoption(session, adoption_id).source_text).draw


def _limit(who: Who) -> int | None:
    """The age that a scheme's draw stays under."""
    if who.age is None:
        return None
    if who.age.below is not None:
        return int(who.age.below)
    return None if who.age.at_most is None else int(who.age.at_most) + 1


def _communities(community_id: str) -> Select[str]:
    return select(Community.id).where(
        or_(Community.id == community_id, Community.parent_id == community_id)
    )


def _pool(session: Session, terms: DrawTerms) -> Pool:
    adoption = _adoption(session, terms.adoption_id)
    rule = next((one for one in parsed(adoption.source_text).draw if one.key == terms.rule), None)
    query = _members(terms, terms.group_id or adoption.community_id)
    fits = _further(session, terms, rule.who) if rule is not None else lambda _person: True
    before = frozenset[str]() if terms.again else _drawn_this_year(session, adoption)
    candidates: list[Candidate] = []
    uncertain: list[Candidate] = []
    drawn: list[Candidate] = []
    for row in session.execute(query):
        one = Candidate(row.id, row.name, row.school or "", row.born_on)
        young = terms.under_age is None or under(one.born_on, terms.under_age, terms.on)
        other = fits(one.id)
        if young is False or other is False:
            continue
        if one.id in before:
            drawn.append(one)
        elif (young and other) or one.id in terms.included:
            candidates.append(replace(one, number=len(candidates) + 1))
        else:
            uncertain.append(one)
    pool = Pool(tuple(candidates), tuple(uncertain), tuple(drawn), "")
    return replace(pool, conditions=_words(session, terms, rule, pool))


def _members(terms: DrawTerms, community_id: str) -> Select[str, str, str, str]:
    """Members on the day, in the order of the list: by name, namesakes by id."""
    appointed = select(Appointment.person_id).where(
        Appointment.community_id == community_id,
        or_(Appointment.starts_on.is_(None), Appointment.starts_on <= terms.on),
        or_(Appointment.ends_on.is_(None), Appointment.ends_on >= terms.on),
    )
    if terms.roles:
        appointed = appointed.where(Appointment.role.in_(terms.roles))
    return (
        select(Person.id, Person.name, School.name.label("school"), Person.born_on)
        .outerjoin(School, School.id == Person.school_id)
        .where(Person.id.in_(appointed))
        .order_by(Person.name, Person.id)
    )


def _further(session: Session, terms: DrawTerms, who: Who) -> Callable[[str], bool | None]:
    """Whether somebody fits what the scheme's draw asks besides age and role; None: a fact is missing."""
    asked = who.model_copy(update={"subject": "person", "age": None, "role": ()})
    if not asked.model_fields_set - {"subject", "age", "role", "measured_on"}:
        return lambda _person: True
    roster = read_setting(session, terms.adoption_id, terms.on).roster
    fitting = roster.fitting(asked, Span("", terms.on, terms.on))
    fits = {one.id for one in fitting.subjects}
    unsure = {one.id for one, _fact in fitting.uncertain}
    return lambda person: True if person in fits else (None if person in unsure else False)


def _drawn_this_year(session: Session, adoption: SchemeAdoption) -> frozenset[str]:
    year = session.get_one(SchoolYear, adoption.school_year_id)
    found = (
        select(DrawPerson.person_id)
        .join(Draw, Draw.id == DrawPerson.draw_id)
        .where(
            DrawPerson.place.is_not(None),
            Draw.community_id.in_(_communities(adoption.community_id)),
            Draw.drawn_on.between(year.starts_on, year.ends_on),
        )
    )
    return frozenset(session.scalars(found))


def _words(session: Session, terms: DrawTerms, rule: SchemeDraw | None, pool: Pool) -> str:
    """The conditions as the record keeps them."""
    adoption = _adoption(session, terms.adoption_id)
    community = session.get_one(Community, terms.group_id or adoption.community_id)
    words = [f"{community.name} {terms.on.isoformat()} 在任的成员"]
    if terms.roles:
        names = {role.key: role.name for role in parsed(adoption.source_text).community.roles}
        words.append("角色：" + "、".join(names.get(key, key) for key in terms.roles))
    if terms.under_age is not None:
        words.append(f"当天不满 {terms.under_age} 周岁")
    if rule is not None:
        further = [*rule.who.title, *rule.who.office, *rule.who.teaches, *rule.who.honour]
        words += [f"限：{'、'.join(further)}"] if further else []
        others = [_OTHERS[name] for name in _OTHERS if getattr(rule.who, name)]
        words += [f"并按方案的{'、'.join(others)}"] if others else []
    if not terms.again:
        words.append("本年度抽中过的不再抽")
    taken_in = [one.name for one in pool.candidates if one.id in terms.included]
    if taken_in:
        words.append(f"出生年月不全但列入：{'、'.join(taken_in)}")
    if pool.uncertain:
        words.append(f"出生年月不全未列入 {len(pool.uncertain)} 人")
    return "；".join(words)


def _view(session: Session, made: Draw) -> DrawView:
    rows = session.execute(
        select(
            Person.id, Person.name, School.name.label("school"), Person.born_on,
            DrawPerson.ordinal, DrawPerson.place,
        )
        .join(DrawPerson, DrawPerson.person_id == Person.id)
        .outerjoin(School, School.id == Person.school_id)
        .where(DrawPerson.draw_id == made.id)
        .order_by(DrawPerson.ordinal)
    ).all()  # fmt: skip
    listed = [(row.place, Candidate(*row[:2], row.school or "", *row[3:5])) for row in rows]
    drawn = sorted((place, one.number, one) for place, one in listed if place is not None)
    again = order(made.seed, (one.number for _place, one in listed))[: len(drawn)]
    return DrawView(
        made.id, made.drawn_on, made.seed, made.conditions,
        tuple(one for _place, one in listed),
        tuple(one for *_places, one in drawn),
        repeated=again == [number for _place, number, _one in drawn],
    )  # fmt: skip
