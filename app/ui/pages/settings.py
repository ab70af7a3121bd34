"""设置: how boxes are filled and what their labels say; the schemes in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QTabWidget
from typing_extensions import override

from app.errors import AppError, ValidationError
from app.services.codes.pattern import DA_T_22, SCHOOL
from app.ui.framework import tokens as t
from app.ui.framework.fields import Field
from app.ui.framework.forms import FormWidget
from app.ui.framework.page import Page
from app.ui.pages.scheme_editor_section import SchemesSection
from app.ui.pages.settings_fonts import FontsSection
from app.ui.pages.templates_list import TemplatesSection

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.adoption import AdoptionView
    from app.services.settings import ArchiveSettings
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools

_WIDTHS = ("spine_widths", "volume_widths")
_FIELDS = (
    Field(
        "retention",
        "保管期限",
        "suggest",
        choices=(("永久", "永久"), ("30年", "30年"), ("10年", "10年")),
    ),
    Field("fonds_code", "全宗号", help="没有全宗号的单位留空。", width=160),
    Field("fonds_name", "全宗名称", help="留空时用牵头单位的名称。"),
    Field("section", "机构（问题）", help="不按机构或问题分类的留空。"),
    Field("arranged_by", "整理人", help="印在备考表上；可以在“归档”页逐盒改。", width=160),
    Field("checked_by", "检查人", width=160),
    Field("sheets_per_mm", "每毫米纸张数", "number", unit="张", help="普通 80 克纸约 10 张。"),
    Field("pages_per_sheet", "打印方式", "choice", choices=(("1", "单面"), ("2", "双面"))),
    Field(
        "spine_widths",
        "现有盒脊宽度",
        help="毫米，用顿号或逗号分开，例如 20、30、40、50。",
        unit="毫米",
    ),
    Field("volume_widths", "卷脊宽度", help="毫米；方案要求成册（案卷）时用。", unit="毫米"),
    Field("slack_mm", "盒内余量", "number", unit="毫米", help="盒壁、目录和备考表占去的厚度。"),
)
_CODE_FIELDS = (
    Field(
        "code_pattern",
        "档号的写法",
        "suggest",
        choices=((DA_T_22, DA_T_22), (SCHOOL, SCHOOL)),
        help="花括号里是栏目，{件号:4} 是四位的件号；没有内容的栏目不写。编过的档号不会改。",
    ),
    Field("code_category", "门类代码", help="文书档案是 WS。", width=160),
    Field(
        "section_code", "机构（问题）代码", help="例如 JY；留空时用机构（问题）的名称。", width=160
    ),
    Field("catalogue_no", "目录号", help="成册（案卷）时印在卷脊和案卷目录上。", width=160),
)


class SettingsPage(Page):
    """A form whose fields are saved when they are left, and the schemes beside it."""

    help_text = (
        "这些设置属于这个档案库，会跟着它走。改动随时保存，可以用 Ctrl+Z 撤销。"
        "改了纸张或盒脊之后请重新排盒。\n\n"
        "“方案”里看采用的考核方案：修改前先看对缺项和得分的影响，改过的每一版都留着。\n\n"
        "“表格”里加入本单位自己的 Word、Excel 表，指出各项填在哪里，以后就按它填写。\n\n"
        "“字体”里看打印用的是哪些字体，档案里有没有印不出来的字。"
    )

    def __init__(self, tools: Tools, services: Services, adoption: AdoptionView) -> None:
        super().__init__(tools, "设置")
        self._services = services
        self.form = FormWidget(_FIELDS, tools.theme)
        self.form.setMaximumWidth(640)
        self.form.committed.connect(self._save)
        self.codes = FormWidget(_CODE_FIELDS, tools.theme)
        self.codes.setMaximumWidth(640)
        self.codes.committed.connect(self._save)
        self.schemes = SchemesSection(tools, services, adoption)
        for form in (self.form, self.codes):
            form.setViewportMargins(0, t.GAP, 0, 0)
        self.tabs = QTabWidget()
        self.tabs.addTab(self.form, "装盒与打印")
        self.tabs.addTab(self.codes, "档号")
        self.tabs.addTab(self.schemes, "方案")
        self.templates = TemplatesSection(tools, services, adoption)
        self.tabs.addTab(self.templates, "表格")
        self.fonts = FontsSection(tools, services)
        self.tabs.addTab(self.fonts, "字体")
        self._sections: dict[str, SchemesSection | TemplatesSection | FontsSection] = {
            "schemes": self.schemes,
            "templates": self.templates,
            "fonts": self.fonts,
        }
        self.show_view(tools.settings.text("settings/tab"))
        self.tabs.currentChanged.connect(self._on_tab)
        self.set_content(self.tabs)
        self.set_start(self.form.rows["retention"].editor)

    @override
    def refresh(self, changes: Changes | None) -> None:
        if changes is None or changes.touches("setting"):
            shown = _shown(self._services.settings.get())
            for form in (self.form, self.codes):
                form.set_values({name: shown[name] for name in form.rows})
        if changes is None or changes.touches("scheme_adoption", "draft", "template"):
            self._on_tab()

    @Slot()
    def _on_tab(self) -> None:
        """Sections are read when they are looked at; the tab is the same when they changed."""
        shown = self.tabs.currentWidget()
        name = next((key for key, one in self._sections.items() if one is shown), "")
        self.tools.settings.set("settings/tab", name)
        if name:
            self._sections[name].refresh()

    @override
    def show_view(self, name: str) -> None:
        if name in self._sections:
            self.tabs.setCurrentWidget(self._sections[name])

    @override
    def can_leave(self) -> bool:
        return self.form.commit_all() and self.codes.commit_all()

    def _save(self, name: str, value: object) -> None:
        try:
            self._services.settings.change(**{name: _meant(name, value)})
        except ValidationError as error:
            form = self.form if name in self.form.rows else self.codes
            form.set_error(name, error.sentence)
        except AppError as error:
            self.tools.errors.show_error(error)


def _shown(settings: ArchiveSettings) -> dict[str, object]:
    fields = (*_FIELDS, *_CODE_FIELDS)
    values: dict[str, object] = {field.name: getattr(settings, field.name) for field in fields}
    values["pages_per_sheet"] = str(settings.pages_per_sheet)
    for name in _WIDTHS:
        values[name] = "、".join(f"{width:g}" for width in getattr(settings, name))
    return values


def _meant(name: str, value: object) -> object:
    if name == "pages_per_sheet":
        return int(str(value))
    if name in _WIDTHS:
        return widths_of(str(value or ""))
    if name in ("sheets_per_mm", "slack_mm"):
        return float(str(value or 0))
    return str(value or "").strip()


def widths_of(text: str) -> tuple[float, ...]:
    """Widths in mm from what was typed; raises ValidationError."""
    parts = text.replace("，", "、").replace(",", "、").replace(" ", "、").split("、")
    try:
        return tuple(sorted({float(part) for part in parts if part}))
    except ValueError:
        raise ValidationError(
            f"“{text}”里有不是数字的内容。", "请写成 20、30、40、50 这样。"
        ) from None
