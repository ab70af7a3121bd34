"""A new archive in three steps: which scheme, who you are, where to keep it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QStandardPaths, Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.evidence.names import stored_name
from app.services.files import write_whole
from app.services.places import Place, place_of
from app.services.schemes import draft as d
from app.services.schemes.catalogue import SchemeSummary, from_file, preset, presets
from app.services.schemes.telling import troubles
from app.services.setup import NewArchive, complaints, likely_year
from app.ui.framework import tokens as t
from app.ui.framework.fields import Field
from app.ui.framework.forms import FormWidget
from app.ui.framework.theme import set_role
from app.ui.pages.scheme_editor_adopt import (
    answers_of,
    ask_fields,
    first_answers,
    is_calendar,
    wrong_answers,
)
from app.ui.pages.scheme_editor_pick import Demands, found_by, label_of

if TYPE_CHECKING:
    from datetime import date

    from app.services.schemes.draft import Raw
    from app.ui.framework.theme import Theme

_LIST_WIDTH = 400
_TOLD_ERRORS = 3
_STEPS = ("选择考核方案", "填写基本情况", "选择存放位置")
_SCHEME_FILES = "方案文件 (*.toml)"
_PLACE_WORDS = {
    Place.LOCAL: "放在本机硬盘上，合适。请记得定期备份到 U 盘。",
    Place.REMOVABLE: "这是 U 盘或移动硬盘。拔早了会丢数据，建议放在本机硬盘，再备份到 U 盘。",
    Place.NETWORK: "这是网络位置，会比较慢；断网时不能使用。建议放在本机硬盘。",
    Place.CLOUD: "这是网盘的同步文件夹，数据库会被同步程序弄坏，请换一个位置。",
}


class NewArchiveDialog(QDialog):
    """Asks; ``ask`` returns the folder and what was said, or None."""

    def __init__(self, theme: Theme, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("新建档案库")
        self.setMinimumSize(640, 480)
        self.resize(960, 620)
        self._theme = theme
        self._today = today
        self._calendar = False
        self._schemes = presets()
        self._folder_chosen = False
        self._files: dict[int, Path] = {}
        self.draft: Raw = {}
        """The scheme that is selected, as a file holds it."""
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(t.GAP)
        self.heading = QLabel()
        set_role(self.heading, "title")
        column.addWidget(self.heading)
        self.steps = QStackedWidget()
        self.form: FormWidget | None = None
        self.steps.addWidget(self._scheme_step())
        self._form_place = QWidget()
        QVBoxLayout(self._form_place).setContentsMargins(0, 0, 0, 0)
        self.steps.addWidget(self._form_place)
        self.steps.addWidget(self._folder_step())
        column.addWidget(self.steps, 1)
        column.addLayout(self._buttons())
        self._go(0)

    def ask(self) -> tuple[Path, NewArchive] | None:
        """Show the dialog; None when it was cancelled."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return Path(self.folder.text()), self.wanted()

    def wanted(self) -> NewArchive:
        """What has been said so far; raises ValueError where an answer is no day."""
        values = self.form.values() if self.form else {}
        return NewArchive(
            scheme_id=self._wanted_scheme(),
            community=str(values.get("community") or ""),
            school=str(values.get("school") or ""),
            year=int(str(values.get("year") or likely_year(self._today))),
            person=str(values.get("person") or ""),
            answers=answers_of(self.draft, values),
        )

    @property
    def scheme(self) -> SchemeSummary:
        """The scheme that is selected."""
        return self._schemes[max(self.schemes.currentRow(), 0)]

    # -- steps -------------------------------------------------------------------------------

    def _scheme_step(self) -> QWidget:
        step = QWidget()
        column = QVBoxLayout(step)
        column.setContentsMargins(0, 0, 0, 0)
        self.search = QLineEdit()
        self.search.setPlaceholderText("找方案：编号、名称、来源或拼音首字母")
        self.search.setAccessibleName("找方案")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        column.addWidget(self.search)
        self.schemes = QListWidget()
        self.schemes.setAccessibleName("考核方案")
        self.schemes.setFixedWidth(_LIST_WIDTH)
        self.schemes.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.demands = Demands()
        both = QHBoxLayout()
        both.setSpacing(t.PAGE_MARGIN)
        both.addWidget(self.schemes)
        both.addWidget(self.demands, 1)
        column.addLayout(both, 1)
        self.note = QLabel()
        self.note.setWordWrap(True)
        set_role(self.note, "error")
        column.addWidget(self.note)
        column.addLayout(self._file_buttons())
        for scheme in self._schemes:
            self._add_scheme(scheme)
        self.schemes.currentRowChanged.connect(self._show_demands)
        self.schemes.itemDoubleClicked.connect(self.forward)
        self.schemes.setCurrentRow(0)
        return step

    @Slot(str)
    def _filter(self, words: str) -> None:
        """Show the schemes that what was typed finds; the first of them is chosen."""
        found = [n for n, one in enumerate(self._schemes) if found_by(one, words)]
        for row in range(self.schemes.count()):
            self.schemes.item(row).setHidden(row not in found)
        if found and self.schemes.currentRow() not in found:
            self.schemes.setCurrentRow(found[0])
        self.forward_button.setEnabled(bool(found))
        self._say(
            "" if found else f"没有找到“{words.strip()}”。可以点“用自己的方案文件”。", wrong=True
        )

    def _file_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        save = QPushButton(self._theme.icon("download"), "存成文件来修改…")
        save.setToolTip("考核表、材料项都可以在文件里改，改好后再点“用自己的方案文件”")
        save.setAutoDefault(False)
        save.clicked.connect(self._choose_copy)
        own = QPushButton(self._theme.icon("file-text"), "用自己的方案文件…")
        own.setAutoDefault(False)
        own.clicked.connect(self._choose_own)
        row.addWidget(save)
        row.addWidget(own)
        row.addStretch(1)
        return row

    @Slot()
    def _choose_copy(self) -> None:
        suggested = f"{self.scheme.name}.toml"
        chosen, _kind = QFileDialog.getSaveFileName(self, "把方案存成", suggested, _SCHEME_FILES)
        if chosen:
            self.save_copy(Path(chosen).with_suffix(".toml"))

    def save_copy(self, target: Path) -> None:
        """Write the selected scheme as a file that can be changed with any text editor."""
        try:
            write_whole(target, preset(self._wanted_scheme()).text.encode())
        except AppError as error:
            self._say(error.sentence, wrong=True)
        else:
            self._say(f"已存成 {target}。用记事本改好后，点“用自己的方案文件”。", wrong=False)

    @Slot()
    def _choose_own(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, "选择方案文件", "", _SCHEME_FILES)
        if chosen:
            self.add_own(Path(chosen))

    def add_own(self, path: Path) -> None:
        """Offer a scheme from the user's file, or say where it is wrong."""
        try:
            draft = d.from_file(path)
            wrong = troubles(draft, d.errors(draft))
            if wrong:
                self._say(
                    _told_wrong(path, [f"{one.where}：{one.text}" for one in wrong]), wrong=True
                )
                return
            summary = from_file(path).summary
        except AppError as error:
            self._say(error.sentence, wrong=True)
            return
        self.search.clear()
        self._schemes.append(summary)
        self._files[len(self._schemes) - 1] = path
        self._add_scheme(summary)
        self.schemes.setCurrentRow(len(self._schemes) - 1)

    def _add_scheme(self, scheme: SchemeSummary) -> None:
        line = QListWidgetItem(label_of(scheme))
        line.setToolTip(line.text())
        line.setSizeHint(QSize(0, 52))
        self.schemes.addItem(line)

    def _wanted_scheme(self) -> str:
        """Id of the selected scheme, or the place of its file."""
        own = self._files.get(self.schemes.currentRow())
        return str(own) if own else self.scheme.id

    @Slot(int)
    def _show_demands(self, _row: int) -> None:
        try:
            self.draft = d.from_text(preset(self._wanted_scheme()).text)
        except AppError as error:  # a file of one's own that was moved meanwhile
            self._say(error.sentence, wrong=True)
        else:
            self._say("", wrong=False)
            self.demands.show_draft(self.draft)

    def _say(self, words: str, *, wrong: bool) -> None:
        self.note.setText(words)
        set_role(self.note, "error" if wrong else "muted")

    def _fill_form(self) -> None:
        """The fields depend on the scheme: some assess one teacher, some ask something of their own."""
        typed = dict(self.form.values()) if self.form else {}
        fields = [
            Field(
                "community",
                "共同体名称",
                required=True,
                placeholder="例如：蒲城县小学数学名师工作坊",
            ),
            Field("school", "单位名称", required=True, placeholder="牵头学校的全称"),
        ]
        if self.scheme.assesses == "person":
            fields.append(Field("person", "名师姓名", required=True))
        calendar = is_calendar(self.draft)
        year = likely_year(self._today, calendar=calendar)
        if calendar != self._calendar:
            typed.pop("year", None)
        self._calendar = calendar
        years = tuple(
            (str(y), f"{y} 年" if calendar else f"{y}—{y + 1} 学年")
            for y in range(year + 1, year - 4, -1)
        )
        fields.append(Field("year", "年度" if calendar else "学年", "choice", choices=years))
        fields += ask_fields(self.draft)
        form = FormWidget(fields, self._theme, parent=self._form_place)
        values = {"year": str(year), **first_answers(self.draft, year)}
        form.set_values(
            values | {name: value for name, value in typed.items() if name in form.rows}
        )
        layout = self._form_place.layout()
        if self.form is not None:
            self.form.deleteLater()
        if layout is not None:
            layout.addWidget(form)
        form.next_wanted.connect(self.forward)
        self.form = form
        # After the last field Enter leads on, not back.
        chain = [form.rows[fields[-1].name].editor, self.forward_button, self.cancel_button]
        for before, after in pairwise([*chain, self.back_button]):
            self.setTabOrder(before, after)

    def _folder_step(self) -> QWidget:
        step = QWidget()
        column = QVBoxLayout(step)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP)
        words = QLabel(
            "档案库是一个文件夹，所有记录和材料文件都在里面。以后可以把整个文件夹搬到别的电脑。"
        )
        words.setWordWrap(True)
        column.addWidget(words)
        row = QHBoxLayout()
        self.folder = QLineEdit()
        self.folder.setAccessibleName("存放位置")
        self.folder.textChanged.connect(self._judge_place)
        self.folder.textEdited.connect(self._keep_folder)
        row.addWidget(self.folder, 1)
        choose = QPushButton(self._theme.icon("folder-open"), "更改…")
        choose.clicked.connect(self._choose_folder)
        row.addWidget(choose)
        column.addLayout(row)
        self.place = QLabel()
        self.place.setWordWrap(True)
        set_role(self.place, "muted")
        column.addWidget(self.place)
        column.addStretch(1)
        return step

    @Slot(str)
    def _judge_place(self, text: str) -> None:
        folder = Path(text)
        if not text.strip() or not folder.is_absolute():
            self.place.setText("请写出完整的文件夹位置，或点“更改…”选择。")
        elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            self.place.setText("这个文件夹已经存在，里面有别的文件，请换一个名字。")
        else:
            self.place.setText(_PLACE_WORDS[place_of(folder)])

    @Slot()
    def _keep_folder(self) -> None:
        self._folder_chosen = True

    @Slot()
    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "把档案库放在哪个文件夹里？")
        if chosen:
            self._folder_chosen = True
            self.folder.setText(str(Path(chosen) / self._folder_name()))

    def _folder_name(self) -> str:
        wanted = self.wanted()
        year = f"{wanted.year}{'年' if self._calendar else '学年'}"
        return stored_name(f"{wanted.community or '档案库'} {year}", "")

    # -- going -------------------------------------------------------------------------------

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.back_button = QPushButton("上一步")
        self.back_button.setAutoDefault(False)
        self.back_button.clicked.connect(self.back)
        row.addWidget(self.back_button)
        row.addStretch(1)
        self.cancel_button = QPushButton("取消")
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self.reject)
        row.addWidget(self.cancel_button)
        self.forward_button = QPushButton()
        set_role(self.forward_button, "primary")
        self.forward_button.setDefault(True)
        self.forward_button.clicked.connect(self.forward)
        row.addWidget(self.forward_button)
        return row

    @Slot()
    def back(self) -> None:
        """To the step before."""
        self._go(self.steps.currentIndex() - 1)

    @Slot()
    def forward(self) -> None:
        """To the next step if this one is filled in; at the end make the archive."""
        step = self.steps.currentIndex()
        if step == 1 and not self._form_is_right():
            return
        if step == len(_STEPS) - 1:
            if Path(self.folder.text()).is_absolute():
                self.accept()
            return
        self._go(step + 1)

    def _form_is_right(self) -> bool:
        if self.form is None or not self.form.commit_all():
            return False
        wrong = wrong_answers(self.draft, self.form.values()) or complaints(self.wanted())
        for name, text in wrong.items():
            self.form.set_error(name, text)
        if wrong:
            self.form.focus(next(iter(wrong)))
        return not wrong

    def _go(self, step: int) -> None:
        if step == 1:
            self._fill_form()
        if step == len(_STEPS) - 1 and not self._folder_chosen:
            documents = QStandardPaths.writableLocation(
                QStandardPaths.StandardLocation.DocumentsLocation
            )
            self.folder.setText(str(Path(documents) / "研档" / self._folder_name()))
        self.steps.setCurrentIndex(step)
        self.heading.setText(f"第 {step + 1} 步，共 {len(_STEPS)} 步：{_STEPS[step]}")
        self.back_button.setVisible(step > 0)
        last = step == len(_STEPS) - 1
        self.forward_button.setText("建立档案库" if last else "下一步")
        if step == 0:
            self.schemes.setFocus()
        elif step == 1 and self.form is not None:
            self.form.focus("community")
        else:
            self.folder.setFocus()


def _told_wrong(path: Path, wrong: list[str]) -> str:
    """What is wrong in a scheme file, in short, and where it is mended."""
    more = f"……共 {len(wrong)} 处" if len(wrong) > _TOLD_ERRORS else ""
    return (
        f"方案文件“{path.name}”要改的地方：{'；'.join(wrong[:_TOLD_ERRORS])}{more}。"
        "可以用记事本改；也可以先用别的方案建库，再在“设置”的“方案”里打开它来改。"
    )
