"""What is in the chosen box, and what its reference sheet says."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot

from app.services.boxes.service import BoxEdit
from app.ui.framework.fields import Field
from app.ui.framework.forms import FormWidget
from app.ui.framework.table_view import TableView
from app.ui.framework.tables import Column, ListSource, PagedTableModel

if TYPE_CHECKING:
    from app.services.box_view import BoxRow, BoxView
    from app.services.settings import ArchiveSettings
    from app.ui.framework.page import Tools

_FIELDS = (
    Field("spine_mm", "盒脊宽度", "suggest", unit="毫米", width=96),
    Field(
        "condition", "盒内文件情况", "multiline", lines=3, placeholder="留空时写明本盒的件数和页数"
    ),
    Field("arranged_by", "整理人", width=160),
    Field("arranged_on", "整理日期", "date"),
    Field("checked_by", "检查人", width=160),
    Field("checked_on", "检查日期", "date"),
)


class BoxForm(FormWidget):
    """Width and reference sheet of a box; each field is saved when it is left."""

    edited = Signal(str, object)
    """Id of the box, and a BoxEdit, or a width as it was typed."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(_FIELDS, tools.theme)
        self._box: BoxView | None = None
        self.committed.connect(self._on_committed)

    def show_box(self, box: BoxView | None, settings: ArchiveSettings) -> None:
        """Show a box; what is being typed in the same one stays."""
        if box is None or self._box is None or box.id != self._box.id:
            self.commit_all()
            self._box = box
            self.set_values(_values(box))
        else:
            before, self._box = _values(self._box), box
            now = _values(box)
            self.update_values({name: now[name] for name in now if now[name] != before[name]})
        volumes = box is not None and box.bound == "volumes"
        known = settings.volume_widths if volumes else settings.spine_widths
        widths = tuple((f"{w:g}", f"{w:g}") for w in known)
        self.set_choices("spine_mm", widths)
        listed = "、".join(words for _value, words in widths)
        self.rows["spine_mm"].editor.setToolTip(f"现有 {listed} 毫米，也可以填别的宽度")
        self.setEnabled(box is not None)

    @Slot(str, object)
    def _on_committed(self, name: str, value: object) -> None:
        if self._box is None:
            return
        if name == "spine_mm":
            self.edited.emit(self._box.id, str(value))
        else:
            typed = value if isinstance(value, date) else str(value or "").strip()
            self.edited.emit(self._box.id, BoxEdit(**{name: typed}))  # type: ignore[arg-type]


def _values(box: BoxView | None) -> dict[str, object]:
    if box is None:
        return {}
    values: dict[str, object] = {field.name: getattr(box, field.name) for field in _FIELDS}
    values["spine_mm"] = f"{box.spine_mm:g}"
    return values


def _folios(row: BoxRow) -> str:
    if not row.folio_start:
        return ""
    return (
        f"{row.folio_start}—{row.folio_end}"
        if row.folio_end > row.folio_start
        else str(row.folio_start)
    )


_COLUMNS: tuple[Column[BoxRow], ...] = (
    Column("seq", "序号", lambda row: row.seq, align_right=True, width=52),
    Column("title", "题名", lambda row: row.title, width=140),
    Column("date", "日期", lambda row: row.date, width=94),
    Column("folios", "页次", _folios, align_right=True, width=58),
    Column(
        "item", "考核项", lambda row: row.assessment_no, width=64,
        tooltip=lambda row: f"{row.assessment_no} {row.assessment_name}",
    ),
    Column("remark", "备注", lambda row: row.refers_to or row.remark, width=48),
)  # fmt: skip


class BoxDirectory(TableView["BoxRow"]):
    """The lines of a box as its directory prints them."""

    def __init__(self, tools: Tools) -> None:
        model: PagedTableModel[BoxRow] = PagedTableModel(_COLUMNS, _row_id)
        super().__init__(model, tools.settings, "boxes-directory")
        model.setParent(self)
        self.rows = model
        self.setAccessibleName("盒内目录")

    def show_box(self, box: BoxView | None) -> None:
        """Show the lines of a box."""
        self.rows.set_source(ListSource(box.rows if box else (), _row_id))


def _row_id(row: BoxRow) -> str:
    return f"{row.evidence_id}/{row.assessment_no}"
