"""Printing what was laid out: which printer, which pages, both sides, and how far it prints off its place."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt, Slot
from PySide6.QtGui import QFont, QGuiApplication, QPainter, QPen
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.printing import PrintSetup, print_drawn, typed_pages
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.progress import Progress
    from app.ui.framework.page import Tools

_MM = 72 / 25.4
_MOST_OFF = 30.0
_A4 = QSizeF(210, 297)
_CROSS = 20
_ALL, _ODD, _EVEN, _SOME = "all", "odd", "even", "some"
_PAGES = ((_ALL, "全部"), (_ODD, "单数页"), (_EVEN, "双数页"), (_SOME, "页码"))
_DUPLEX = (("none", "单面"), ("long", "双面，从长边翻"), ("short", "双面，从短边翻"))
_COLOURS = (("1", "彩色"), ("", "黑白"))
_LAST = "paper/printer"


class PrinterDialog(QDialog):
    """Everything that is asked before paper is used; the answers are kept for each printer."""

    def __init__(
        self,
        tools: Tools,
        name: str,
        sizes: Sequence[tuple[float, float]],
        parent: QWidget | None,
        *,
        notes: Sequence[str] = (),
        several: bool = False,
    ) -> None:
        """``sizes`` are the pages of the document, in points; ``several``: of several records."""
        super().__init__(parent)
        self._several = several
        self._tools = tools
        self._pages = len(sizes)
        self.setWindowTitle("打印")
        self.setMinimumWidth(520)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(t.GAP)
        about = QLabel(f"{name}：{_told(sizes)}")
        about.setWordWrap(True)
        column.addWidget(about)
        if notes:
            column.addWidget(_noted(notes))
        column.addLayout(self._questions())
        self.wrong = QLabel()
        set_role(self.wrong, "error")
        self.wrong.setWordWrap(True)
        column.addWidget(self.wrong)
        column.addStretch(1)
        column.addLayout(self._buttons())
        self.printers.currentIndexChanged.connect(self._recall)
        self.duplex.currentIndexChanged.connect(self._on_sides)
        self._recall()
        self._on_sides()

    def _questions(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(t.GAP)
        grid.setVerticalSpacing(t.GAP_SMALL)
        grid.setColumnStretch(2, 1)
        self.printers = _combo([(one, one) for one in QPrinterInfo.availablePrinterNames()])
        last = self._tools.settings.text(_LAST, QPrinterInfo.defaultPrinterName())
        self.printers.setCurrentIndex(max(0, self.printers.findData(last)))
        self.pages = _combo(_PAGES)
        self.pages.currentIndexChanged.connect(self._on_pages)
        self.numbers = QLineEdit()
        self.numbers.setPlaceholderText("例如 1、3—5")
        self.numbers.setAccessibleName("页码")
        self.numbers.setEnabled(False)
        self.copies = QSpinBox()
        self.copies.setRange(1, 999)
        self.duplex = _combo(_DUPLEX)
        self.fronts = QCheckBox("每份从正面开始")
        self.fronts.setChecked(True)
        self.colour = _combo(_COLOURS)
        self.right, self.down = _off("往右移，毫米"), _off("往下移，毫米")
        rows: tuple[tuple[str, QWidget, QWidget | None], ...] = (
            ("打印机", self.printers, None),
            ("哪些页", self.pages, self.numbers),
            ("份数", self.copies, None),
            ("双面", self.duplex, self.fronts),
            ("颜色", self.colour, None),
        )
        for place, (words, field, beside) in enumerate(rows):
            grid.addWidget(_label(words, field), place, 0)
            grid.addWidget(field, place, 1)
            if beside is not None:
                grid.addWidget(beside, place, 2)
        grid.addWidget(_label("位置校正", self.right), len(rows), 0)
        grid.addLayout(self._offsets(), len(rows), 1, 1, 2)
        help_line = QLabel("印出来偏了才要填：先打一张校准页，照上面写的量一量。负数是往左、往上。")
        help_line.setWordWrap(True)
        set_role(help_line, "small")
        grid.addWidget(help_line, len(rows) + 1, 1, 1, 2)
        return grid

    def _offsets(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        for words, field in (("右移", self.right), ("下移", self.down)):
            row.addWidget(QLabel(words))
            row.addWidget(field)
        self.calibrate = QPushButton("打校准页")
        self.calibrate.setAutoDefault(False)
        self.calibrate.clicked.connect(self._calibrate)
        row.addWidget(self.calibrate)
        row.addStretch(1)
        return row

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        row.addStretch(1)
        cancel = QPushButton("取消")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.go = QPushButton(self._tools.theme.icon("printer", "on_accent"), "打印")
        set_role(self.go, "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self._check)
        row.addWidget(cancel)
        row.addWidget(self.go)
        return row

    # -- answers -----------------------------------------------------------------------------

    def setup(self) -> PrintSetup:
        """What was answered; raises ValidationError for page numbers that are none."""
        which = self.pages.currentData()
        pages: tuple[int, ...] = ()
        if which == _SOME:
            pages = typed_pages(self.numbers.text(), self._pages)
        elif which in {_ODD, _EVEN}:
            pages = tuple(range(1 if which == _ODD else 2, self._pages + 1, 2))
        return PrintSetup(
            pages, self.copies.value(), self.duplex.currentData(),
            bool(self.colour.currentData()), self.right.value(), self.down.value(),
        )  # fmt: skip

    def printer(self) -> QPrinter:
        """The printer that was chosen."""
        info = QPrinterInfo.printerInfo(self.printers.currentText())
        if info.isNull():
            return QPrinter(QPrinter.PrinterMode.HighResolution)
        return QPrinter(info, QPrinter.PrinterMode.HighResolution)

    @property
    def wants_fronts(self) -> bool:
        """Whether the sheets of each record are to begin on a front side."""
        return self.fronts.isEnabled() and self.fronts.isChecked()

    @Slot()
    def _on_sides(self) -> None:
        """Only where both sides are printed, of several records, and all pages."""
        self.fronts.setVisible(self._several)
        both = self.duplex.currentData() != "none"
        self.fronts.setEnabled(self._several and both and self.pages.currentData() == _ALL)

    @Slot()
    def _recall(self) -> None:
        """What was answered for this printer last."""
        kept = self._tools.settings.texts(self._key)
        duplex, colour, right, down = kept if len(kept) == 4 else ("none", "1", "0", "0")
        self.duplex.setCurrentIndex(max(0, self.duplex.findData(duplex)))
        self.colour.setCurrentIndex(max(0, self.colour.findData(colour)))
        self.right.setValue(float(right))
        self.down.setValue(float(down))

    @property
    def _key(self) -> str:
        return f"{_LAST}/{self.printers.currentText()}"

    def _remember(self, setup: PrintSetup) -> None:
        settings = self._tools.settings
        settings.set(_LAST, self.printers.currentText())
        settings.set(self._key, [
            setup.duplex, "1" if setup.colour else "", str(setup.right_mm), str(setup.down_mm),
        ])  # fmt: skip
        settings.save()

    @Slot()
    def _on_pages(self) -> None:
        some = self.pages.currentData() == _SOME
        self.numbers.setEnabled(some)
        self._on_sides()
        if some:
            self.numbers.setFocus()

    @Slot()
    def _check(self) -> None:
        try:
            setup = self.setup()
        except AppError as error:
            self.wrong.setText(error.sentence)
            self.numbers.setFocus()
            return
        self._remember(setup)
        self.accept()

    @Slot()
    def _calibrate(self) -> None:
        printer = self.printer()
        printer.setDocName("打印校准页")

        def work(_progress: Progress) -> None:
            print_calibration(printer)

        def done(_nothing: None) -> None:
            self.wrong.setText("校准页已送往打印机。")

        job = Job("打印校准页", work, done, owner=self, database=False)
        self._tools.jobs.start(job)


def print_calibration(printer: QPrinter) -> None:
    """A sheet with crosses 20 mm from the edges, rulers of 100 mm, and how they are measured."""
    print_drawn(printer, _A4, _draw_calibration)


def _draw_calibration(painter: QPainter) -> None:
    """In millimetres from the upper left corner of the paper."""
    painter.setPen(QPen(Qt.GlobalColor.black, 0.2))
    wide, high = _A4.width(), _A4.height()
    for x, y in ((_CROSS, _CROSS), (wide - _CROSS, high - _CROSS)):
        painter.drawLine(QLineF(x - 10, y, x + 10, y))
        painter.drawLine(QLineF(x, y - 10, x, y + 10))
    for mm in range(101):
        tick = 5.0 if mm % 10 == 0 else 3.5 if mm % 5 == 0 else 2.0
        painter.drawLine(QLineF(55 + mm, 60, 55 + mm, 60 + tick))
        painter.drawLine(QLineF(30, 80 + mm, 30 + tick, 80 + mm))
    painter.drawLine(QLineF(55, 60, 155, 60))
    painter.drawLine(QLineF(30, 80, 30, 180))
    for mm in range(0, 101, 10):
        _write(painter, QRectF(50 + mm, 66, 10, 5), str(mm), 3, Qt.AlignmentFlag.AlignHCenter)
        _write(painter, QRectF(36, 77.5 + mm, 10, 5), str(mm), 3, Qt.AlignmentFlag.AlignLeft)
    left = Qt.AlignmentFlag.AlignLeft
    _write(painter, QRectF(34, 16, 150, 10), "打印校准页", 6, left)
    _write(painter, QRectF(34, 25, 160, 8), "十字应当离纸的左边和上边各 20 毫米。", 4, left)
    told = (
        "一、先看大小",
        "横尺和竖尺都应当正好长 100 毫米。不是的话，请在打印机的设置里",
        "把“缩放”改成“实际大小”或 100 %，再打一张。",
        "",
        "二、再看位置（以这一页正着看为准）",
        "量左上角的十字：竖线到纸的左边是多少毫米，横线到纸的上边是多少毫米。",
        "　　右移 ＝ 20 － 左边量得的毫米数",
        "　　下移 ＝ 20 － 上边量得的毫米数",
        "例如左边量得 18，右移填 2；上边量得 21.5，下移填 －1.5。",
        "",
        "三、填在打印窗口的“位置校正”里",
        "这台打印机以后都照此打印。右下角的十字离右边、下边也应当差不多是",
        "20 毫米；差得多，多半是纸没有放正。",
    )
    for line, words in enumerate(told):
        _write(painter, QRectF(52, 84 + 8 * line, 150, 8), words, 4, left)


def _write(
    painter: QPainter, place: QRectF, words: str, high: float, align: Qt.AlignmentFlag
) -> None:
    """Words ``high`` millimetres high; fonts are set large and shrunk, for Qt knows no tenths."""
    font = QFont(QGuiApplication.font())
    font.setPixelSize(100)
    shrink = high / 100
    painter.save()
    painter.setFont(font)
    painter.translate(QPointF(place.x(), place.y()))
    painter.scale(shrink, shrink)
    room = QRectF(0, 0, place.width() / shrink, place.height() / shrink)
    painter.drawText(room, int(align | Qt.AlignmentFlag.AlignVCenter), words)
    painter.restore()


def _noted(notes: Sequence[str]) -> QLabel:
    """What should be known before printing, the first of it in words."""
    more = f"（共 {len(notes)} 处）" if len(notes) > 1 else ""
    label = QLabel(f"还有待改的：{notes[0]}{more}")
    label.setWordWrap(True)
    label.setToolTip("\n".join(notes))
    label.setProperty("notice", "warning")
    label.setMargin(t.GAP_SMALL)
    set_role(label, "muted")
    return label


def _told(sizes: Sequence[tuple[float, float]]) -> str:
    """How many pages of which size, e.g. 共 3 页，A4 竖 2 页、A4 横 1 页."""
    counts = Counter(_size_name(*size) for size in sizes)
    if len(counts) == 1:
        return f"共 {len(sizes)} 页，{next(iter(counts), '')}"
    named = "、".join(f"{name} {count} 页" for name, count in counts.items())
    return f"共 {len(sizes)} 页：{named}"


def _size_name(width: float, height: float) -> str:
    short, long = sorted((round(width / _MM), round(height / _MM)))
    known = {(210, 297): "A4", (297, 420): "A3", (148, 210): "A5", (182, 257): "B5"}
    name = known.get((short, long), f"{short}×{long} 毫米")
    return f"{name} {'横' if width > height else '竖'}"


def _combo(choices: Sequence[tuple[str, str]]) -> QComboBox:
    combo = QComboBox()
    for value, words in choices:
        combo.addItem(words, value)
    return combo


def _off(name: str) -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    field.setRange(-_MOST_OFF, _MOST_OFF)
    field.setDecimals(1)
    field.setSingleStep(0.5)
    field.setSuffix(" 毫米")
    field.setAccessibleName(name)
    return field


def _label(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setMinimumHeight(t.CONTROL_HEIGHT)
    label.setBuddy(buddy)
    if not buddy.accessibleName():
        buddy.setAccessibleName(text)
    return label
