"""The reports of a year or a term: 工作总结, 工作报告, 工作计划."""

from __future__ import annotations

from functools import partial

from app.services.forms.form import Form, Option, Part, each
from app.services.forms.reports.official import OPTIONS
from app.services.forms.reports.written import report, unwritten

GROUP = "总结与报告"
_PLAN, _SUMMARY = "plan", "summary"
_TO = Option("to", "主送单位", "text", words="例如 县教育局教研室；不写就没有")

_AIMS = Part("aims", "工作目标与思路", "这一时段想做成什么，从哪里着手")
_DEEDS = Part("deeds", "主要做法与成效", "怎样做的，取得什么成效；“（一）……”单独一行是小标题")
_PROBLEMS = Part("problems", "存在问题", "哪些没有做好，为什么")
_NEXT = Part("next", "下一步打算", "针对问题怎样改进")


def _after(part: Part, form: str) -> Part:
    return Part(part.key, part.name, part.words, form)


def _form(
    key: str, name: str, words: str, parts: tuple[Part, ...], options: tuple[Option, ...] = OPTIONS
) -> Form:
    build = each(partial(report, key.replace("-", "_")))
    return Form(
        key, name, GROUP, "period", build, options=options, parts=parts, words=words, first=True,
        check=partial(unwritten, parts),
    )  # fmt: skip


FORMS = (
    _form(
        _SUMMARY, "工作总结",
        "数字、表格、大事记取自档案，做法、问题、打算在窗口里写；公文格式 GB/T 9704-2012",
        (_after(_AIMS, _PLAN), _DEEDS, _PROBLEMS, _NEXT),
    ),
    _form(
        "work-report", "工作报告",
        "报给上级的公文，活动、任务、成果作附件；公文格式 GB/T 9704-2012",
        (
            _after(_DEEDS, _SUMMARY), _after(_PROBLEMS, _SUMMARY), _after(_NEXT, _SUMMARY),
            Part("support", "需要支持的事项", "请上级解决什么"),
        ),
        (*OPTIONS, _TO),
    ),
    _form(
        _PLAN, "工作计划", "工作安排取自“活动—计划”，其余在窗口里写；公文格式 GB/T 9704-2012",
        (
            Part("guidance", "指导思想"), _AIMS, Part("measures", "重点工作与措施"),
            Part("support", "保障措施"),
        ),
    ),
)  # fmt: skip
