"""文件: every form that can be printed, for whom, seen before; on paper, as PDF, Word and Excel."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

from app.services.forms.by_hand import all_blank
from app.services.forms.form import Request
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.page import Page
from app.ui.pages import paper_actions
from app.ui.pages.paper_forms import TEMPLATE, FormsPane
from app.ui.pages.paper_middle import MiddlePane
from app.ui.pages.paper_output import KINDS, Order, Output
from app.ui.pages.paper_preview import PaperPreview
from app.ui.pages.paper_prints import Prints
from app.ui.pages.paper_results import ResultBar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.forms.batch import Piece
    from app.services.forms.form import Form, Target
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools
    from app.ui.pages.paper_batch import Batch

_FORM, _SIZES_KEY = "paper/form", "paper/columns"
_SIZES = (190, 400, 570)
_MINIMUM = (160, 320, 300)
_KEYS = {".pdf": "Ctrl+S", ".docx": "Ctrl+Shift+S", ".xlsx": "Ctrl+Alt+S"}
_ICONS = {".pdf": "file", ".docx": "file-text", ".xlsx": "file-spreadsheet"}
_TYPED = {"report_text"}


class PaperPage(Page):
    """Forms at the left, what is asked about them in the middle, the paper at the right."""

    help_text = (
        "左边选表，中间选给谁，右边看印出来的样子；再打印，或存成 PDF、Word、Excel。\n\n"
        "打勾的都在内；一个也不勾，就是光标所在的那一份。空格打勾，Ctrl+A 选中全部后按空格就全部打勾。"
        "“每份存成一个文件”时，文件名取自日期和名称。\n\n"
        "带“正文”的报告，在“正文”里写好文字，离开一格就保存；没写过的沿用上一次的，旁边会注明。\n\n"
        "“批量”一次输出几种表：勾选表，选学期和文件夹；做不成的一个一个列出来，其余照做。\n\n"
        "打印时印偏了，在打印窗口里打一张校准页，照上面写的量一量，填进“位置校正”，这台打印机就记住了。"
    )
    keys = (
        ("F6", "到下一栏"),
        ("Ctrl+F", "查找表"),
        ("空格", "打勾"),
        ("F9", "只看预览"),
        ("PgUp / PgDn", "预览里翻页"),
        ("Ctrl++ / Ctrl+-", "放大、缩小"),
        ("Ctrl+0 / Ctrl+9", "整页、适合宽度"),
    )

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        go: Callable[[str, str], None] | None = None,
    ) -> None:
        super().__init__(tools, "文件")
        self._services = services
        self._adoption = adoption
        self._form: Form | None = None
        self._ticket = 0
        self._point: tuple[str, ...] = ()
        self.forms = FormsPane(services.forms.all())
        self.middle = MiddlePane(tools, services, adoption.id, go)
        self.preview = PaperPreview(tools, services.forms.preview)
        self.bar = ResultBar(tools)
        self.output = Output(tools, services, adoption, self.bar, self)
        self.prints = Prints(tools, services, self.bar, self)
        self.print_button = self.set_primary("打印…", "printer", self.print_paper, "Ctrl+P")
        self.batch_button = self.add_button("批量…", "files", self.ask_batch, "Ctrl+Shift+P")
        self.save_buttons: dict[str, QPushButton] = {}
        for ending in reversed(KINDS):
            button = self.add_button(f"存为 {KINDS[ending]}", _ICONS[ending], self._on_save,
                                     _KEYS[ending])  # fmt: skip
            button.setProperty("ending", ending)
            self.save_buttons[ending] = button
        for words, function in paper_actions.actions_of("*"):
            self.add_more(words, partial(self._act, function), "file-text")
        self.set_content(self._build())
        self.set_start(self.forms)
        self._connect()
        self.middle.targets.show_terms(services.plans.terms(adoption.id))
        keys = [form.key for form in services.forms.all()]
        last = tools.settings.text(_FORM)
        self._choose(last if last in keys else keys[0])

    def _build(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        self.columns.setHandleWidth(t.GAP)
        self.columns.setChildrenCollapsible(False)
        self._parts: tuple[QWidget, ...] = (self.forms, self.middle, self.preview)
        for number, (part, least) in enumerate(zip(self._parts, _MINIMUM, strict=True)):
            part.setMinimumWidth(least)
            self.columns.addWidget(part)
            self.columns.setStretchFactor(number, number)
        saved = self.tools.settings.numbers(_SIZES_KEY)
        self.columns.setSizes(saved if len(saved) == len(_SIZES) else list(_SIZES))
        self.columns.splitterMoved.connect(self._remember_sizes)
        column.addWidget(self.columns, 1)
        column.addWidget(self.bar)
        return content

    def _connect(self) -> None:
        self.forms.chosen.connect(self._on_form)
        self.forms.entered.connect(self.middle.focus)
        self.middle.changed.connect(self._ask_preview)
        self.middle.action_wanted.connect(self._act)
        self.bar.listed.connect(self.columns.setHidden)
        self.preview.wide_wanted.connect(self.toggle_wide)
        for keys, slot in (
            ("F6", self._go_on), ("Shift+F6", self._go_back), ("F9", self.toggle_wide),
            ("Ctrl+F", self._find),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    # -- showing -----------------------------------------------------------------------------

    @override
    def refresh(self, changes: Changes | None) -> None:
        if changes is not None and set(changes.ids) <= _TYPED:
            self._ask_preview()
            return
        if changes is None or changes.touches("template"):
            self._show_templates()
        self._load()

    @override
    def show_view(self, name: str) -> None:
        """``form:target``, or ``subject:target`` for the form of that kind that was used last.

        Several targets stand with commas between them.
        """
        key, _colon, targets = name.partition(":")
        forms = self._services.forms.all()
        fitting = [form.key for form in forms if key in {form.key, form.subject}]
        if not fitting:
            return
        last = self.tools.settings.text(f"{_FORM}/{key}")
        self.bar.more.setChecked(False)
        self._point = tuple(filter(None, targets.split(",")))
        self._choose(last if last in fitting else fitting[0])
        self._load()
        self.middle.focus()

    @override
    def can_leave(self) -> bool:
        return self.middle.commit()

    def _show_templates(self) -> None:
        form, templates = self._form, self._services.templates
        self.forms.show_templates(templates.all())
        if form is not None:
            chosen = self.middle.styles.template or ""
            self.middle.styles.show_form(form, templates.for_form(form.key), chosen)

    def _choose(self, key: str) -> None:
        self.forms.choose(key)
        self._show_form(key)

    @Slot(str)
    def _on_form(self, key: str) -> None:
        self._show_form(key)
        self._load()

    def _show_form(self, key: str) -> None:
        """Show a form, or an office's own in place of the one it stands for."""
        templates, template = self._services.templates, ""
        if key.startswith(TEMPLATE):
            template = key.removeprefix(TEMPLATE)
            view = templates.get(template)
            key = view.form or templates.forms_of(view.subject)[0].key
        form = self._services.forms.get(key)
        self._form = form
        self.tools.settings.set(_FORM, key)
        self.tools.settings.set(f"{_FORM}/{form.subject}", key)
        self.middle.show_form(form)
        self.middle.styles.show_form(form, templates.for_form(key), template)

    def _load(self) -> None:
        """Read beside the window for whom the form can be printed; only the latest answer counts."""
        form, services, adoption_id = self._form, self._services, self._adoption.id
        if form is None:
            return
        self._ticket += 1
        ticket = self._ticket
        if self.middle.targets.await_others(form.subject):  # theirs are not for this form
            self.preview.hold()
            self._show_buttons(self.order())

        def work(_progress: Progress) -> tuple[Target, ...]:
            return services.forms.targets(form.key, adoption_id)

        def show(targets: tuple[Target, ...]) -> None:
            if ticket == self._ticket:
                self._show_targets(form, targets)

        job = Job("读取名单", work, show, owner=self, database=False, quiet=True)
        self.tools.jobs.start(job)

    def _show_targets(self, form: Form, targets: tuple[Target, ...]) -> None:
        self.middle.show_targets(form, self._services.forms.subject(form.key), targets)
        if self._point:
            self.middle.targets.point(self._point)
            self._point = ()
        self._ask_preview()

    @Slot()
    def _ask_preview(self) -> None:
        order = self.order()
        self._show_buttons(order)
        if order is None or not order.some:
            self.preview.say("选好表和对象，在这里预览。")
            return
        self.preview.ask(order.request, len(order.targets), together=order.form.together)

    def _show_buttons(self, order: Order | None) -> None:
        some = bool(order and order.some)
        self.print_button.setEnabled(some)
        for ending, button in self.save_buttons.items():
            button.setVisible(ending in self.middle.styles.formats)
            button.setEnabled(some)

    def order(self) -> Order | None:
        """What is chosen now."""
        form = self._form
        if form is None:
            return None
        options = self.middle.options.values()
        nobody = all_blank(options)
        targets = () if nobody else self.middle.targets.chosen().targets
        request = Request(
            form.key, self._adoption.id, None if nobody else tuple(one.id for one in targets),
            options, self.middle.styles.template,
        )  # fmt: skip
        return Order(form, request, targets)

    # -- output ------------------------------------------------------------------------------

    def _ordered(self) -> Order | None:
        """What is to be put out; None where there is nothing, or something typed is wrong."""
        if not self.can_leave():
            return None
        order = self.order()
        if order is None or not order.some:
            self.bar.say("info", "还没有选好要输出的对象。")
            return None
        return order

    @Slot()
    def _on_save(self) -> None:
        sender, order = self.sender(), self._ordered()
        if sender is not None and order is not None:
            self.output.save(order, sender.property("ending"), split=self.middle.splits)

    @Slot()
    def print_paper(self) -> None:
        """Lay out what is chosen, then ask for the printer."""
        order = self._ordered()
        if order is not None:
            self.prints.begin(order, self.output.name_of(order, ".pdf"))

    @Slot()
    def ask_batch(self) -> None:
        """Ask which forms to write at once."""
        from app.ui.pages.paper_batch import BatchDialog

        if not self.can_leave():
            return
        terms = self._services.plans.terms(self._adoption.id)
        dialog = BatchDialog(self.tools, self._services, self._adoption, terms, self)
        dialog.wanted.connect(self._on_batch)
        dialog.open()

    @Slot(object)
    def _on_batch(self, batch: Batch) -> None:
        folder = self.output.ask_folder("把这些文件放在哪个文件夹？")
        if folder is not None:
            self.write_batch(batch, folder)

    def write_batch(self, batch: Batch, folder: Path) -> None:
        """Find out beside the window what there is to write, then write it."""
        services, adoption = self._services, self._adoption

        def work(_progress: Progress) -> tuple[list[Piece], list[str]]:
            from app.ui.pages.paper_batch import pieces_of

            return pieces_of(batch, services, adoption, folder)

        def done(found: tuple[list[Piece], list[str]]) -> None:
            pieces, notes = found
            if pieces:
                self.output.write(pieces, "批量输出", notes=notes)
            else:
                self.bar.say("info", f"没有可输出的：{'；'.join(notes)}")

        self.tools.jobs.start(
            Job("准备批量输出", work, done, owner=self, database=False,
                done_text=lambda found: f"{len(found[0])} 个文件")
        )  # fmt: skip

    @Slot(str)
    def _act(self, function: str) -> None:
        if self.can_leave():
            paper_actions.run(function, self.tools, self._services, self._adoption, self)

    # -- moving about ------------------------------------------------------------------------

    @Slot()
    def toggle_wide(self) -> None:
        """Give the preview the whole page, or the columns their places back."""
        self.bar.more.setChecked(False)
        wide = self.forms.isVisible()
        for part in (self.forms, self.middle):
            part.setVisible(not wide)
        self.preview.set_wide(wide=wide)
        if wide:
            self.preview.focus()

    @Slot()
    def _find(self) -> None:
        self.bar.more.setChecked(False)
        if not self.forms.isVisible():
            self.toggle_wide()
        self.forms.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.forms.search.selectAll()

    @Slot()
    def _remember_sizes(self) -> None:
        self.tools.settings.set(_SIZES_KEY, self.columns.sizes())

    @Slot()
    def _go_on(self) -> None:
        self._go_round(1)

    @Slot()
    def _go_back(self) -> None:
        self._go_round(-1)

    def _go_round(self, step: int) -> None:
        shown = [part for part in self._parts if part.isVisible()]
        here = self.window().focusWidget()
        inside = [here is not None and part.isAncestorOf(here) for part in shown]
        now = inside.index(True) if True in inside else -step
        part = shown[(now + step) % len(shown)]
        starts = {self.middle: self.middle.focus, self.preview: self.preview.focus}
        starts.get(part, part.setFocus)()
