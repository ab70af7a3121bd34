"""Archive boxes (or bound volumes) as forms and templates see them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from app.errors import ConflictError, NotFoundError
from app.services.documents.tree import Picture
from app.services.forms.form import Field, Sheet, Subject, Target

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from app.services.box_view import BoxRow, BoxView
    from app.services.forms.form import Value, Values
    from app.services.forms.reading import Reading

COVER_LINES = 4
"""Lines of the cover that templates can name; the built-in cover prints as many as there are."""
_QR_MM = 25
_PLAN_FIRST = "请先在“归档”页点“排盒”。"

_ROWS = (
    Field("序号"), Field("件号", "档号里的件号；没有编档号时同序号"),
    Field("材料名称", aliases=("题名", "文件题名", "文件材料题名")),
    Field("责任者"), Field("日期", "如 2026.06.30"), Field("日期（8位）", "如 20260630"),
    Field("日期（年月日）", "如 2026年6月30日"), Field("文号"), Field("档号"), Field("密级"),
    Field("页次", "起止页，如 3-5", aliases=("页号",)), Field("页数"), Field("考核项", "编号和名称"),
    Field("考核项号"), Field("保管期限"), Field("参见", "材料放在别处的，写明放在哪里"), Field("备注"),
)  # fmt: skip
FIELDS = (
    Field("全宗号"), Field("全宗名称", aliases=("立档单位", "单位名称")), Field("全宗", "全宗号和名称"),
    Field("大标题", "如 名师工作坊档案"), Field("题名", "封面上的各行（时间除外），合成一行"),
    *(Field(f"封面{what}{n}", f"封面第 {n} 行") for n in range(1, COVER_LINES + 1)
      for what in ("栏名", "内容")),
    Field("年度"), Field("时间", "学年，如 2025—2026学年"),
    Field("起止日期", "最早和最晚一份材料的日期"), Field("保管期限"),
    Field("机构（问题）", aliases=("类目名称", "机构", "问题")),
    Field("盒号", aliases=("卷号", "案卷号")), Field("盒数"), Field("单位", "“盒”，成册的是“卷”"),
    Field("件数"), Field("页数"), Field("起件号"), Field("止件号"), Field("起止件号"),
    Field("盒脊宽度", "毫米", aliases=("卷脊宽度",)), Field("厚度", "盒内纸张的厚度，毫米"),
    Field("共同体"), Field("案卷题名"), Field("案卷内容"), Field("目录号"),
    Field("案卷档号", "全宗号-目录号-案卷号"),
    Field("盒内文件情况说明", aliases=("本卷情况说明",)), Field("整理人", aliases=("立卷人",)),
    Field("整理日期", aliases=("立卷时间",)), Field("检查人"), Field("检查日期"),
    Field("目录码", "目录有变动就不同的 16 位代码"), Field("二维码内容"),
    Field("二维码", "盒号和目录码", picture=True), Field("材料", "目录的各行", _ROWS),
)  # fmt: skip


def _targets(reading: Reading) -> list[Target]:
    boxes = reading.sources.boxes.boxes(reading.adoption.id)
    return [Target(str(box.number), box.label, f"{box.pieces} 件，{box.pages} 页") for box in boxes]


def _read(reading: Reading, ids: Sequence[str]) -> list[Sheet]:
    boxes = reading.sources.boxes.boxes(reading.adoption.id)
    if not boxes:
        raise ConflictError("还没有排盒。", _PLAN_FIRST)
    by_number = {str(box.number): box for box in boxes}
    for unknown in sorted(set(ids) - by_number.keys()):
        unit = boxes[0].unit
        raise NotFoundError(f"没有第 {unknown} {unit}。", f"现在共有 {len(boxes)} {unit}。")
    return [sheet(by_number[one], len(boxes)) for one in ids]


def sheet(box: BoxView, of: int = 1) -> Sheet:
    """What forms print of box ``box.number`` of ``of``."""
    return Sheet(values(box, of), box)


def values(box: BoxView, of: int = 1) -> Values:
    """Everything that is said of a box, by the names of its fields."""
    first, last = _ends(box)
    span = f"{first}—{last}" if first != last else first
    numbers = [part for part in (box.fonds_code, box.catalogue_no) if part]
    content = _content(box)
    days = sorted(row.date for row in box.rows if row.date)
    cover: dict[str, Value] = {}
    for number, line in enumerate(box.title_lines, start=1):
        label = box.title_labels[number - 1] if number <= len(box.title_labels) else ""
        cover[f"封面栏名{number}"] = f"{label}：" if label else ""
        cover[f"封面内容{number}"] = line
    return {
        "全宗号": box.fonds_code, "全宗名称": box.fonds_name,
        "全宗": "　".join(part for part in (box.fonds_code, box.fonds_name) if part),
        "大标题": box.heading, "题名": "　".join(one for one in box.title_lines if one != box.period),
        **cover,
        "年度": str(box.year), "时间": box.period,
        "起止日期": _span(days[0], days[-1]) if days else "",
        "保管期限": box.retention, "机构（问题）": box.section, "盒号": str(box.number),
        "盒数": str(of), "单位": box.unit, "件数": str(box.pieces), "页数": str(box.pages),
        "起件号": first, "止件号": last, "起止件号": span,
        "盒脊宽度": f"{box.spine_mm:g}", "厚度": f"{box.thickness_mm:g}",
        "共同体": box.owner, "案卷题名": f"{box.owner}{box.period}{content}", "案卷内容": content,
        "目录号": box.catalogue_no, "案卷档号": "-".join([*numbers, str(box.number)]) if numbers else "",
        "盒内文件情况说明": box.condition or _usual(box), "整理人": box.arranged_by,
        "整理日期": long_date(box.arranged_on), "检查人": box.checked_by,
        "检查日期": long_date(box.checked_on), "目录码": box.fingerprint,
        "二维码内容": box.qr_text, "二维码": _qr(box.qr_text),
        "材料": [_row(row) for row in box.rows],
    }  # fmt: skip


def _row(row: BoxRow) -> Values:
    day = row.date.isoformat() if row.date else ""
    return {
        "序号": str(row.seq), "件号": str(row.piece_no or ""), "材料名称": row.title,
        "责任者": row.author,
        "日期": day.replace("-", "."), "日期（8位）": day.replace("-", ""),
        "日期（年月日）": long_date(row.date), "文号": row.doc_no, "档号": row.archival_code,
        "密级": row.secrecy, "页次": folios(row),
        "页数": "" if row.refers_to else str(row.pages or ""),
        "考核项": "　".join(part for part in (row.assessment_no, row.assessment_name) if part),
        "考核项号": row.assessment_no, "保管期限": row.retention, "参见": row.refers_to,
        "备注": remark(row),
    }  # fmt: skip


def remark(row: BoxRow) -> str:
    """Remark of a directory row, with the place it refers to in front."""
    refers = row.refers_to
    if refers and not refers.startswith("见"):
        refers = f"见{refers}"
    return "；".join(part for part in (refers, row.remark) if part)


def folios(row: BoxRow) -> str:
    """First and last folio, e.g. ``3-5``; empty where they have not been numbered."""
    if row.folio_start <= 0:
        return ""
    if row.folio_end <= row.folio_start:
        return str(row.folio_start)
    return f"{row.folio_start}-{row.folio_end}"


def long_date(day: date | None) -> str:
    """``2026年6月30日``, or nothing to be filled in by hand."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _span(first: date, last: date) -> str:
    return long_date(first) if first == last else f"{long_date(first)}—{long_date(last)}"


