"""The steps of an activity (备课→磨课→展课→送课→总结): where it is, and what keeps it from going on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import func, select

from app.errors import ConflictError, ValidationError
from app.models import Activity, EvidenceLink, Waiver
from app.services.activities.records import StageLine, StagesView
from app.services.activities.slots import for_everybody, kind_of, slots_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.services.entry.fields import Scope
    from app.services.schemes.duties import ActivityKind


def stages_of(session: Session, activity: Activity, scope: Scope) -> StagesView:
    """The steps of the activity's kind with the present one marked."""
    kind = kind_of(scope.scheme, activity)
    if kind is None or not kind.stages:
        return StagesView((), activity.stage, "")
    names = [stage.name for stage in kind.stages]
    place = names.index(activity.stage) if activity.stage in names else -1
    lines = []
    for number, stage in enumerate(kind.stages):
        gate = _material(scope, kind, stage.gate) if stage.gate else ""
        lacking = _lacking(session, activity, scope, stage.gate) if stage.gate else ""
        state: Literal["done", "now", "ahead"] = "now" if number == place else "ahead"
        lines.append(StageLine(stage.name, "done" if number < place else state, gate, lacking))
    following = names[place + 1] if place + 1 < len(names) else ""
    return StagesView(tuple(lines), activity.stage, following)


def go_to(session: Session, activity: Activity, scope: Scope, stage: str) -> None:
    """Bring the activity to a step; on the way forward each step left behind must have its material."""
    view = stages_of(session, activity, scope)
    names = [line.name for line in view.lines]
    if stage not in names:
        offered = f"可以填：{'、'.join(names)}。" if names else "这一类活动没有分阶段。"
        raise ValidationError(f"没有“{stage}”这个阶段。", offered)
    held = _holding_back(view, stage)
    if held is not None:
        raise ConflictError(
            f"还缺“{held.lacking}”，不能离开“{held.name}”阶段。",
            f"请先在“材料”里放入{held.lacking}；方案允许不交的，可以在那里标为“不适用”。",
        )
    activity.stage = stage


def _holding_back(view: StagesView, stage: str) -> StageLine | None:
    """The first step on the way to another whose material is lacking."""
    names = [line.name for line in view.lines]
    now = names.index(view.current) if view.current in names else 0
    return next((line for line in view.lines[now : names.index(stage)] if line.lacking), None)


def may_come_to(
    session: Session, values: Mapping[str, Any], changed: Mapping[str, Any], scope: Scope
) -> Mapping[str, str]:
    """Rule of the sheet of activities: a step typed into its field is no way round the material."""
    stage = changed.get("stage")
    if not stage or not values.get("id"):
        return {}
    view = stages_of(session, session.get_one(Activity, values["id"]), scope)
    if stage not in [line.name for line in view.lines]:
        return {}
    held = _holding_back(view, stage)
    return {} if held is None else {"stage": f"还缺“{held.lacking}”，不能离开“{held.name}”阶段。"}


def _lacking(session: Session, activity: Activity, scope: Scope, gate: str) -> str:
    """Name of the gate's material if it is not there and not waived."""
    for slot in slots_of(session, activity, scope):
        if slot.key == gate:
            there = slot.state in ("there", "waived") or bool(
                slot.pieces and slot.have >= slot.need
            )
            return "" if there else slot.name
    kind = kind_of(scope.scheme, activity)
    if kind is not None and any(slot.key == gate for slot in kind.slots):
        return ""  # not demanded in this form
    linked = select(func.count()).where(
        EvidenceLink.activity_id == activity.id, EvidenceLink.slot == gate
    )
    waived = select(func.count()).where(
        Waiver.activity_id == activity.id, Waiver.slot == gate, *for_everybody()
    )
    there = bool(session.scalar(linked)) or bool(session.scalar(waived))
    return "" if there or kind is None else _material(scope, kind, gate)


def _material(scope: Scope, kind: ActivityKind, key: str) -> str:
    """Name of a material: of this kind of activity, else anywhere in the scheme."""
    others = [slot for one in scope.scheme.activity for slot in one.slots]
    slots = (*kind.slots, *scope.scheme.slot, *others)
    return next((slot.name for slot in slots if slot.key == key), key)
