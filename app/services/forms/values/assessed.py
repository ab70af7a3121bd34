"""Whose assessment table is filled: the self-assessment as forms and templates see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import NotFoundError
from app.services.forms.form import Field, Sheet, Subject, Target
from app.services.forms.values.facts import long_date
from app.services.standing.figures import shown
from app.services.standing.report import MISSING, self_report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.forms.form import Values
    from app.services.forms.reading import Reading
    from app.services.standing.report import ReportItem, SelfReport

FIELDS = (
    Field("考核对象"), Field("共同体"), Field("时段"), Field("方案"), Field("成文日期"),
    Field("合计", "得分和满分，一句话"), Field("得分"), Field("满分"), Field("失分"),
    Field("考核表", "各考核项", (
        Field("编号"), Field("考核项目"), Field("满分"), Field("得分"), Field("得分怎样来的"),
        Field("佐证材料", "一行一份"), Field("类别", "所属的一级指标"),
    )),
    Field("缺的事实", "各条", (Field("事实"),)),
    Field("可补的分", "各条", (Field("怎样补"), Field("能补回"))),
    Field("已忽略的问题", "各条", (Field("问题"), Field("理由"), Field("日期"))),
)  # fmt: skip


def _targets(reading: Reading) -> list[Target]:
    return [
        Target(f"{one.kind}:{one.id}", one.name)
        for one in reading.sources.standing.subjects(reading.adoption.id)
    ]


def _read(reading: Reading, ids: Sequence[str]) -> list[Sheet]:
    sources, adoption = reading.sources, reading.adoption
    known = {f"{one.kind}:{one.id}": one for one in sources.standing.subjects(adoption.id)}
    if any(one not in known for one in ids):
        raise NotFoundError("找不到所选的考核对象。", "它可能已被删除，请刷新列表后再选。")
    reports = [
        self_report(
            sources.adoptions, sources.standing, sources.entering, adoption, known[one],
            made_on=reading.now.date(),
        )
        for one in ids
    ]  # fmt: skip
    return [Sheet(_values(one), one) for one in reports]


def _values(report: SelfReport) -> Values:
    return {
        "考核对象": report.subject, "共同体": report.community, "时段": report.period,
        "方案": report.scheme, "成文日期": long_date(report.made_on), "合计": report.total,
        "得分": shown(report.points), "失分": shown(report.lost),
        "满分": "不限" if report.highest is None else shown(report.highest),
        "考核表": [_item(item, group.name) for group in report.groups for item in group.items],
        "缺的事实": [{"事实": one} for one in report.lacking],
        "可补的分": [
            {"怎样补": one.words, "能补回": f"约{shown(one.gain)}分"} for one in report.advice
        ],
        "已忽略的问题": [
            {"问题": one.words, "理由": one.reason, "日期": str(one.on)} for one in report.ignored
        ],
    }  # fmt: skip


def _item(item: ReportItem, group: str) -> Values:
    points = item.points
    return {
        "编号": points.no, "考核项目": points.name, "类别": group,
        "满分": "不限" if points.highest is None else shown(points.highest),
        "得分": MISSING if points.points is None else shown(points.points),
        "得分怎样来的": item.how, "佐证材料": "\n".join(item.proof),
    }  # fmt: skip


SUBJECT = Subject(
    "assessed", "考核对象", FIELDS, _targets, _read,
    "这个方案现在没有要考核的对象。请先登记单位、人员或小组。",
)  # fmt: skip
