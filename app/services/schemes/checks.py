"""What the sections of a scheme demand of each other: each error with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from app.services.schemes import duties, parts
from app.services.schemes.check_counts import check_counts
from app.services.schemes.check_scores import check_scores
from app.services.schemes.days import resolve, year_start
from app.services.schemes.messages import SchemeError, unknown
from app.services.schemes.schema import Community, Cover, Role, Scheme, UnitRole

if TYPE_CHECKING:
    from datetime import date

    from app.services.schemes.assessment import Group
    from app.services.schemes.parts import Part

Errors = Iterator[SchemeError]

COVER_FIELDS: Mapping[str, str] = {
    "community.name": "共同体（工作坊）名称",
    "unit.name": "单位名称",
    "person.name": "个人姓名",
    "lead.name": "牵头单位名称",
    "joint.names": "联合单位名称",
    "scheme.name": "方案名称",
    "period": "材料时段",
    "year": "学年或年度",
    "term": "学期",
    "school_stage": "学段",
    "subject": "学科",
    "box.number": "盒号",
}
"""Fields that cover lines and name plates may hold in braces."""

NOUNS: Mapping[str, tuple[str, str]] = {
    "role": ("角色", "community.roles"),
    "unit": ("单位角色", "community.units"),
    "type": ("共同体类型", "community.types"),
    "group": ("组别", "community.groups"),
    "school-stage": ("学段", "community.stages"),
    "kind": ("活动类型", "activity"),
    "form": ("活动形式", "activity.forms"),
    "stage": ("活动环节", "activity.stages"),
    "slot": ("材料项", "slot 或 activity.slots"),
    "party": ("参与人", "community.roles"),
    "level": ("级别", "scheme.levels"),
    "quota": ("任务指标", "quota"),
    "rubric": ("评价量表", "rubric"),
    "input": ("录入成绩", "input"),
    "score": ("得分", "score"),
    "grade-name": ("等次", "grade"),
    "table-group": ("考核表组号", "table"),
    "item": ("考核项编号", "table.items"),
    "year-ask": ("采用时询问的年份", "ask"),
}


def cross_check(scheme: Scheme) -> list[SchemeError]:
    """All errors between the sections of a well-formed scheme, in the order of the file."""
    nodes = list(walk(scheme, ""))
    errors = [*_references(scheme, nodes), *_same_keys(nodes), *_slots(scheme)]
    errors += [error for place, node in nodes for error in _node(place, node)]
    errors += [*_year(scheme), *_table(scheme), *_papers(scheme), *_quotas(scheme)]
    errors += check_counts(scheme, nodes)
    errors += check_scores(scheme, nodes)
    return errors


def walk(node: Part, place: str) -> Iterator[tuple[str, Part]]:
    """Every piece of a scheme with its place in the file."""
    yield place, node
    for name, field in type(node).model_fields.items():
        value = getattr(node, name)
        inner = f"{place}.{field.alias or name}".removeprefix(".")
        if isinstance(value, parts.Part):
            yield from walk(value, inner)
        elif isinstance(value, tuple):
            for index, one in enumerate(value):
                if isinstance(one, parts.Part):
                    yield from walk(one, f"{inner}[{index}]")


def _known(scheme: Scheme) -> Mapping[str, set[str]]:
    community = scheme.community
    roles = {role.key for role in community.roles}
    units = {unit.key for unit in community.units}
    slots = {slot.key for kind in scheme.activity for slot in kind.slots}
    return {
        "role": roles,
        "unit": units,
        "type": {kind.key for kind in community.types},
        "group": {kind.key for kind in community.groups},
        "school-stage": set(community.stages),
        "kind": {kind.key for kind in scheme.activity},
        "form": {form for kind in scheme.activity for form in kind.forms}
        | set(community.dispatches),
        "stage": {stage.name for kind in scheme.activity for stage in kind.stages},
        "slot": slots | {slot.key for slot in scheme.slot},
        "party": {*parts.PARTIES, *roles, *units},
        "level": set(scheme.scheme.levels),
        "quota": {quota.key for quota in scheme.quota},
        "rubric": {rubric.key for rubric in scheme.rubric},
        "input": {one.key for one in scheme.input},
        "score": {score.key for score in scheme.score},
        "grade-name": {name for grade in scheme.grade for name in grade.names},
        "table-group": {group.no for group in scheme.table} | {"*"},
        "item": {item.no for group in scheme.table for item in group.items},
        "year-ask": {"start", "end", *(ask.key for ask in scheme.ask if ask.kind == "year")},
    }


def _references(scheme: Scheme, nodes: Iterable[tuple[str, Part]]) -> Errors:
    known = _known(scheme)
    for place, node in nodes:
        for name, field in type(node).model_fields.items():
            for ref in field.metadata:
                if not isinstance(ref, parts.Ref):
                    continue
                value = getattr(node, name)
                words = (value,) if isinstance(value, str) else value or ()
                for word in words:
                    if word not in known[ref.kind]:
                        noun, defined_in = NOUNS[ref.kind]
                        text = unknown(word, noun, known[ref.kind], defined_in)
                        yield SchemeError(f"{place}.{field.alias or name}", text)


def _same_keys(nodes: Iterable[tuple[str, Part]]) -> Errors:
    seen: dict[tuple[str, str], str] = {}
    for place, node in nodes:
        key = getattr(node, "key", None)
        if key is None:
            continue
        where = f"{place}.key"
        first = seen.setdefault((re.sub(r"\[\d+\]$", "", place), key), where)
        if first != where:
            yield SchemeError(where, f"与 {first} 重复“{key}”，请改成不同的代号")


def _slots(scheme: Scheme) -> Errors:
    """A key names one kind of material everywhere, so that it can be counted over activities."""
    names: dict[str, tuple[str, str]] = {}
    placed = [(f"slot[{n}]", slot.key, slot.name) for n, slot in enumerate(scheme.slot)]
    for a, kind in enumerate(scheme.activity):
        placed += [(f"activity[{a}].slots[{n}]", s.key, s.name) for n, s in enumerate(kind.slots)]
    for place, key, name in placed:
        first, known = names.setdefault(key, (place, name))
        if known != name:
            text = f"代号“{key}”在 {first} 中叫“{known}”，这里叫“{name}”；请统一名称或换代号"
            yield SchemeError(f"{place}.name", text)


def _node(place: str, node: Part) -> Errors:
    match node:
        case parts.Range():
            yield from _range(place, node)
        case Community():
            yield from _community(place, node)
        case duties.Accepts():
            span = node.from_ is not None and node.to is not None
            partly = node.from_ is not None or node.to is not None
            if (node.calendar_year is not None) == span or partly != span:
                yield SchemeError(place, "请写 from 和 to 两项，或只写 calendar_year 一项")
        case _:
            pass


def _range(place: str, node: parts.Range) -> Errors:
    low = [value for value in (node.at_least, node.above) if value is not None]
    high = [value for value in (node.at_most, node.below) if value is not None]
    if len(low) > 1 or len(high) > 1:
        yield SchemeError(place, "at_least 与 above、at_most 与 below 各只能写一个")
    elif low and high:
        closed = node.at_least is not None and node.at_most is not None
        if low[0] > high[0] or (low[0] == high[0] and not closed):
            yield SchemeError(place, f"下限 {low[0]} 与上限 {high[0]} 之间没有数，请改正")


def _community(place: str, community: Community) -> Errors:
    for name, holders in (("roles", community.roles), ("units", community.units)):
        for index, holder in enumerate[Role | UnitRole](holders):
            here = f"{place}.{name}[{index}]"
            if holder.max is not None and holder.max < holder.min:
                yield SchemeError(f"{here}.max", f"最多 {holder.max} 少于最少 {holder.min}，请改正")
            if holder.key in parts.PARTIES:
                text = f"“{holder.key}”是内定的参与人（{parts.PARTIES[holder.key]}），请换一个代号"
                yield SchemeError(f"{here}.key", text)
    roles = {role.key for role in community.roles}
    for index, unit in enumerate(community.units):
        if unit.key in roles:
            text = f"“{unit.key}”已是人员角色的代号，请换一个代号"
            yield SchemeError(f"{place}.units[{index}].key", text)
    least = sum(unit.min for unit in community.units)
    if community.units_max is not None and least > community.units_max:
        text = f"各单位角色最少共 {least} 个，多于 units_max = {community.units_max}"
        yield SchemeError(f"{place}.units_max", text)


def _milestones(place: str, milestones: Sequence[duties.Milestone], start: date) -> Errors:
    for index, (before, one) in enumerate(pairwise(milestones), 1):
        here = f"{place}.milestones[{index}]"
        if one.percent <= before.percent:
            text = f"{one.percent}% 不高于前一个节点的 {before.percent}%，进度节点应逐个升高"
            yield SchemeError(f"{here}.percent", text)
        if resolve(one.by, start) <= resolve(before.by, start):
            text = f"{one.by} 不晚于前一个节点的 {before.by}，请按先后写"
            yield SchemeError(f"{here}.by", text)


def _year(scheme: Scheme) -> Errors:
    year = scheme.scheme.year
    start = year_start(year.starts, 2025)
    said = f"年度从 {year.starts} 起"
    for index, window in enumerate(scheme.window):
        accepts = window.accepts
        if not accepts.from_ or not accepts.to:
            continue
        if resolve(accepts.to, start) < resolve(accepts.from_, start):
            text = f"材料时段在开始（{accepts.from_}）之前就结束（{accepts.to}）；{said}"
            yield SchemeError(f"window[{index}].accepts.to", text)
    for index, phase in enumerate(scheme.phase):
        if resolve(phase.to, start) < resolve(phase.from_, start):
            text = f"阶段在开始（{phase.from_}）之前就结束（{phase.to}）；{said}"
            yield SchemeError(f"phase[{index}].to", text)
    starts = [resolve(term.starts, start) for term in year.terms]
    for index, (earlier, later) in enumerate(pairwise(starts), 1):
        if later <= earlier:
            text = f"学期不在前一学期之后开始；{said}，请按先后写"
            yield SchemeError(f"scheme.year.terms[{index}].starts", text)
    for index, quota in enumerate(scheme.quota):
        yield from _milestones(f"quota[{index}]", quota.milestones, start)
    for index, progress in enumerate(scheme.progress):
        yield from _milestones(f"progress[{index}]", progress.milestones, start)


def _table(scheme: Scheme) -> Errors:
    numbers: list[tuple[str, str]] = []
    folders: list[tuple[str, str]] = []
    for g, group in enumerate(scheme.table):
        numbers.append((f"table[{g}].no", group.no))
        for i, item in enumerate(group.items):
            here = f"table[{g}].items[{i}]"
            numbers.append((f"{here}.no", item.no))
            folders += [(f"{here}.folders", word) for word in item.folders]
        yield from _points(f"table[{g}].points", group)
    yield from _repeated(numbers, "请改成不同的编号")
    yield from _repeated(folders, "文件夹归哪一项不明，请去掉一处")
    for r, rubric in enumerate(scheme.rubric):
        total = sum((one.points for one in rubric.criteria), Decimal())
        if total != rubric.full:
            text = f"满分 {rubric.full}，各条合计 {total}，请改成相等"
            yield SchemeError(f"rubric[{r}].full", text)


def _repeated(placed: Iterable[tuple[str, str]], remedy: str) -> Errors:
    seen: dict[str, str] = {}
    for place, word in placed:
        if word in seen:
            yield SchemeError(place, f"与 {seen[word]} 重复“{word}”，{remedy}")
        seen.setdefault(word, place)


def _points(place: str, group: Group) -> Errors:
    points = [item.points for item in group.items if item.points is not None]
    all_known = bool(points) and len(points) == len(group.items)
    if group.points is not None and all_known and sum(points) != group.points:
        text = f"本组 {group.points} 分，各项合计 {sum(points)} 分，请改成相等"
        yield SchemeError(place, text)


def _quotas(scheme: Scheme) -> Errors:
    for index, quota in enumerate(scheme.quota):
        place = f"quota[{index}]"
        if quota.min is None and quota.above is None and quota.max is None and quota.share is None:
            yield SchemeError(place, "没有写多少：请写 min、above、max 或 share 之一")
        if quota.min is not None and quota.above is not None:
            yield SchemeError(place, "min（不少于）与 above（多于）只能写一个")
        if quota.min is not None and quota.max is not None and quota.max < quota.min:
            yield SchemeError(f"{place}.max", f"最多 {quota.max} 少于最少 {quota.min}，请改正")
        if quota.key in quota.replaces:
            yield SchemeError(f"{place}.replaces", "任务指标不能代替自己，请删去")
        for other in scheme.quota[:index]:
            if quota.key in other.replaces and other.key in quota.replaces:
                text = f"与“{other.key}”互相代替，两条都不再起作用；请去掉一处"
                yield SchemeError(f"{place}.replaces", text)
        if quota.above is not None and quota.max is not None and quota.max <= quota.above:
            text = f"最多 {quota.max} 不多于 above = {quota.above}，请改正"
            yield SchemeError(f"{place}.max", text)


def _papers(scheme: Scheme) -> Errors:
    texts = [("community.plate", scheme.community.plate)]
    for c, cover in enumerate(scheme.cover):
        texts += _cover_texts(c, cover)
    for place, text in texts:
        rest = text
        for field in re.findall(r"\{([^{}]*)\}", text):
            rest = rest.replace("{" + field + "}", "")
            if field not in COVER_FIELDS:
                yield SchemeError(place, unknown(field, "封面栏目", COVER_FIELDS))
        if "{" in rest or "}" in rest:
            yield SchemeError(place, "大括号没有配对，请写成 {community.name} 这样")
    columns = scheme.directory.columns
    for index, column in enumerate(columns):
        if column in columns[:index]:
            place = f"directory.columns[{index}]"
            yield SchemeError(place, f"目录栏“{column}”写了两次，请删去一处")


def _cover_texts(index: int, cover: Cover) -> list[tuple[str, str]]:
    return [(f"cover[{index}].lines[{n}].text", line.text) for n, line in enumerate(cover.lines)]
