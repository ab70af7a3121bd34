"""导入考核表: the file, its table, which column is what, and what becomes of each row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.schemes import table_import
from app.services.schemes.table_columns import ROLES, Columns, guess_columns
from app.services.schemes.table_import import Found, read_table
from app.services.schemes.table_reading import SourceTable, read_tables
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.lists import fit, item, plain_list
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from app.progress import Progress
    from app.ui.framework.page import Tools
    from app.ui.pages.scheme_editor import SchemeEditor

_SIZE = (1040, 660)
_FILES = "考核表 (*.xlsx *.xls *.et *.ods *.csv *.docx);;所有文件 (*)"
_ICONS = {"item": ("check", "success"), "group": ("folder", "text_muted"),
          "joined": ("link", "text_muted"), "out": ("circle-slash", "text_disabled")}  # fmt: skip
_TOLD = ("group", "item", "third", "points", "criteria", "proof")
_WIDTHS = (64, 130, 240, 64, 190)


class TableImportDialog(QDialog):
    """Reads an assessment table into the draft of an editor; one step of its undo."""

    def __init__(self, tools: Tools, editor: SchemeEditor) -> None:
        super().__init__(editor)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("导入考核表")
        self.resize(*_SIZE)
        self._tools = tools
        self._editor = editor
        self._tables: list[SourceTable] = []
        self._columns: Columns | None = None
        self._found: Found | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(t.GAP)
        column.addLayout(self._file_line())
        column.addWidget(self._column_choices())
        self.preview = plain_list(
            "各行的去向", "行", "一级指标", "考核项", "分值", "结果", "请核对"
        )
        column.addWidget(self.preview, 1)
        self.note = QLabel(
            "可以选 Excel 或 Word 的考核表：有“一级指标、二级指标、分值、评分标准”这样的表头就行，"
            "合并的单元格、合计行、表下的说明都认得。"
        )
        self.note.setWordWrap(True)
        column.addWidget(self.note)
        column.addLayout(self._foot())
        self._show_found(None)
        self.choose_button.setFocus()

    # -- building ----------------------------------------------------------------------------

    def _file_line(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.choose_button = QPushButton(self._tools.theme.icon("folder-open"), "选择文件…")
        self.choose_button.setAutoDefault(False)
        self.choose_button.clicked.connect(self._choose)
        row.addWidget(self.choose_button)
        self.file = QLabel("还没有选择文件")
        set_role(self.file, "muted")
        row.addWidget(self.file, 1)
        self.tables = QComboBox()
        self.tables.setAccessibleName("哪张表")
        self.tables.setMinimumWidth(200)
        self.tables.activated.connect(self._on_table)
        self.tables_label = QLabel("哪张表")
        row.addWidget(self.tables_label)
        row.addWidget(self.tables)
        return row

    def _column_choices(self) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(t.GAP)
        grid.setVerticalSpacing(t.GAP_SMALL)
        self.roles: dict[str, QComboBox] = {}
        for number, role in enumerate(_TOLD):
            label = QLabel(ROLES[role])
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            combo = QComboBox()
            combo.setAccessibleName(ROLES[role])
            combo.activated.connect(self._on_column)
            label.setBuddy(combo)
            self.roles[role] = combo
            line, place = divmod(number, 3)
            grid.addWidget(label, line, 2 * place)
            grid.addWidget(combo, line, 2 * place + 1)
            grid.setColumnStretch(2 * place + 1, 1)
        self.propose = QCheckBox("“每次几分”的项，先按材料份数计分（标为示例，请核对）")
        self.propose.toggled.connect(self._read)
        grid.addWidget(self.propose, 2, 0, 1, 6)
        self._choices = box
        return box

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP)
        has_table = bool(self._editor.state.editing.entries(("table",)))
        self.replace = QRadioButton("代替现在的考核表")
        self.append = QRadioButton("加在现在的考核表后面")
        self.replace.setChecked(True)
        for button in (self.replace, self.append):
            button.setVisible(has_table)
        row.addWidget(self.replace)
        row.addWidget(self.append)
        row.addStretch(1)
        cancel = QPushButton("取消")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        row.addWidget(cancel)
        self.take_button = QPushButton("导入")
        set_role(self.take_button, "primary")
        self.take_button.setAutoDefault(False)
        self.take_button.clicked.connect(self.take)
        row.addWidget(self.take_button)
        return row

    # -- reading -----------------------------------------------------------------------------

    @Slot()
    def _choose(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, "选择考核表", "", _FILES)
        if chosen:
            self.open_file(Path(chosen))

    def open_file(self, path: Path) -> None:
        """Read a file and show what is found in it."""
        self.file.setText(path.name)
        self.note.setText("正在读…")

        def work(_progress: Progress) -> tuple[list[SourceTable], int]:
            tables = read_tables(path)
            return tables, table_import.find_table(tables)

        self._tools.jobs.start(
            Job("读考核表", work, self._on_read, self._on_failed,
                owner=self, database=False, quiet=True)
        )  # fmt: skip

    def _on_read(self, result: tuple[list[SourceTable], int]) -> None:
        self._tables, likeliest = result
        self.tables.clear()
        self.tables.addItems([table.name for table in self._tables])
        self.tables.setCurrentIndex(likeliest)
        self._on_table()

    def _on_failed(self, error: Exception) -> None:
        self._show_found(None)
        if isinstance(error, AppError):
            self._say(error.sentence, wrong=True)
        else:
            self._tools.errors.show_error(error)

    @Slot()
    def _on_table(self) -> None:
        """Another table: its columns are guessed anew."""
        table = self._tables[self.tables.currentIndex()]
        columns = guess_columns(table)
        if columns is None:
            self._columns = None
            self._show_found(None)
            self._say(
                "这张表里没有找到表头。表头应有“一级指标（项目）、二级指标（内容）、分值”这样的栏名。",
                wrong=True,
            )
            return
        self._columns = columns
        for role, combo in self.roles.items():
            combo.clear()
            combo.addItem("（没有）", -1)
            for number, head in enumerate(columns.heads):
                name = " ".join(head.split()) or f"第 {number + 1} 栏"
                combo.addItem(name, number)
            combo.setCurrentIndex(combo.findData(columns.of.get(role, -1)))
        self._read()

    @Slot()
    def _on_column(self) -> None:
        if self._columns is None:
            return
        chosen = {role: combo.currentData() for role, combo in self.roles.items()}
        of = {role: number for role, number in chosen.items() if number >= 0}
        if "no" in self._columns.of:
            of["no"] = self._columns.of["no"]
        self._columns = Columns(of, self._columns.first, self._columns.heads)
        self._read()

    @Slot()
    def _read(self) -> None:
        if self._columns is None:
            return
        table = self._tables[self.tables.currentIndex()]
        self._show_found(read_table(table, self._columns, propose=self.propose.isChecked()))

    # -- showing -----------------------------------------------------------------------------

    def _show_found(self, found: Found | None) -> None:
        self._found = found
        self._choices.setVisible(self._columns is not None)
        several = len(self._tables) > 1
        self.tables.setVisible(several)
        self.tables_label.setVisible(several)
        self.preview.clear()
        self.take_button.setEnabled(found is not None and bool(found.items))
        if found is None:
            return
        theme = self._tools.theme
        for fate in found.fates:
            line = item(
                "", (str(fate.row), fate.group, fate.item, fate.points, fate.text, fate.doubt)
            )
            line.setIcon(0, theme.icon(*_ICONS[fate.kind]))
            if fate.doubt:
                line.setIcon(5, theme.icon("triangle-alert", "warning"))
            if fate.kind == "out":
                for column in range(6):
                    line.setForeground(column, theme.color("text_muted"))
            self.preview.addTopLevelItem(line)
        fit(self.preview)
        for column, width in enumerate(_WIDTHS):
            self.preview.setColumnWidth(column, width)
        doubtful = sum(1 for fate in found.fates if fate.doubt)
        said = [f"读出 {len(found.groups)} 组、{found.items} 个考核项。"]
        said += [f"有 {doubtful} 行请核对。"] if doubtful else []
        self._say(" ".join([*said, *found.doubts]), wrong=False)

    def _say(self, words: str, *, wrong: bool) -> None:
        self.note.setText(words)
        set_role(self.note, "error" if wrong else "")

    @Slot()
    def take(self) -> None:
        """Put what was read into the draft."""
        if self._found is None:
            return
        state = self._editor.state
        table = table_import.put_into(
            state.editing.entries(("table",)), self._found.groups, append=self.append.isChecked()
        )
        state.editing.replace(("table",), table)
        self.accept()
        self._editor.replaced(("table",))
        self._editor.say(
            f"已导入 {len(self._found.groups)} 组、{self._found.items} 个考核项，可以按 Ctrl+Z 撤销。"
        )
