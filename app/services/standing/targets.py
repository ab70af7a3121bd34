"""What a material is handed in for, said as ``activity:<id>``: found, and the slot it has there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import NotFoundError, ValidationError
from app.models import (
    Activity,
    Agreement,
    Community,
    Lesson,
    MentorPair,
    Observation,
    Person,
    Record,
    School,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.services.schemes.duties import SlotBase
    from app.services.schemes.schema import Scheme

OWING: Mapping[str, tuple[type[Record], str]] = {
    "activity": (Activity, "活动"),
    "lesson": (Lesson, "课"),
    "person": (Person, "人员"),
    "school": (School, "单位"),
    "community": (Community, "共同体或小组"),
    "pair": (MentorPair, "师徒结对"),
}
"""What owes materials: the table and what it is called."""

PROVEN: Mapping[str, tuple[type[Record], str]] = {
    **OWING,
    "observation": (Observation, "听课记录"),
    "agreement": (Agreement, "协议"),
}
"""What evidence can be put to."""


def columns_of(
    session: Session, target: str, kinds: Mapping[str, tuple[type[Record], str]] = OWING
) -> dict[str, str | None]:
    """The columns that point to a target, one of them filled; raises NotFoundError, ValidationError."""
    kind, _, id_ = target.partition(":")
    if kind not in kinds or not id_:
        raise ValidationError("没有说明这份材料属于谁。", "请从缺项列表或活动页面里放入材料。")
    require(session, kind, id_)
    return {f"{one}_id": id_ if one == kind else None for one in kinds}


def require(session: Session, kind: str, id_: str) -> Record:
    """The record of that kind; raises NotFoundError."""
    model, name = PROVEN[kind]
    row = session.get(model, id_)
    if row is None:
        raise NotFoundError(f"找不到这个{name}。", "它可能已被删除，请刷新后再试。")
    return row


def target_of(row: object) -> str:
    """The target that a row's columns point to; empty: none of them."""
    for kind in PROVEN:
        id_ = getattr(row, f"{kind}_id", None)
        if id_ is not None:
            return f"{kind}:{id_}"
    return ""


def slot_of(session: Session, scheme: Scheme, target: str, key: str) -> SlotBase | None:
    """The slot of that key which the scheme has for a target; None: it has none."""
    kind, _, id_ = target.partition(":")
    activity: Activity | None = None
    if kind == "activity":
        activity = session.get(Activity, id_)
    elif kind == "lesson":
        lesson = session.get(Lesson, id_)
        activity = lesson.activity if lesson else None
    slots: list[SlotBase] = [
        slot for one in scheme.activity if activity and one.key == activity.kind
        for slot in one.slots
    ]  # fmt: skip
    if kind not in ("activity", "lesson"):
        slots += scheme.slot
    elif activity is None:
        slots += [slot for one in scheme.activity for slot in one.slots if slot.each == "lesson"]
    return next((slot for slot in slots if slot.key == key), None)
