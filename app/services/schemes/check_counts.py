"""Checks of what a rule counts: measures, parts and conditions that its records do not have.

What cannot be answered is refused here; passed over in silence it would make a wrong number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from app.services.schemes.messages import SchemeError
from app.services.schemes.parts import Counted
from app.services.standing.roster import kind_of

if TYPE_CHECKING:
    from app.services.schemes.parts import Part, SubjectKind
    from app.services.schemes.schema import Scheme

Errors = Iterator[SchemeError]

_OF: Mapping[str, str] = {
    "activity": "活动", "lesson": "课", "observation": "听课记录", "evidence": "材料",
    "appointment": "任职", "absence": "缺席", "dispatch": "派驻", "pair": "师徒结对",
    "agreement": "协议",
}  # fmt: skip
_IN_ACTIVITIES = {
    "kind", "form", "stage", "slot", "host", "level", "level_at_least", "teaches", "school_stage",
    "across_units", "days",
}  # fmt: skip
_WHERE: Mapping[str, set[str]] = {
    "activity": _IN_ACTIVITIES,
    "absence": _IN_ACTIVITIES,
    "lesson": _IN_ACTIVITIES,
    "observation": _IN_ACTIVITIES,
    "evidence": _IN_ACTIVITIES | {"item", "owner_role", "sealed"},
    "appointment": {"role", "days"},
    "dispatch": {"form", "role", "days"},
    "pair": set(),
    "agreement": set(),
}
_MEASURES: Mapping[str, set[str]] = {
    "activity": {"number", "days", "lessons", "people", "units"},
    "lesson": {"number", "lessons", "people", "units"},
    "observation": {"number", "lessons", "people", "units"},
    "evidence": {"number", "people", "units"},
    "absence": {"number", "people", "units"},
    "appointment": {"number", "days", "people", "units"},
    "dispatch": {"number", "days", "lessons", "people", "units"},
    "pair": {"number", "people", "units"},
    "agreement": {"number"},
}
_OF_UNITS = {"organizer", "host", "co-host", "unit"}
_NOT_IN_ACTIVITY = {"appointment", "dispatch", "pair", "agreement"}


def check_counts(scheme: Scheme, nodes: Iterable[tuple[str, Part]]) -> Errors:
    """Everything counted in a scheme, and quotas whose subjects can have no part in it."""
    units = _OF_UNITS | {one.key for one in scheme.community.units}
    for place, node in nodes:
        if isinstance(node, Counted):
            yield from _counted(place, node, units)
    for index, quota in enumerate(scheme.quota):
        yield from _whose(f"quota[{index}]", quota, kind_of(quota.who), units)
    for index, recognition in enumerate(scheme.recognition):
        for n, way in enumerate(recognition.ways):
            place = f"recognition[{index}].ways[{n}]"
            yield from _whose(place, way, kind_of(recognition.who), units)


def _counted(place: str, counted: Counted, units: set[str]) -> Errors:
    name, where = _OF[counted.of], counted.where
    given = {one for one in where.model_fields_set if getattr(where, one) not in (None, ())}
    for field in sorted(given - _WHERE[counted.of]):
        fitting = "、".join(sorted(_WHERE[counted.of])) or "无"
        text = f"{name}没有“{field}”可选，这个条件不起作用；可用的有：{fitting}。请删去或改正"
        yield SchemeError(f"{place}.where.{field}", text)
    if counted.measure not in _MEASURES[counted.of]:
        fitting = "、".join(sorted(_MEASURES[counted.of]))
        text = f"{name}数不出“{counted.measure}”；可用的有：{fitting}"
        yield SchemeError(f"{place}.measure", text)
    if counted.measure == "people" and counted.counts_for in units:
        text = 'counts_for 写的是单位，数不出人数；请改写人的角色，或用 measure = "units"'
        yield SchemeError(f"{place}.measure", text)
    if counted.complete and counted.of in _NOT_IN_ACTIVITY:
        yield SchemeError(f"{place}.complete", f"{name}没有应有材料，不能要求材料齐全；请删去")


def _whose(place: str, counted: Counted, kind: SubjectKind, units: set[str]) -> Errors:
    """A rule for people must count what people have a part in; otherwise nobody ever gets any."""
    if kind in ("activity", "lesson"):
        text = f"不能给一次活动、一节课定{_OF[counted.of]}的数量；请改写 subject"
        yield SchemeError(f"{place}.who.subject", text)
        return
    if counted.of == "agreement" and kind != "community":
        text = '协议是共同体的，不算在单位或个人头上；请写 who = { subject = "community" }'
        yield SchemeError(f"{place}.of", text)
    if kind in ("person", "pair") and counted.counts_for in units:
        text = (
            f'指标是对个人的，counts_for = "{counted.counts_for}" 却是单位，谁也算不到；'
            "请改写人的角色，如 attendee、teacher"
        )
        yield SchemeError(f"{place}.counts_for", text)
    if kind in ("person", "pair") and counted.counts_for is None and counted.measure == "units":
        text = "没有写 counts_for，不知道个人以什么身份参加才算；请补上，如 attendee、leader"
        yield SchemeError(f"{place}.counts_for", text)
