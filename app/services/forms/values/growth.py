"""个人成长档案: the personal file of a teacher as forms and templates see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.forms.form import Field, Sheet, Subject
from app.services.forms.values import person
from app.services.forms.values.facts import long_date
from app.services.people.personal import TITLES
from app.services.people.personal_output import figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.forms.form import Value, Values
    from app.services.forms.reading import Reading
    from app.services.people.personal import PersonalFile


def _list(name: str, *columns: str) -> Field:
    return Field(name, "各条", tuple(Field(one) for one in ("序号", *columns)))


_FACTS = (
    "单位", "性别", "年龄段", "职称", "职务", "任教学科", "任教年级", "学历", "参加工作", "教龄", "荣誉",
)  # fmt: skip
FIELDS = (
    Field("姓名"), *(Field(name) for name in _FACTS), Field("时段"), Field("共同体"), Field("填表日期"),
    Field("基本情况", "各项", (Field("项目"), Field("内容"))),
    Field("统计", "各学期的数字", tuple(Field(title) for _name, title in TITLES)),
    _list("任职", "共同体", "角色", "从", "到"),
    _list("荣誉称号", "称号", "级别", "时间", "授予单位"),
    _list("授课", "日期", "课题", "学科", "班级", "形式", "课时", "承担", "所属活动", "听课人数"),
    _list("被听课", "日期", "听课人", "学科", "课题", "班级", "得分", "等级"),
    _list("听课", "日期", "执教", "学科", "课题", "班级", "得分", "等级"),
    _list("活动", "日期", "活动", "类型", "地点", "角色", "出席"),
    _list("分工", "日期", "活动", "安排", "事项"),
    _list("师徒结对", "身份", "对方", "学科", "从", "到", "备注"),
    _list("派驻与跟岗", "方式", "从哪里", "到哪里", "开始", "结束", "天数", "授课（节）"),
    _list("随机抽取", "日期", "共同体", "范围", "结果"),
    _list("材料", "日期", "题名", "属于"),
)  # fmt: skip


def _read(reading: Reading, ids: Sequence[str]) -> list[Sheet]:
    year = None if reading.options.get("years") == "all" else reading.adoption.year
    people = reading.sources.people
    return [
        Sheet(_values(reading, file), file) for file in (people.personal(id_, year) for id_ in ids)
    ]


def _values(reading: Reading, file: PersonalFile) -> Values:
    found: dict[str, Value] = dict.fromkeys(_FACTS, "")
    found |= dict(file.facts)
    found |= {
        "姓名": file.name, "时段": file.period, "共同体": reading.adoption.community_name,
        "填表日期": long_date(reading.now.date()),
        "基本情况": [{"项目": name, "内容": value} for name, value in file.facts],
        "统计": [
            dict(zip((title for _name, title in TITLES), figures(one), strict=True))
            for one in file.totals
        ],
    }  # fmt: skip
    for section in file.sections:
        found[section.title] = [
            {"序号": str(number), **dict(zip(section.columns, line.cells, strict=True))}
            for number, line in enumerate(section.lines, 1)
        ]
    return found


SUBJECT = Subject("growth", "教师", FIELDS, person.SUBJECT.targets, _read)
