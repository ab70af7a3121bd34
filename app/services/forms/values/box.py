"""Archive boxes as forms and templates see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import ConflictError, NotFoundError
from app.services.forms.archive.words import folios, long_date, remark
from app.services.forms.form import Field, Sheet, Subject, Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.box_view import BoxRow, BoxView
    from app.services.forms.form import Values
    from app.services.forms.reading import Reading

_ROWS = (
    Field("序号"), Field("材料名称", aliases=("题名", "文件题名")), Field("责任者"),
    Field("日期"), Field("文号"), Field("档号"), Field("密级"), Field("页次", aliases=("页号",)),
    Field("页数"), Field("考核项"), Field("备注"),
)  # fmt: skip
FIELDS = (
    Field("全宗号"), Field("全宗名称"), Field("题名", "封面上的各行，合成一行"), Field("年度"),
    Field("时间", "学年，如 2025—2026学年"), Field("保管期限"), Field("机构（问题）"), Field("盒号"),
    Field("盒数"), Field("件数"), Field("页数"), Field("起件号"), Field("止件号"),
    Field("盒内文件情况说明"), Field("整理人"), Field("整理日期"), Field("检查人"), Field("检查日期"),
    Field("材料", "目录的各行", _ROWS),
)  # fmt: skip


def _targets(reading: Reading) -> list[Target]:
    boxes = reading.sources.boxes.boxes(reading.adoption.id)
    return [
        Target(str(box.number), f"第 {box.number} 盒", f"{box.pieces} 件，{box.pages} 页")
        for box in boxes
    ]


def _read(reading: Reading, ids: Sequence[str]) -> list[Sheet]:
    boxes = reading.sources.boxes.boxes(reading.adoption.id)
    if not boxes:
        raise ConflictError("还没有排盒。", "请先在“归档”页点“排盒”（或用命令 box plan）。")
    by_number = {str(box.number): box for box in boxes}
    for unknown in sorted(set(ids) - by_number.keys()):
        raise NotFoundError(f"没有第 {unknown} 盒。", f"现在共有 {len(boxes)} 盒。")
    return [Sheet(_values(by_number[one], len(boxes)), by_number[one]) for one in ids]


def _values(box: BoxView, of: int) -> Values:
    serials = [row.seq for row in box.rows if not row.refers_to]
    return {
        "全宗号": box.fonds_code, "全宗名称": box.fonds_name, "题名": "　".join(box.title_lines),
        "年度": str(box.year), "时间": box.period, "保管期限": box.retention,
        "机构（问题）": box.section, "盒号": str(box.number), "盒数": str(of),
        "件数": str(box.pieces), "页数": str(box.pages),
        "起件号": str(serials[0]) if serials else "", "止件号": str(serials[-1]) if serials else "",
        "盒内文件情况说明": box.condition, "整理人": box.arranged_by,
        "整理日期": long_date(box.arranged_on), "检查人": box.checked_by,
        "检查日期": long_date(box.checked_on), "材料": [_row(row) for row in box.rows],
    }  # fmt: skip


def _row(row: BoxRow) -> Values:
    return {
        "序号": str(row.seq), "材料名称": row.title, "责任者": row.author,
        "日期": long_date(row.date), "文号": row.doc_no, "档号": row.archival_code,
        "密级": row.secrecy, "页次": folios(row), "页数": str(row.pages or ""),
        "考核项": f"{row.assessment_no} {row.assessment_name}", "备注": remark(row),
    }  # fmt: skip


SUBJECT = Subject("box", "档案盒", FIELDS, _targets, _read)
