"""证书: choose people, write the text once, see the first one, give them numbers; list and withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.certificates import PATTERN, WORDS, CertificateView, Order
from app.ui.framework import tokens as t
from app.ui.framework.dialogs import foot
from app.ui.framework.fields import Field
from app.ui.framework.forms import FormWidget
from app.ui.framework.jobs import Job
from app.ui.framework.messages import LAST_STEP
from app.ui.framework.preview import PreviewWidget
from app.ui.framework.theme import set_role
from app.ui.pages.certificates_people import PeoplePicker
from app.ui.pages.certificates_register import Register

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.ui.framework.page import Tools

_KINDS = tuple((one, one) for one in ("荣誉证书", "结业证书", "获奖证书", "聘书", "证明"))
_BODY = "{姓名} 老师：\n在{学年}{共同体}工作中成绩突出，被评为“{称号}”。\n特发此证，以资鼓励。"
_KEPT = ("kind", "title", "body", "issuer", "pattern")
"""Fields that are remembered on this computer."""
_SETTING = "certificates/"
_PAUSE = 300
"""Milliseconds without a change before the preview is drawn."""
_GIVE, _LIST = "发证书", "登记册"


class CertificatesDialog(QDialog):
    """Left the words, in the middle the people, right the first certificate; behind it the register."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tools, self._services, self._adoption = tools, services, adoption
        self._ticket = 0
        self._first: CertificateView | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("证书")
        self.resize(1120, 620)
        column = QVBoxLayout(self)
        column.setContentsMargins(t.GAP_LARGE, t.GAP_LARGE, t.GAP_LARGE, t.GAP_LARGE)
        column.setSpacing(t.GAP)
        self.tabs = QTabWidget()
        self.register = Register(tools, services.certificates, adoption.id)
        self.register.changed.connect(self._count)
        self.tabs.addTab(self._make_giving(), _GIVE)
        self.tabs.addTab(self.register, _LIST)
        column.addWidget(self.tabs, 1)
        column.addLayout(self._make_buttons())
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE)
        self._later.timeout.connect(self._draw)
        self._count()
        self._look()
        self.form.focus("title")

    # -- what it is made of --------------------------------------------------------------------

    def _make_giving(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, t.GAP, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.addWidget(self._make_form())
        self.people = PeoplePicker(self._services.certificates, self._adoption.id)
        self.people.changed.connect(self._look)
        self.people.source.currentIndexChanged.connect(self._look)
        split.addWidget(self.people)
        self.preview = PreviewWidget(self._tools.theme, self._tools.jobs)
        self.preview.steady = self.preview.narrow = True
        split.addWidget(self.preview)
        split.setSizes([300, 474, 346])
        column.addWidget(split, 1)
        self.told = QLabel()
        self.told.setWordWrap(True)
        column.addWidget(self.told)
        return page

    def _make_form(self) -> FormWidget:
        usable = "、".join(f"{{{one}}}" for one in WORDS)
        self.form = FormWidget(
            (
                Field("kind", "种类", "suggest", choices=_KINDS, required=True),
                Field("title", "称号", placeholder="例如 优秀学员"),
                Field("body", "正文", "multiline", required=True, lines=6,
                      help=f"可以写 {usable}，发的时候换成各人的"),
                Field("issuer", "颁发单位"),
                Field("awarded_on", "颁发日期", "date", required=True),
                Field("pattern", "编号写法", required=True,
                      help="{号:3} 是三位的顺序号，{年度} 是颁发的年份；用过的号不再用"),
            ),
            self._tools.theme,
        )  # fmt: skip
        usual = {"kind": "荣誉证书", "title": "", "body": _BODY, "issuer": "", "pattern": PATTERN}
        kept = {name: self._tools.settings.text(_SETTING + name, usual[name]) for name in _KEPT}
        issuer = kept["issuer"] or self._adoption.community_name
        today = self._services.archive.uow.context.clock().date()
        self.form.set_values({**kept, "issuer": issuer, "awarded_on": today})
        self.form.committed.connect(self._look)
        self.form.next_wanted.connect(self.give)
        return self.form

    def _make_buttons(self) -> QHBoxLayout:
        self.give_button = QPushButton("颁发")
        self.give_button.setToolTip("编号并记入登记册（Ctrl+Enter）")
        self.give_button.clicked.connect(self.give)
        row = foot(self, "证书和登记册在“文件”页印，也可以写成 PDF 和 Word。", self.give_button)
        self.tabs.currentChanged.connect(self._on_tab)
        return row

    @Slot(int)
    def _on_tab(self, number: int) -> None:
        self.give_button.setVisible(self.tabs.widget(number) is not self.register)

    @Slot()
    def _count(self) -> None:
        count = self.register.count
        self.tabs.setTabText(1, f"{_LIST} {count}" if count else _LIST)

    # -- what is asked for ---------------------------------------------------------------------

    @property
    def order(self) -> Order:
        """The batch as it stands in the dialog."""
        said = self.form.values()
        return Order(
            adoption_id=self._adoption.id,
            recipients=self.people.chosen,
            kind=str(said["kind"] or ""),
            body=str(said["body"] or ""),
            title=str(said["title"] or ""),
            issuer=str(said["issuer"] or ""),
            awarded_on=said["awarded_on"],  # type: ignore[arg-type]  # a date field gives a date
            pattern=str(said["pattern"] or ""),
            activity_id=self.people.activity_id or None,
        )

    @Slot()
    def _look(self) -> None:
        """Tell what would be given, or what is still wanting; the preview follows a little later."""
        if not self.people.chosen:
            self._first = None
            self._say("请在中间勾选要发证书的人。", wrong=False)
            self.preview.show_nothing("勾选人以后，在这里看第一份证书。")
            self.give_button.setEnabled(False)
            return
        try:
            made = self._services.certificates.preview(self.order)
        except AppError as error:
            self._say(error.sentence, wrong=True)
            self.give_button.setEnabled(False)
            return
        first, last = made[0].number, made[-1].number
        numbers = first if first == last else f"{first} 至 {last}"
        self._say(f"将发 {len(made)} 份，编号 {numbers}。", wrong=False)
        self.give_button.setEnabled(True)
        self._first = made[0]
        self._later.start()

    def _say(self, words: str, *, wrong: bool) -> None:
        self.told.setText(words)
        set_role(self.told, "error" if wrong else "muted")

    @Slot()
    def _draw(self) -> None:
        """Show the first certificate as it will be printed."""
        self._ticket += 1
        ticket, first = self._ticket, self._first
        if first is None:
            return
        clock = self._services.archive.uow.context.clock

        def work(_progress: Progress) -> bytes:
            from app.services.forms.reports.certificates import draft

            return draft(first, clock())

        def done(made: bytes) -> None:
            if ticket == self._ticket and self._first is first:
                self.preview.show_pdf(made)

        self._tools.jobs.start(Job("预览证书", work, done, owner=self, quiet=True, database=False))

    @Slot()
    def give(self) -> None:
        """Number the certificates and put them into the register."""
        if not self.form.commit_all() or not self.people.chosen:
            return
        order, certificates = self.order, self._services.certificates

        def work(_progress: Progress) -> tuple[str, ...]:
            return certificates.give(order)

        def done(made: tuple[str, ...]) -> None:
            for name in _KEPT:
                self._tools.settings.set(_SETTING + name, str(self.form.values()[name] or ""))
            self.people.clear()
            self.register.load()
            self._count()
            self.tabs.setCurrentWidget(self.register)
            self.register.list.scrollToBottom()
            self._tools.messages.say(f"已颁发{order.kind} {len(made)} 份。", topic=LAST_STEP)

        def fail(error: Exception) -> None:
            self.give_button.setEnabled(True)
            if isinstance(error, AppError):
                self._say(error.sentence, wrong=True)
            else:
                self._tools.errors.show_error(error)

        self.give_button.setEnabled(False)
        self._tools.jobs.start(Job("颁发证书", work, done, fail, owner=self, quiet=True))


def open_certificates(
    tools: Tools, services: Services, adoption: AdoptionView, parent: QWidget
) -> None:
    """Show the dialog; whoever shows certificates is told by the change itself."""
    CertificatesDialog(tools, services, adoption, parent).open()
