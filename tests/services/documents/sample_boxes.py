"""Boxes for the tests: an everyday one, and helpers to make others."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from app.services.box_view import BoxRow, BoxView
from app.services.documents.tree import Document
from app.services.forms import catalogue
from app.services.forms.values.box import sheet

CREATED = datetime(2026, 6, 30, 9, 30, tzinfo=timezone(timedelta(hours=8)))

WORKSHOP = ("蒲城县李晓红小学语文名师工作坊", "蒲城县城关镇第三小学", "2025年9月—2026年6月")
STATION_LABELS = ("工作坊名称", "名师姓名", "单位名称", "时间")
STATION = ("蒲城县李晓红小学语文名师工作坊", "王建国", "蒲城县兴镇中心小学", "2025年9月—2026年6月")

_MATERIALS = [
    ("1.1", "年度计划", "名师工作坊2025—2026学年度工作计划", "李晓红", date(2025, 9, 8), 6),
    ("1.1", "年度计划", "工作坊成员个人三年发展规划（12人）", "工作坊全体成员", date(2025, 9, 20), 24),
    ("1.2", "示范课", "《慈母情深》示范课教学设计与反思", "王建国", date(2025, 10, 16), 5),
    ("1.2", "示范课", "示范课《慈母情深》活动签到表", "李晓红", date(2025, 10, 16), 1),
    ("1.2", "示范课", "送教下乡“统编教材单元整体教学”活动记录（孙镇中学、龙池镇中心小学）",
     "李晓红、王建国", date(2025, 11, 6), 8),
    ("1.3", "听评课", "听课记录（2025年秋季学期）", "李娟", date(2026, 1, 9), 32),
    ("1.3", "听评课", "Unit 4 “My home” 观课量表 STEM-2025/11", "赵敏", date(2025, 11, 27), 3),
    ("2.1", "课题研究", "市级课题《农村小学整本书阅读的实践研究》立项通知书复印件",
     "渭南市教育局", date(2025, 12, 3), 2),
    ("2.2", "获奖证书", "帮扶对象张欣获县级教学能手证书复印件", "蒲城县教育局", date(2026, 5, 18), 1),
]  # fmt: skip


def everyday(**changes: object) -> BoxView:
    """A workshop's box with nine pieces, and a tenth row that only refers to one of them."""
    rows, folio = [], 1
    for seq, (no, name, title, author, day, pages) in enumerate(_MATERIALS, start=1):
        rows.append(row(seq, title, author=author, date=day, pages=pages, folio_start=folio,
                        folio_end=folio + pages - 1, assessment_no=no, assessment_name=name))  # fmt: skip
        folio += pages
    rows.append(
        replace(
            rows[4], seq=10, assessment_no="3.1", assessment_name="辐射带动", refers_to="见1.2第5号"
        )
    )
    box = BoxView(
        id="b1", number=1, title_lines=WORKSHOP, period=WORKSHOP[2], year=2025, fonds_code="0194",
        fonds_name="蒲城县教育局教学研究室", retention="30年", section="教研", thickness_mm=17.5,
        spine_mm=30, rows=tuple(rows), arranged_by="刘芳", arranged_on=date(2026, 6, 28),
        checked_by="", checked_on=None, heading="名师工作坊档案", owner=WORKSHOP[0],
        title_labels=("工作坊名称", "单位名称", "时间"),
        archive_id="0197a1c2-0000-7000-8000-5c1f00c0ffee",
    )  # fmt: skip
    return replace(box, **changes)  # type: ignore[arg-type]


def form(key: str, *boxes: BoxView, of: int = 1, **options: str) -> Document:
    """A form of these boxes; options not named are as the window offers them."""
    wanted = catalogue.form(key)
    chosen = {one.key: one.default for one in wanted.options} | {
        name.replace("_", "-"): value for name, value in options.items()
    }
    return wanted.build([sheet(box, of) for box in boxes], chosen)


def row(seq: int, title: str, **changes: object) -> BoxRow:
    """One piece with usual values."""
    usual = {
        "evidence_id": f"e{seq}", "author": "李晓红", "date": date(2026, 3, 5), "pages": 2,
        "folio_start": 2 * seq - 1, "folio_end": 2 * seq, "assessment_no": "1.1",
        "assessment_name": "年度计划", "retention": "30年",
    }  # fmt: skip
    return BoxRow(seq=seq, title=title, **(usual | changes))  # type: ignore[arg-type]


def many(count: int) -> BoxView:
    """A box with ``count`` rows under ten assessment items, titles of different lengths."""
    titles = [
        "示范课《草船借箭》教学设计", "教研活动签到表", "青年教师赛课评分表及专家点评意见汇总",
        "“双减”背景下农村小学作业设计的实践与思考——以蒲城县兴镇中心小学五年级语文为例", "听课记录",
    ]  # fmt: skip
    rows = tuple(
        row(i, f"{titles[i % 5]}（{i}）", assessment_no=f"{1 + i * 10 // (count + 1)}.1",
            assessment_name="示范课", archival_code=f"0194-WS·2025-D30-JY-{i:04}",
            remark="复印件" if i % 7 == 0 else "")
        for i in range(1, count + 1)
    )  # fmt: skip
    return everyday(rows=rows)
