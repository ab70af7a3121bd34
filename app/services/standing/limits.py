"""Whether there are as many units, people in roles and pairs, and such agreements, as a scheme says."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from app.services.standing.records import Finding
from app.services.standing.roster import in_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from app.services.schemes.parts import Range
    from app.services.schemes.schema import Pairing, Scheme
    from app.services.standing.periods import Span
    from app.services.standing.reading import AgreementFacts
    from app.services.standing.roster import CommunityFacts, Roster

_DAYS_A_YEAR = Decimal("365.25")

_Times = tuple[str, "date | None", "date | None"]
"""Who or what, from when, until when."""


def limits(
    scheme: Scheme, roster: Roster, agreements: Sequence[AgreementFacts] = ()
) -> list[Finding]:
    """Everything that is too many, too few, too short or too long.

    Too many is counted at any one time, for offices change hands; too few over the whole year.
    """
    return [
        *_units(scheme, roster),
        *_roles(scheme, roster),
        *_pairs(scheme, roster),
        *_agreements(scheme, roster, agreements),
    ]


def _units(scheme: Scheme, roster: Roster) -> Iterator[Finding]:
    for community in roster.communities:
        times = {
            school.id: [one for one in school.held if one.community_id == community.id]
            for school in roster.schools.values()
        }
        for role in scheme.community.units:
            held = [
                (id_, one.starts_on, one.ends_on)
                for id_, some in times.items()
                for one in some
                if one.role == role.key
            ]
            key = f"limit:units:{community.id}:{role.key}"
            span = roster.calendar.year
            yield from _count(
                key, role.name, "个", held, span, place=community, least=role.min, most=role.max
            )
        every = [(id_, one.starts_on, one.ends_on) for id_, some in times.items() for one in some]
        yield from _count(
            f"limit:units:{community.id}", "成员单位", "个", every, roster.calendar.year,
            place=community, most=scheme.community.units_max,
        )  # fmt: skip


def _roles(scheme: Scheme, roster: Roster) -> Iterator[Finding]:
    """At least so many in a community with its groups; at most so many in each of these."""
    held: dict[tuple[str, str], list[_Times]] = defaultdict(list)
    for person in roster.people.values():
        for one in person.held:
            held[one.community_id, one.role].append((person.id, one.starts_on, one.ends_on))
    span = roster.calendar.year
    above = roster.community
    for community in roster.communities:
        groups = [one for one in roster.groups if one.parent_id == community.id]
        for role in scheme.community.roles:
            places = [community, *groups, *([above] if above.id != community.id else [])]
            every = [one for place in places for one in held[place.id, role.key]]
            key = f"limit:role:{community.id}:{role.key}"
            yield from _count(key, role.name, "人", every, span, place=community, least=role.min)
    for place in {one.id: one for one in (above, *roster.communities, *roster.groups)}.values():
        for role in scheme.community.roles:
            key = f"limit:role:{place.id}:{role.key}"
            times = held[place.id, role.key]
            yield from _count(key, role.name, "人", times, span, place=place, most=role.max)


def _count(
    key: str,
    name: str,
    unit: str,
    times: Sequence[_Times],
    span: Span,
    *,
    place: CommunityFacts,
    least: int = 0,
    most: int | None = None,
) -> Iterator[Finding]:
    there = len({who for who, starts, ends in times if _within(starts, ends, span)})
    at_once = most_at_once(times, span)
    if there < least:
        yield _finding(key, f"{name}应不少于 {least} {unit}，现有 {there} {unit}", place)
    elif most is not None and at_once > most:
        yield _finding(key, f"{name}应不超过 {most} {unit}，现有 {at_once} {unit}", place)


def _finding(key: str, what: str, place: CommunityFacts) -> Finding:
    return Finding(
        key=key, kind="limit", severity="warning", what=what, where=place.name,
        record=f"community:{place.id}",
    )  # fmt: skip


def _within(starts: date | None, ends: date | None, span: Span) -> bool:
    return (starts is None or starts <= span.ends) and (ends is None or ends >= span.starts)


def most_at_once(times: Iterable[_Times], span: Span) -> int:
    """The largest number there on any day of the span; it is reached where one of them begins."""
    there = [one for one in times if _within(one[1], one[2], span)]
    days = {max(starts or span.starts, span.starts) for _who, starts, _ends in there}
    return max(
        (
            len({
                who for who, starts, ends in there
                if (starts is None or starts <= day) and (ends is None or day <= ends)
            })
            for day in days
        ),
        default=0,
    )  # fmt: skip


def _pairs(scheme: Scheme, roster: Roster) -> Iterator[Finding]:
    for pairing in scheme.community.pairs:
        seconds = _holders(roster, pairing.second)
        for person_id in sorted(_holders(roster, pairing.first)):
            own = [
                (one.mentee_id, one.starts_on, one.ends_on)
                for one in roster.pairs
                if one.mentor_id == person_id and one.mentee_id in seconds
            ]
            if words := _off(pairing, own, roster.calendar.year):
                person = roster.people[person_id]
                school = roster.schools.get(person.school_id or "")
                yield Finding(
                    key=f"limit:pair:{pairing.key}:{person_id}",
                    kind="limit",
                    severity="warning",
                    what=f"{person.name}{words}",
                    where=pairing.name,
                    record=f"person:{person_id}",
                    person_id=person_id,
                    school_id=person.school_id or "",
                    who=f"{person.name}（{school.name}）" if school else person.name,
                )


def _holders(roster: Roster, role: str) -> set[str]:
    year = roster.calendar.year
    return {
        person.id
        for person in roster.people.values()
        if any(one.role == role and one.within(year) for one in person.held)
    }


def _off(pairing: Pairing, own: Sequence[_Times], span: Span) -> str:
    """In words how the number of pairs is off; empty: it is not."""
    wanted = pairing.per_first
    in_year = len({who for who, starts, ends in own if _within(starts, ends, span)})
    at_once = most_at_once(own, span)
    for there, only in (
        (in_year, wanted.model_copy(update={"at_most": None, "below": None})),
        (at_once, wanted.model_copy(update={"at_least": None, "above": None})),
    ):
        if not in_range(only, there):
            return f"结对应{range_words(wanted)}人，现有 {there} 人"
    return ""


def range_words(wanted: Range) -> str:
    """A range as it is said: 不少于 3、不超过 5."""
    if wanted.at_least is not None and wanted.at_least == wanted.at_most:
        return f"为 {wanted.at_least:f} "
    words = (
        ("不少于", wanted.at_least), ("多于", wanted.above),
        ("不超过", wanted.at_most), ("少于", wanted.below),
    )  # fmt: skip
    return "、".join(f"{word} {bound:f} " for word, bound in words if bound is not None)


def _agreements(
    scheme: Scheme, roster: Roster, agreements: Sequence[AgreementFacts]
) -> Iterator[Finding]:
    """Agreements of the communities; those of groups are not meant."""
    wanted = scheme.community.agreement_years
    if wanted is None:
        return
    places = {one.id: one for one in (roster.community, *roster.communities)}
    for one in agreements:
        if one.community_id not in places:
            continue
        place = places[one.community_id]
        if one.starts_on is None or one.ends_on is None:
            yield Finding(
                key=f"limit:agreement:{one.id}", kind="unsure", severity="notice",
                what=f"“{one.title}”没有写起止日期，看不出年限", where=place.name,
                record=f"agreement:{one.id}",
            )  # fmt: skip
            continue
        days = Decimal((one.ends_on - one.starts_on).days + 1)
        years = (days / _DAYS_A_YEAR).quantize(Decimal("0.01"))
        if not in_range(wanted, years):
            yield Finding(
                key=f"limit:agreement:{one.id}", kind="limit", severity="warning",
                what=f"“{one.title}”的年限应{range_words(wanted)}年，现为 {years.normalize():f} 年",
                where=place.name, record=f"agreement:{one.id}",
            )  # fmt: skip
