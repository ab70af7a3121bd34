"""Records in a ruled frame: lesson observations, activities, collective preparation, mentor pairs."""

from __future__ import annotations

from functools import partial

from app.services.forms.form import Form, Option
from app.services.forms.school.ruled import ruled_form

GROUP = "学校表单"
BLANK = Option(
    "blank", "填写", "choice",
    (("", "填好的"), ("head", "只印表头，其余手写"), ("all", "全空白，一张")),
    words="空白表留给手写",
)  # fmt: skip

FORMS = (
    Form(
        "observation", "听课记录表", GROUP, "observation",
        partial(ruled_form, "observation"),
        options=(
            Option("layout", "式样", choices=(
                ("c", "教学过程与评析两栏"), ("a", "听课意见（校内）"), ("a-out", "听课意见（校外）"),
                ("b", "五维评分"),
            ), default="c"),
            BLANK,
        ),
        words="听课本、教研平台、五维评分三种式样",
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
