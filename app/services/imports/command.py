"""The whole import of a roster file, as the command line and the window call it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from app.errors import ValidationError
from app.services.imports.apply import ImportReport, import_members
from app.services.imports.members import load_mapping, read_members
from app.services.imports.rejects import write_rejects

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from app.services.imports.compare import Policy
    from app.services.unit_of_work import UnitOfWork

_ROWS_NAMED = 5


@dataclass(frozen=True, slots=True)
class Told:
    """A report in the two ways it is told: as data (design/cli.md) and in lines of Chinese."""

    report: ImportReport
    data: dict[str, Any]
    lines: tuple[str, ...]


def import_members_file(
    uow: UnitOfWork,
    path: Path,
    *,
    community_id: str | None,
    sheet: str | None = None,
    mapping: Path | None = None,
    header_row: int | None = None,
    policy: Policy = "update",
    dry_run: bool = False,
    rejects: Path | None = None,
) -> Told:
    """Read, check and take in a roster; refused rows go to ``rejects`` where it is given."""
    columns = load_mapping(mapping) if mapping else None
    table = read_members(path, sheet=sheet, mapping=columns, header_row=header_row)
    written = ""
    if (
        rejects
    ):  # written before anything is taken in: a place that cannot be written refuses it all
        if rejects.resolve() == path.resolve():
            raise ValidationError("退回的名单不能写到名册自己上面。", "请另取一个文件名。")
        trial = import_members(uow, table, community_id=community_id, policy=policy, dry_run=True)
        if trial.rejected:
            count = write_rejects(rejects, table.sheet, table.header, trial.rejected)
            written = f"没有导入的 {count} 行已写到“{rejects}”，改好后可以直接再导入。"
    report = import_members(uow, table, community_id=community_id, policy=policy, dry_run=dry_run)
    lines = report_lines(report)
    if written:
        lines.append(written)
    return Told(report, report_data(report), tuple(lines))


def report_data(report: ImportReport) -> dict[str, Any]:
    """The report as one JSON document."""
    table = report.table
    return {
        "rows": report.rows,
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "rejected": [asdict(one) for one in report.rejected],
        "header_row": table.header.last_row,
        "mapping": table.header.mapping,
        "sheet": table.sheet.name,
        "other_sheets": list(table.other_sheets),
        "duplicates": [{"row": row, "same_as": first} for row, first in report.duplicates],
        "differences": [asdict(one) for one in report.differences],
        "new_schools": list(report.new_schools),
        "skipped": [asdict(one) for one in table.skipped],
        "remarks": [asdict(one) for one in report.remarks],
        "dry_run": report.dry_run,
    }


def report_lines(report: ImportReport) -> list[str]:
    """The report as a clerk reads it: the numbers first, then what needs a look."""
    table = report.table
    refused_rows = len({one.row for one in report.rejected})
    lines = [
        f"工作表“{table.sheet.name}”，表头在第 {table.header.last_row} 行，共 {report.rows} 行人员。",
        f"{'预览（没有写入）：' if report.dry_run else ''}"
        f"新增 {report.created} 人，更新 {report.updated} 人，"
        f"没有变化 {report.unchanged} 人，重复 {len(report.duplicates)} 行，没有导入 {refused_rows} 行。",
    ]
    lines += [
        f"第 {one.row} 行没有导入：{one.column}“{one.value}”：{one.reason}。"
        for one in report.rejected
    ]
    lines += [
        f"第 {one.row} 行 {one.name}：{one.field} {one.old or '（空）'} → {one.new}"
        + ("" if one.applied else "（没有改动）")
        for one in report.differences
    ]
    lines += [f"第 {row} 行与第 {first} 行是同一人，只算一人。" for row, first in report.duplicates]
    lines += [f"新增单位：{name}" for name in report.new_schools]
    lines += [f"{one.text}（{_rows(one.rows)}）" for one in report.remarks]
    lines += [f"第 {one.row} 行不是人员：{one.reason}" for one in table.skipped]
    lines += [f"没有读的工作表：{name}" for name in table.other_sheets]
    return lines


def _rows(rows: Iterable[int]) -> str:
    numbers = list(rows)
    named = "、".join(map(str, numbers[:_ROWS_NAMED]))
    return f"第 {named} 行" + (f"等 {len(numbers)} 行" if len(numbers) > _ROWS_NAMED else "")
