"""Step 1 of an import: which table, which sheet of it, and where its header is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QSignalBlocker,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.services.imports.guards import column_letters
from app.services.imports.kinds import KINDS, load_kind
from app.services.imports.values import shown
from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role
from app.ui.pages.import_wizard_grid import grid

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

    from app.services.imports.reading import Book, Row
    from app.services.imports.wizard import Proposal
    from app.ui.framework.tables import Index
    from app.ui.framework.theme import Theme

TABLES = "表格 (*.xlsx *.xls *.csv *.ods *.xlsb *.xlsm *.txt *.et)"
_ROWS_SHOWN = 12
_ROWS_BELOW = 4
_MOST_COLUMNS = 60
_NOWHERE = QModelIndex()


def pasted(data: QMimeData | None) -> Path | str | None:
    """The table in copied data: a file, or cells as text; None where there is neither."""
    if data is None:  # Qt's way to say that nothing was copied
        return None
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return files[0] if files else data.text() if data.text().strip() else None


class RawRows(QAbstractTableModel):
    """The first rows of a sheet as they stand in it, the header's marked."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rows: list[Row] = []
        self._header = range(0)
        self._width = 0

    def show_rows(self, rows: list[Row], header: range) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows, self._header = rows, header
        self._width = min(_MOST_COLUMNS, max((len(row.cells) for row in rows), default=0))
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._width

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return shown(row.cell(index.column()))
        if role == Qt.ItemDataRole.BackgroundRole and row.number in self._header:
            return self._theme.color("accent_soft")
        return None

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal:
            return column_letters(section + 1) if role == Qt.ItemDataRole.DisplayRole else None
        number = self.rows[section].number
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{number}  表头" if number in self._header else str(number)
        return None


