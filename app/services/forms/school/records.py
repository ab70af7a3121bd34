"""Records in a ruled frame: lesson observations, activities, collective preparation, mentor pairs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.services.forms.by_hand import BLANK, HEAD_ONLY, by_hand, for_pen
from app.services.forms.form import Form, Option, lines, text
from app.services.forms.school.ruled import ruled_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.forms.reading import Reading

GROUP = "学校表单"

LAYOUT = Option("layout", "式样", choices=(
    ("c", "教学过程与评析两栏"), ("a", "听课意见（校内）"), ("a-out", "听课意见（校外）"),
    ("b", "五维评分"),
), default="c")  # fmt: skip


def without_rubric(reading: Reading, ids: Sequence[str]) -> Sequence[str]:
    """Names the records that no rubric was used for: their rows are empty."""
    from app.services.forms.values.observation import SUBJECT

    if for_pen(reading.options):
        return []
    return [
        f"{text(one.values, '听课人')}听《{text(one.values, '课题')}》：没有用量表打分，印出的是空行。"
        for one in SUBJECT.read(reading, ids)
        if not lines(one.values, "评分")
    ]


FORMS = (
    Form(
        "observation", "听课记录表", GROUP, "observation",
        partial(ruled_form, "observation"),
        options=(LAYOUT, BLANK),
        words="听课本、教研平台、五维评分三种式样",
    ),
    Form(
        "observation-blank", "听课记录表（课前发给听课人）", GROUP, "lesson",
        partial(ruled_form, "observation"), options=(LAYOUT,),
        words="课的各项印好，教学过程和评语手写",
    ),
    Form(
        "rubric-sheet", "评课评分表", GROUP, "observation",
        partial(ruled_form, "rubric_sheet"),
        options=(by_hand(HEAD_ONLY),),
        words="量表的各项、要点、分值，总分和等级", check=without_rubric,
    ),
    Form(
        "rubric-blank", "评课评分表（空白）", GROUP, "rubric",
        partial(ruled_form, "rubric_sheet"), words="每份评价量表一张",
    ),
    Form(
        "activity-record", "教研活动记录表", GROUP, "activity",
        partial(ruled_form, "activity_record"),
        options=(
            Option("layout", "式样", choices=(
                ("a", "活动记录（照片、扫描件、签字）"), ("b", "活动登记（各项俱全）"), ("c", "讲座记录"),
            ), default="a"),
            BLANK,
        ),
        words="照片、签到表和听课笔记的扫描件取自活动的材料",
    ),
    Form(
        "preparation-record", "集体备课记录表", GROUP, "activity",
        partial(ruled_form, "preparation_record"), options=(BLANK,),
        words="六个部分，主备人取自签到的分工或议程",
    ),
    Form(
        "agenda", "活动议程", GROUP, "activity",
        partial(ruled_form, "agenda"), (".pdf", ".docx", ".xlsx"), options=(BLANK,),
    ),
    Form(
        "duty-list", "分工表、值日表", GROUP, "activity",
        partial(ruled_form, "duty_list"), (".pdf", ".docx", ".xlsx"),
        options=(
            Option("layout", "式样", choices=(("a", "分工表"), ("b", "值日表")), default="a"),
            BLANK,
        ),
    ),
    Form(
        "timetable", "一张表（课表、听课安排）", GROUP, "timetable",
        partial(ruled_form, "timetable"), (".pdf", ".docx", ".xlsx"),
        options=(
            Option("layout", "式样", choices=(
                ("list", "听课安排"), ("grid", "课表（节次 × 星期）"),
            ), default="list"),
        ),
        words="谁在何时何地上什么课；一学期或一周",
    ),
    Form(
        "attendance-summary", "考勤汇总表", GROUP, "attendance",
        partial(ruled_form, "attendance_summary"), (".pdf", ".docx", ".xlsx"),
        words="一学年或一学期，一人一行", first=True,
    ),
    Form(
        "mentor-record", "师徒结对活动记录表", GROUP, "pair",
        partial(ruled_form, "mentor_record"),
        options=(
            Option("layout", "式样", choices=(
                ("record", "活动登记（一学年）"), ("sheet", "单次活动（手写）"),
            ), default="record"),
            BLANK,
        ),
        words="列出师徒两人本学年互相听课和共同参加的活动",
    ),
)  # fmt: skip
