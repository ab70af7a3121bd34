from pathlib import Path

import openpyxl
import pytest

from app.errors import ValidationError
from app.services.imports.kinds import load_kind
from app.services.imports.members import read_members
from app.services.imports.template import write_template


def test_every_column_of_the_template_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_template(path)
    with pytest.raises(ValidationError, match="只有表头"):
        read_members(path)
    book = openpyxl.load_workbook(path)
    for column, example in enumerate(
        ["1", *[one.example for one in load_kind("members").fields]], 1
    ):
        book.active.cell(3, column).value = example
    book.active["F3"] = "980102198509120024"
    book.save(path)
    table = read_members(path)
    assert set(table.header.columns) == {one.key for one in load_kind("members").fields}
    assert not table.refused
    (row,) = table.rows
    assert (row.name, row.subjects, row.id_number) == (
        "王芳",
        ("语文", "数学"),
        "980102198509120024",
    )
    assert [(one.row, one.reason) for one in table.skipped] == [(2, "示例行")]