def _ends(box: BoxView) -> tuple[str, str]:
    """First and last 件号 of what lies in the box."""
    numbers = [row.piece_no or row.seq for row in box.rows if not row.refers_to]
    return (str(min(numbers)), str(max(numbers))) if numbers else ("", "")


def _content(box: BoxView) -> str:
    """What a volume holds, for its title: from which item of the table to which."""
    names = list(dict.fromkeys(row.assessment_name for row in box.rows if row.assessment_name))
    span = names[0] if len(names) == 1 else f"{names[0]}至{names[-1]}" if names else ""
    return f"{span}材料"


def _usual(box: BoxView) -> str:
    """What the reference sheet says where nobody has typed anything."""
    text = [f"本{box.unit}共 {box.pieces} 件、{box.pages} 页。"]
    referred = [row for row in box.rows if row.refers_to]
    if referred:
        text.append("目录中下列各号只作参见，原件不在该处重放，不另计件数和页数：")
        text += [f"第 {row.seq} 号 {row.title}（{remark(row)}）" for row in referred]
    return "\n".join(text)


@lru_cache(64)
def _qr(text: str) -> Picture:
    """The QR code as an image, for the offices' own templates."""
    import io

    from app.services.documents.placed import qr

    image = io.BytesIO()
    qr(text).save(image, kind="png", scale=8, border=4)
    return Picture(image.getvalue(), _QR_MM, _QR_MM, name="二维码")


SUBJECT = Subject("box", "档案盒", FIELDS, _targets, _read, where=_PLAN_FIRST)
