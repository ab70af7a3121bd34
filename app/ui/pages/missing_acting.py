"""What is done with lines of the missing list: files put in, papers noted, lines let pass."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from app.errors import AppError
from app.services.evidence.service import Destination
from app.services.overview import PAGES
from app.services.standing.handing import Place
from app.ui.framework.jobs import Job
from app.ui.framework.messages import LAST_STEP
from app.ui.pages.materials_adding import Adding
from app.ui.pages.materials_intake import summary, tell_outcome
from app.ui.pages.missing_lines import takes_pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.evidence.service import IngestReport
    from app.services.standing.records import Finding
    from app.ui.framework.page import Tools
    from app.ui.pages.missing_asking import Answer

_FOLDER = "materials/last_folder"
_KINDS = {"pair": "mentor_pair", "unit": "school", "group": "community"}


class Acting(QObject):
    """Everything that settles lines; each act is one step of the undo list."""

    def __init__(
        self,
        view: QWidget,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        go: Callable[[str, str], None],
    ) -> None:
        super().__init__(view)
        self._view, self._tools, self._services = view, tools, services
        self._adoption, self._go = adoption, go
        self._adding = Adding(view, tools, services, adoption.id)

    # -- looking -----------------------------------------------------------------------------

    def open(self, one: Finding) -> None:
        """Go to where the line is mended."""
        kind, _, id_ = one.record.partition(":")
        kind = _KINDS.get(kind, kind)
        if not id_ or kind not in PAGES:
            self._tools.messages.say("这一条没有对应的记录，看“缺什么”一栏里写的怎么办。")
        elif kind == "activity" and takes_pieces(one):
            self._go("activities", f"materials:{id_}")
        else:
            self._go(PAGES[kind], f"record:{kind}:{id_}")

    # -- pieces ------------------------------------------------------------------------------

    def choose(self, findings: Sequence[Finding]) -> None:
        """Let the user choose the files that settle these lines."""
        home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        last = self._tools.settings.text(_FOLDER, home)
        title = findings[0].what if len(findings) == 1 else f"放入 {len(findings)} 条所缺的材料"
        chosen, _kind = QFileDialog.getOpenFileNames(self._view, title, last)
        if chosen:
            self._tools.settings.set(_FOLDER, str(Path(chosen[0]).parent))
            self.put(findings, [Path(name) for name in chosen])

    def put(self, findings: Sequence[Finding], paths: Sequence[Path]) -> None:
        """Take files in as what these lines lack; where there are several lines, as that of each."""
        services = self._services
        first, *others = (
            Destination(
                target=one.target, slot=one.slot, owner_id=one.person_id or None,
                counted_on=one.counts_on,
            )
            for one in findings
        )  # fmt: skip
        to = replace(first, also=tuple(others))

        def work(progress: Progress) -> IngestReport:
            return services.evidence.ingest(paths, to, progress)

        def cancelled() -> None:
            self._tools.messages.say("已取消，没有放入任何材料。")

        self._tools.jobs.start(
            Job(
                "放入材料", work, self._on_put, on_cancelled=cancelled, owner=self._view,
                done_text=summary,
            )
        )  # fmt: skip

    def _on_put(self, report: IngestReport) -> None:
        tell_outcome(self._tools.messages, report)
        if report.added:
            self._adding.read_texts()

    def receive(self, findings: Sequence[Finding], answer: Answer) -> None:
        """Note that the papers came."""
        places = [Place(one.target, one.slot, one.person_id) for one in findings]
        self._services.handing.receive_papers(places, answer.copies, answer.day, answer.place)
        self._say(f"已登记收到的纸质材料 {len(findings) * answer.copies} 份。")

    # -- letting pass ------------------------------------------------------------------------

    def waive(self, findings: Sequence[Finding], answer: Answer) -> None:
        """The pieces need not be there."""
        places = [
            Place(one.target, one.slot, one.person_id, "" if one.person_id else one.school_id)
            for one in findings
        ]
        self._services.handing.waive_all(self._adoption.id, places, answer.reason)
        self._say(f"{len(places)} 项已标为不适用。")

    def ignore(self, findings: Sequence[Finding], answer: Answer) -> None:
        """Let the lines pass for a reason."""
        self._let_pass(findings, answer.reason)
        self._say(f"已忽略 {len(findings)} 条，原因记入档案。")

    def done(self, findings: Sequence[Finding], answer: Answer) -> None:
        """What was due was handed in."""
        self._let_pass(findings, f"已交 {answer.day}")
        self._say(f"{len(findings)} 条已标记为交了。")

    def _let_pass(self, findings: Sequence[Finding], reason: str) -> None:
        words = {one.key: f"{one.where}：{one.what}" for one in findings}
        self._services.entering.ignore_all(self._adoption.id, words, reason)

    def unignore(self, findings: Sequence[Finding]) -> None:
        """The lines stand again."""
        try:
            self._services.entering.unignore_all(self._adoption.id, [one.key for one in findings])
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self._say(f"{len(findings)} 条不再忽略。")

    def reasons(self) -> set[str]:
        """Reasons given before, to be offered again."""
        id_ = self._adoption.id
        found = {one.reason for one in self._services.entering.ignored(id_).values()}
        found |= {one.reason for one in self._services.handing.waivers(id_)}
        return {one for one in found if not one.startswith("已交 ")}

    def _say(self, words: str) -> None:
        self._tools.messages.say(words, topic=LAST_STEP)
