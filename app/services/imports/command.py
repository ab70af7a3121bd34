"""The whole import of a file in one go, as the command line does it, and its report in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from app.errors import ValidationError
from app.services.imports.report import Options
from app.services.imports.table import load_mapping
from app.services.imports.wizard import Imports

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from app.progress import Progress
    from app.services.imports.report import ImportReport
    from app.services.unit_of_work import UnitOfWork

_ROWS_NAMED = 5


@dataclass(frozen=True, slots=True)
class Told:
    """A report in the two ways it is told: as data (design/cli.md) and in lines of Chinese."""

    report: ImportReport
    data: dict[str, Any]
    lines: tuple[str, ...]


def import_file(
    uow: UnitOfWork,
    kind: str,
    path: Path,
    options: Options,
    *,
    sheet: str | None = None,
    mapping: Path | None = None,
    header_row: int | None = None,
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: Progress | None = None,
) -> Told:
    """Read, check and take in a table; refused rows go to ``rejects`` where it is given."""
    imports = Imports(uow)
    columns = load_mapping(mapping) if mapping else None
    proposal = imports.propose(
        imports.open_source(path), kind, sheet=sheet, mapping=columns, header_row=header_row
    )
    written = ""
    if (
        rejects
    ):  # written before anything is taken in: a place that cannot be written refuses it all
        if rejects.resolve() == path.resolve():
            raise ValidationError("退回的名单不能写到名册自己上面。", "请另取一个文件名。")
        trial = imports.preview(proposal, options)
        if trial.rejected:
            count = imports.write_rejects(rejects, trial)
            written = f"没有导入的 {count} 行已写到“{rejects}”，改好后可以直接再导入。"
    take = imports.preview if dry_run else imports.apply
    report = take(proposal, options, progress)
    lines = report_lines(report)
    if written:
        lines.append(written)
    return Told(report, report_data(report), tuple(lines))


def import_members_file(
    uow: UnitOfWork,
    path: Path,
    *,
    community_id: str | None,
    dry_run: bool = False,
    rejects: Path | None = None,
) -> Told:
    """Take in a roster."""
    options = Options(community_id)
    return import_file(uow, "members", path, options, dry_run=dry_run, rejects=rejects)


def report_data(report: ImportReport) -> dict[str, Any]:
    """The report as one JSON document."""
    table = report.table
    return {
        "rows": report.rows,
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "rejected": [
            {"sheet": one.sheet, "row": one.row, "column": one.column, "value": one.value,
             "reason": one.reason}
            for one in report.rejected
        ],
        "header_row": table.header.last_row,
        "mapping": table.header.mapping,
        "sheet": table.sheet.name,
        "other_sheets": list(table.other_sheets),
        "duplicates": [{"row": row, "same_as": first} for row, first in report.duplicates],
        "differences": [asdict(one) for one in report.differences],
        "new_schools": list(report.new_schools),
        "new_people": list(report.new_people),
        "skipped": [asdict(one) for one in table.skipped],
        "remarks": [asdict(one) for one in report.remarks],
        "dry_run": report.dry_run,
    }  # fmt: skip


def report_lines(report: ImportReport) -> list[str]:
    """The report as a clerk reads it: the numbers first, then what needs a look."""
    table = report.table
    word = table.kind.counted
    lines = [
        f"工作表“{table.sheet.name}”，表头在第 {table.header.last_row} 行，共 {report.rows} 行记录。",
        f"{'预览（没有写入）：' if report.dry_run else ''}"
        f"新增 {report.created} {word}，更新 {report.updated} {word}，没有变化 {report.unchanged} {word}，"
        f"重复 {len(report.duplicates)} 行，没有导入 {report.rejected_rows} 行。",
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
    lines += [f"第 {row} 行与第 {first} 行重复，合成一条。" for row, first in report.duplicates]
    lines += [f"新增单位：{name}" for name in report.new_schools]
    lines += [f"新增人员：{name}" for name in report.new_people]
    lines += [f"{one.text}（{_rows(one.rows)}）" for one in report.remarks]
    lines += [f"第 {one.row} 行不是记录：{one.reason}" for one in table.skipped]
    lines += [f"没有读的工作表：{name}" for name in table.other_sheets]
    return lines


def _rows(rows: Iterable[int]) -> str:
    numbers = list(rows)
    named = "、".join(map(str, numbers[:_ROWS_NAMED]))
    return f"第 {named} 行" + (f"等 {len(numbers)} 行" if len(numbers) > _ROWS_NAMED else "")
