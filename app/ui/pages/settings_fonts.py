"""设置 · 字体: which font is printed with, what would be better, and which characters no font has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.lists import fill, fit, item, plain_list

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.documents.font_roles import RoleView
    from app.services.fonts import MissingCharacter
    from app.ui.framework.page import Tools

_SAMPLE = "教研共同体档案 2026"
_SAMPLE_COLUMN = 2
_BETTER = (
    "有 {} 种字可以换成更合适的字体，没有换也能打印"
    "（补充字体在 Windows 的“设置—应用—可选功能”里添加）。"
)
_CHECKING = "正在查这台电脑的字体和档案里的字……"


class FontsSection(QWidget):
    """The roles with their fonts above, the characters without a font below."""

    def __init__(self, tools: Tools, services: Services) -> None:
        super().__init__()
        self._tools = tools
        self._services = services
        self._families: dict[str, str] = {}
        self._asked = False
        self.again_button = QPushButton(tools.theme.icon("refresh-cw"), "再查一次")
        self.again_button.setAutoDefault(False)
        self.again_button.setToolTip("装了字体或改了材料以后，再查一次")
        self.again_button.clicked.connect(self.look_again)
        self.words = QLabel(_CHECKING)
        self.words.setWordWrap(True)
        self.words.setAccessibleName("字体检查的结果")
        self.roles = plain_list("各种字用的字体", "用途", "现在用的字体", "样子", "建议安装")
        self.missing = plain_list("没有字体的字", "字", "编码", "几处", "在哪里")
        self.missing.hide()
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.roles)
        split.addWidget(self.missing)
        split.setSizes([300, 220])
        row = QHBoxLayout()
        row.setSpacing(t.GAP)
        row.addWidget(self.again_button)
        row.addWidget(self.words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.GAP, 0, 0)
        column.setSpacing(t.GAP)
        column.addLayout(row)
        column.addWidget(split, 1)

    def refresh(self) -> None:
        """Look when it is seen for the first time: opening the fonts takes a second or two."""
        if not self._asked:
            self._check(anew=False)

    @Slot()
    def look_again(self) -> None:
        """Look at the machine and at the archive anew."""
        self._check(anew=True)

    def _check(self, *, anew: bool) -> None:
        fonts = self._services.fonts
        self._asked = True
        self.again_button.setEnabled(False)
        self.words.setText(_CHECKING)

        def work(progress: Progress) -> tuple[tuple[RoleView, ...], tuple[MissingCharacter, ...]]:
            return fonts.roles(anew=anew), fonts.missing(progress)

        def fail(error: Exception) -> None:
            self._stopped()
            self._tools.errors.show_error(error)

        self._tools.jobs.start(
            Job("查字体", work, self._show, fail, self._stopped, owner=self, database=False)
        )

    def _stopped(self) -> None:
        self.again_button.setEnabled(True)
        self.words.setText("没有查完，请再查一次。")
        self._asked = False

    def _show(self, found: tuple[tuple[RoleView, ...], tuple[MissingCharacter, ...]]) -> None:
        roles, missing = found
        self.again_button.setEnabled(True)
        self.roles.clear()
        for one in roles:
            line = item(one.role, _role_cells(one))
            line.setFont(_SAMPLE_COLUMN, self._font(one))
            line.setToolTip(1, _chain(one))
            self.roles.addTopLevelItem(line)
        fit(self.roles)
        fill(self.missing, [(one.character, _missing_cells(one)) for one in missing])
        self.missing.setVisible(bool(missing))
        self.words.setText(_summary(roles, missing))

    def _font(self, role: RoleView) -> QFont:
        """The role's font from its file, as it is printed."""
        path = role.font.path
        if path not in self._families:
            made = QFontDatabase.addApplicationFont(path)
            names = QFontDatabase.applicationFontFamilies(made) if made >= 0 else []
            self._families[path] = names[0] if names else self.font().family()
        font = QFont(self.roles.font())
        font.setFamily(self._families[path])
        font.setBold(role.bold)
        return font


def _role_cells(role: RoleView) -> tuple[str, ...]:
    name = f"{role.font.name}（加粗代替）" if role.bold else role.font.name
    return f"{role.name} · {role.used_for}", name, _SAMPLE, role.better or "已经是最合适的"


def _chain(role: RoleView) -> str:
    """Every font of the role in the order in which it is asked."""
    return "\n".join(f"{one.name}（{one.file}）：{one.state}" for one in role.chain)


def _missing_cells(missing: MissingCharacter) -> tuple[str, ...]:
    more = f"等 {missing.count} 处" if missing.count > len(missing.places) else ""
    return missing.character, missing.code, str(missing.count), "、".join(missing.places) + more


def _summary(roles: tuple[RoleView, ...], missing: tuple[MissingCharacter, ...]) -> str:
    wanted = sum(bool(one.better) for one in roles)
    first = _BETTER.format(wanted) if wanted else "字体齐全。"
    if not missing:
        return f"{first}这个档案库里的字都印得出来。"
    return (
        f"{first}有 {len(missing)} 个字没有字体，印到它们时文件不会生成："
        "请改用别的写法，或安装含有这些字的字体。"
    )
