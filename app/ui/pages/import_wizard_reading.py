"""Reading a table for the import window: off its thread, and again after each correction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.imports.kinds import load_kind
from app.ui.framework.jobs import Job
from app.ui.pages.import_wizard_look import Look, Opened, Wish, look, open_table

if TYPE_CHECKING:
    from pathlib import Path

    from app.progress import Progress
    from app.services.imports.mappings import SavedMapping
    from app.services.imports.report import Policy
    from app.services.imports.wizard import Imports
    from app.ui.framework.jobs import JobHandle, JobRunner

_PAUSE_MS = 200


class TableReading(QObject):
    """Keeps what the user wishes, and tells what comes of it when there is a pause."""

    opened = Signal(object)
    """Opened: another table is there."""
    looked = Signal(object)
    """Look at the table as it is wished now."""
    failed = Signal(object)
    busy = Signal(str, int, int)
    """What is being done (empty: nothing any more), how much of it, and of how much."""

    def __init__(
        self, jobs: JobRunner, imports: Imports, community_id: str, kind: str, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._imports = imports
        self._community = community_id
        self._job: JobHandle | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.look_now)
        self.table: Opened | None = None
        self.wish = Wish(kind)
        self.look: Look | None = None
        self.applied = ""
        """Name of the saved mapping in force; empty: none."""
        self.by_hand = False
        """Whether the user chose columns one by one."""

    @property
    def current(self) -> bool:
        """Whether the last look is what the user wishes now."""
        return self.look is not None and self.look.wish is self.wish

    def open(self, source: Path | str) -> None:
        """Read a file or copied cells, whatever kind they are of."""
        imports, preferred = self._imports, self.wish.kind

        def work(_progress: Progress) -> Opened:
            return open_table(imports, source, preferred)

        self.busy.emit("正在读取…", 0, 0)
        self._jobs.start(
            Job("读取表格", work, self._take, self._fail, owner=self, database=False, quiet=True)
        )

    def _take(self, table: Opened) -> None:
        self.stop()
        self.table = table
        self._choose(Wish(table.kind))
        self.opened.emit(table)
        self.look_now()

    def _fail(self, error: Exception) -> None:
        self.busy.emit("", 0, 0)
        self.failed.emit(error)

    # -- what the user wishes ----------------------------------------------------------------

    def set_kind(self, kind: str) -> None:
        """It is a table of another kind."""
        policies = load_kind(kind).policies
        policy = self.wish.policy if self.wish.policy in policies else cast("Policy", policies[0])
        self._choose(replace(self.wish, kind=kind, policy=policy, header_row=None, mapping=None))
        self._wait()

    def set_sheet(self, sheet: str) -> None:
        """Another sheet is to be read."""
        self._choose(replace(self.wish, sheet=sheet, header_row=None, mapping=None))
        self._wait()

    def set_header(self, sheet: str, row: int) -> None:
        """The header is in another row; 0: there is none."""
        self._choose(replace(self.wish, sheet=sheet, header_row=row, mapping=None))
        self._wait()

    def set_columns(self, mapping: dict[str, int]) -> None:
        """The user says which column is what."""
        self._choose(self._mapped(mapping), by_hand=True)
        self._wait()

    def set_saved(self, saved: SavedMapping | None) -> None:
        """A mapping that was kept is to be applied; None: as the program finds the columns."""
        if saved is None:
            self._choose(replace(self.wish, header_row=None, mapping=None))
        else:
            self._choose(self._mapped(dict(saved.columns), saved), applied=saved.name)
        self._wait()

    def set_policy(self, policy: Policy) -> None:
        """Something else is to become of records that are there already."""
        self.wish = replace(self.wish, policy=policy)
        self._wait()

    def set_create_missing(self, *, create: bool) -> None:
        """Whether people and schools that are only named are to be made."""
        self.wish = replace(self.wish, create_missing=create)
        self._wait()

    def _choose(self, wish: Wish, *, applied: str = "", by_hand: bool = False) -> None:
        self.wish, self.applied, self.by_hand = wish, applied, by_hand

    def _mapped(self, mapping: dict[str, int], saved: SavedMapping | None = None) -> Wish:
        """The table read with these columns, under the header that it has."""
        proposal = self.look.proposal if self.look else None
        if proposal is None:
            return replace(self.wish, mapping=mapping)
        row = saved.row_in(proposal.sheet) if saved else None
        header = proposal.header.first_row if row is None else row
        return replace(self.wish, sheet=proposal.sheet.name, header_row=header, mapping=mapping)

    # -- looking -----------------------------------------------------------------------------

    def _wait(self) -> None:
        """Look when nothing more is changed for a moment; what is looked at now is out of date."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        if self.table is not None:
            self.busy.emit("正在核对…", 0, 0)
            self._pause.start()

    def stop(self) -> None:
        """Do not look any more."""
        self._pause.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None

    @Slot()
    def look_now(self) -> None:
        """See what the import would do."""
        if self.table is None:
            return
        imports, book, wish = self._imports, self.table.book, self.wish
        community = self._community

        def work(progress: Progress) -> Look:
            return look(imports, book, wish, community, progress)

        self.busy.emit("正在核对…", 0, 0)
        job = self._jobs.start(
            Job("核对表格", work, self._show, self._fail, owner=self, database=False, quiet=True)
        )
        self._job = None if job.state.over else job

    def _show(self, found: Look) -> None:
        if found.wish is not self.wish:
            return
        self._job = None
        self.look = found
        if found.proposal is not None and found.proposal.saved:
            self.applied = found.proposal.saved
        self.busy.emit("", 0, 0)
        self.looked.emit(found)