class SourceStep(QWidget):
    """Asks for a file or copied cells, then shows what was found and lets it be corrected."""

    chosen = Signal(object)
    """Path of a file, or the text of copied cells."""
    kind_picked = Signal(str)
    sheet_picked = Signal(str)
    header_picked = Signal(int)
    template_wanted = Signal(str)
    """Kind of the empty table that is wanted."""
    refused = Signal(str)
    """Why what was pasted cannot be taken."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP)
        column.addLayout(self._sources(theme))
        self._places = QStackedWidget()
        self._places.addWidget(self._empty(theme))
        self._found = self._corrections(theme)
        self._places.addWidget(self._found)
        column.addWidget(self._places, 1)

    # -- building ----------------------------------------------------------------------------

    def _sources(self, theme: Theme) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.pick = QPushButton(theme.icon("file-spreadsheet"), "选择文件…")
        self.pick.setToolTip("选择文件…（Ctrl+O）")
        self.pick.clicked.connect(self.choose_file)
        self.paste = QPushButton(theme.icon("clipboard-check"), "从剪贴板粘贴")
        self.paste.setToolTip("在 Excel 或 WPS 里复制单元格（连同表头），再粘贴到这里（Ctrl+V）")
        self.paste.clicked.connect(self.paste_cells)
        self.template = QPushButton(theme.icon("download"), "下载空白模板")
        menu = QMenu(self.template)
        for key in KINDS:
            action = menu.addAction(f"{load_kind(key).name}…")
            action.setData(key)
        menu.triggered.connect(self._on_template)
        self.template.setMenu(menu)
        self.name = QLabel()
        set_role(self.name, "heading")
        for button in (self.pick, self.paste, self.template):
            button.setAutoDefault(False)
        row.addWidget(self.pick)
        row.addWidget(self.paste)
        row.addWidget(self.name, 1)
        row.addWidget(self.template)
        return row

    def _empty(self, theme: Theme) -> QWidget:
        place = QWidget()
        column = QVBoxLayout(place)
        column.addStretch(2)
        picture = QLabel()
        picture.setPixmap(theme.pixmap("file-spreadsheet", 40, "text_disabled"))
        column.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        words = QLabel(
            "把 Excel、WPS 或 CSV 表格拖到这里，或者点“选择文件”。\n"
            "也可以在表格里复制单元格（连同表头），在这里按 Ctrl+V。"
        )
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(words, "muted")
        column.addWidget(words)
        column.addStretch(3)
        return place

    def _corrections(self, theme: Theme) -> QWidget:
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP)
        row = QHBoxLayout()
        row.setSpacing(t.GRID)
        row.addWidget(QLabel("这是"))
        self._kinds = QButtonGroup(self)
        self.kind_buttons: dict[str, QToolButton] = {}
        for key in KINDS:
            button = QToolButton()
            button.setText(load_kind(key).name)
            button.setCheckable(True)
            set_role(button, "plain")
            button.clicked.connect(self._on_kind)
            self._kinds.addButton(button)
            self.kind_buttons[key] = button
            row.addWidget(button)
        row.addSpacing(t.GAP_LARGE)
        self.sheets = QComboBox()
        self.sheets.setMinimumWidth(160)
        self.sheets.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.sheets.activated.connect(self._on_sheet)
        row.addWidget(_named("工作表", self.sheets))
        row.addWidget(self.sheets)
        row.addSpacing(t.GAP_LARGE)
        self.header = QSpinBox()
        self.header.setRange(0, 1)
        self.header.setSpecialValueText("没有表头")
        self.header.setPrefix("第 ")
        self.header.setSuffix(" 行")
        self.header.setMinimumWidth(112)
        self.header.setMinimumHeight(t.CONTROL_HEIGHT)
        self.header.setKeyboardTracking(False)
        self.header.valueChanged.connect(self.header_picked)
        row.addWidget(_named("表头在", self.header))
        row.addWidget(self.header)
        row.addStretch(1)
        column.addLayout(row)
        self.rows = RawRows(theme, self)
        self.grid = grid(self.rows, "表格开头的几行")
        self.grid.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.grid.activated.connect(self._on_row)
        column.addWidget(self.grid, 1)
        hint = QLabel("表头认错了？双击真正的表头那一行（或选中它按回车）。")
        set_role(hint, "muted")
        column.addWidget(hint)
        return place

    # -- showing -----------------------------------------------------------------------------

    def show_book(self, book: Book) -> None:
        """A table was opened."""
        self.name.setText(book.name)
        self._places.setCurrentWidget(self._found)
        with QSignalBlocker(self.sheets):
            self.sheets.clear()
            for info in book.sheets:
                self.sheets.addItem(
                    info.name if info.visible else f"{info.name}（隐藏）", info.name
                )
        self.sheets.setEnabled(len(book.sheets) > 1)
        self.rows.show_rows([], range(0))

    def show_kind(self, kind: str) -> None:
        """Mark the kind that the table is read as."""
        self.kind_buttons[kind].setChecked(True)

    def show_proposal(self, proposal: Proposal) -> None:
        """Show sheet and header as they were found."""
        header, rows = proposal.header, proposal.sheet.rows
        with QSignalBlocker(self.sheets):
            self.sheets.setCurrentIndex(self.sheets.findData(proposal.sheet.name))
        with QSignalBlocker(self.header):
            self.header.setMaximum(rows[-1].number)
            self.header.setValue(header.first_row)
        above = sum(row.number <= header.last_row for row in rows)
        marked = range(header.first_row, header.last_row + 1) if header.last_row else range(0)
        self.rows.show_rows(rows[: max(_ROWS_SHOWN, above + _ROWS_BELOW)], marked)

    # -- what the user does ------------------------------------------------------------------

    @Slot()
    def choose_file(self) -> None:
        """Let the user pick a file."""
        found, _kind = QFileDialog.getOpenFileName(self, "选择要导入的表格", "", TABLES)
        if found:
            self.chosen.emit(Path(found))

    @Slot()
    def paste_cells(self) -> None:
        """Take what was copied in Excel or WPS."""
        found = pasted(QGuiApplication.clipboard().mimeData())
        if found is None:
            self.refused.emit(
                "剪贴板里没有表格。请先在 Excel 或 WPS 里选中单元格（连同表头），按 Ctrl+C。"
            )
        else:
            self.chosen.emit(found)

    @Slot(QAction)
    def _on_template(self, action: QAction) -> None:
        self.template_wanted.emit(action.data())

    @Slot()
    def _on_kind(self) -> None:
        clicked = self.sender()
        self.kind_picked.emit(next(k for k, b in self.kind_buttons.items() if b is clicked))

    @Slot()
    def _on_sheet(self) -> None:
        self.sheet_picked.emit(self.sheets.currentData())

    @Slot(QModelIndex)
    def _on_row(self, index: QModelIndex) -> None:
        self.header.setValue(self.rows.rows[index.row()].number)


def _named(text: str, field: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(field)
    field.setAccessibleName(text)
    return label
