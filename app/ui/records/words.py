"""What a register says while it is empty, by the kind of its records."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.services.entry.service import SheetView

EMPTY = {
    "person": ("users", "还没有成员。可以直接新增，也可以导入学校交来的花名册。"),
    "school": ("building-2", "还没有单位。先登记牵头和成员单位，之后填人员和活动时就能选到。"),
    "community": ("users", "还没有共同体和小组。"),
    "agreement": ("file-text", "还没有协议。登记合作协议、师徒协议的日期，正文可以整篇贴进来。"),
    "mentor_pair": ("user-plus", "还没有师徒结对。登记师傅、徒弟和起止日期。"),
    "dispatch": ("log-out", "还没有派驻、支教或跟岗的记录。登记教师、去往的学校和天数。"),
    "activity": ("calendar-days", "还没有活动。新增一次活动，再填日程、签到和课。"),
    "lesson": ("presentation", "还没有课。登记执教教师、课题和班级，听课记录就能选到它。"),
    "plan": ("list-checks", "还没有计划。新增一份计划，它的条目可以直接变成活动。"),
    "observation": ("ear", "还没有听课记录。"),
}


def empty_words(sheet: SheetView) -> tuple[str, str]:
    """Icon and sentence for a list without any record."""
    return EMPTY.get(sheet.kind, ("list", f"还没有{sheet.name}。"))


def counted(sheet: SheetView, count: int) -> str:
    """A number of records in words: 3 次活动, 18 个人员."""
    counter = "个" if sheet.name.startswith(sheet.counter) else sheet.counter
    return f"{count} {counter}{sheet.name}"
