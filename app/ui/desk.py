"""The desk between window and archives: makes, opens and closes them, and puts up their pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog

from app.ui.framework.collecting import settle
from app.ui.framework.jobs import Job
from app.ui.framework.page import PageSpec
from app.ui.pages.welcome import WelcomePage

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services
    from app.context import Context
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.safety.backup import BackupReport
    from app.services.setup import NewArchive
    from app.ui.app import Program

_PAGE_OF = {
    "person": "members", "school": "members", "community": "members", "agreement": "members",
    "activity": "activities", "plan": "activities", "observation": "observations",
    "evidence": "materials",
}  # fmt: skip
"""Page on which a record of each findable kind is shown."""


class Desk(QObject):
    """Connects one window with one archive at a time."""

    def __init__(self, program: Program, context: Context, folder: Path | None = None) -> None:
        super().__init__(program.window)
        self._window = program.window
        self._tools = program.tools
        self._context = context
        self.services: Services | None = None
        self._adoption: AdoptionView | None = None
        window = self._window
        window.new_wanted.connect(self.make_new)
        window.open_wanted.connect(self.choose_and_open)
        window.recent_wanted.connect(self.open_named)
        window.backup_wanted.connect(self.back_up)
        window.close_wanted.connect(self.show_welcome)
        window.menus.trash.triggered.connect(self.show_trash)
        window.header.year.picked.connect(self.show_adoption)
        window.header.community.picked.connect(self.show_adoption)
        window.adoptions_changed.connect(self._follow_adoptions)
        window.header.search_wanted.connect(self.search)
        self.show_welcome()
        if folder is not None:
            self.open_folder(folder.absolute())

    def close(self) -> None:
        """Close the open archive, if any."""
        if self.services is not None:
            self.services.close()
            self.services = None

    @Slot()
    def show_welcome(self) -> None:
        """Close the archive and offer to choose one."""
        if self._busy():
            return
        self.close()
        page = WelcomePage(self._tools)
        page.new_wanted.connect(self.make_new)
        page.open_wanted.connect(self.choose_and_open)
        page.sample_wanted.connect(self.make_sample)
        page.picked.connect(self.open_named)
        self._window.show_welcome(page)

    @Slot()
    def make_new(self) -> None:
        """Ask the three questions of a new archive, then make it."""
        from app.ui.pages.new_archive import NewArchiveDialog

        answer = NewArchiveDialog(
            self._tools.theme, self._context.clock().date(), self._window
        ).ask()
        if answer is None or self._busy():
            return
        folder, wanted = answer
        self.create(folder, wanted)

    def create(self, folder: Path, wanted: NewArchive) -> None:
        """Make a new archive and show it."""

        def make() -> Services:
            from app.bootstrap import create_services

            return create_services(folder, wanted, self._context)

        self._take("新建档案库", make)

    @Slot()
    def choose_and_open(self) -> None:
        """Let the user pick an archive's folder."""
        folder = QFileDialog.getExistingDirectory(self._window, "打开档案库：请选择档案库文件夹")
        if folder:
            self.open_folder(Path(folder))

    @Slot(str)
    def open_named(self, folder: str) -> None:
        """Open an archive by the text of its path."""
        self.open_folder(Path(folder))

    def open_folder(self, folder: Path) -> None:
        """Open an archive and show it; what was open before is closed only when this succeeded."""
        if self.services is not None and self.services.path == folder.absolute():
            return

        def make() -> Services:
            # Imported here, off the GUI thread: the window is there before the database is.
            from app.bootstrap import open_services

            return open_services(folder, self._context)

        self._take("打开档案库", make)

    @Slot()
    def make_sample(self) -> None:
        """Make the sample archive in a folder that the user picks, and show it."""
        chosen = QFileDialog.getExistingDirectory(self._window, "把示例档案库放在哪个文件夹里？")
        if not chosen:
            return
        folder = _free_name(Path(chosen) / "示例档案库")

        def work(progress: Progress) -> Path:
            from app.services.demo import make_demo

            make_demo(folder, self._context, progress)
            return folder

        self._tools.jobs.start(
            Job("建立示例档案库", work, self.open_folder, owner=self, folder=lambda made: made)
        )

    def _take(self, label: str, make: Callable[[], Services]) -> None:
        if self._busy():
            return

        def work(_progress: Progress) -> Services:
            return make()

        self._tools.jobs.start(Job(label, work, self._show, owner=self, quiet=True))

    def _busy(self) -> bool:
        """Whether work on the open archive is still going on; it must end before another is shown."""
        if self._tools.jobs.active:
            self._tools.messages.say("后台任务还没有做完，请等它完成或先取消。")
            return True
        return False

    def _show(self, services: Services) -> None:
        self.close()
        self.services = services
        services.archive.uow.subscribe(self._window.committed.emit)
        settle()
        adopted = services.adoptions.all()
        self._put_up(services, adopted, adopted[0])

        def read_forms(_progress: Progress) -> None:
            services.forms.all()  # a fifth of a second of modules that several pages ask for

        self._tools.jobs.start(Job("读取表单", read_forms, owner=self, database=False, quiet=True))

    @Slot(str)
    def show_adoption(self, adoption_id: str) -> None:
        """Show another community or school year of the open archive."""
        if self.services is None:
            return
        adopted = self.services.adoptions.all()
        chosen = next((one for one in adopted if one.id == adoption_id), adopted[0])
        self._put_up(self.services, adopted, chosen)

    @Slot()
    def _follow_adoptions(self) -> None:
        """A school year was begun, or that was undone: show what is newest of what is there."""
        if self.services is not None and self._adoption is not None:
            community_id = self._adoption.community_id
            adopted = self.services.adoptions.all()
            ours = [one for one in adopted if one.community_id == community_id]
            self._put_up(self.services, adopted, (ours or adopted)[0])

    def _put_up(
        self, services: Services, adopted: list[AdoptionView], chosen: AdoptionView
    ) -> None:
        window = self._window
        self._adoption = chosen
        window.show_archive(services, self._pages(services, chosen))
        communities: dict[str, AdoptionView] = {}
        for one in adopted:
            if one.year == chosen.year:
                communities.setdefault(one.community_id, one)
        window.header.community.set_choices(
            [(one.id, one.community_name) for one in communities.values()], chosen.id
        )
        years = [one for one in adopted if one.community_id == chosen.community_id]
        last = self._tools.settings.text(f"backup/{services.archive.id}")
        window.status.set_backup(f"上次备份 {last}" if last else "还没有备份")
        window.header.year.set_choices([(one.id, one.period) for one in years], chosen.id)

    def _pages(self, services: Services, adoption: AdoptionView) -> list[PageSpec]:
        from app.ui.pages.activities import ActivitiesPage
        from app.ui.pages.assessment import AssessmentPage
        from app.ui.pages.boxes import BoxesPage
        from app.ui.pages.home import HomePage
        from app.ui.pages.materials import MaterialsPage
        from app.ui.pages.members import MembersPage
        from app.ui.pages.observations import ObservationsPage
        from app.ui.pages.paper import PaperPage
        from app.ui.pages.settings import SettingsPage

        tools = self._tools
        return [
            PageSpec("home", "首页", "house", lambda: HomePage(tools, services, adoption, self.go)),
            PageSpec(
                "members",
                "成员",
                "users",
                lambda: MembersPage(tools, services, adoption, self.go),
            ),
            PageSpec(
                "activities",
                "活动",
                "calendar-days",
                lambda: ActivitiesPage(tools, services, adoption, self.go),
            ),
            PageSpec(
                "observations",
                "听课",
                "ear",
                lambda: ObservationsPage(tools, services, adoption, self.go),
            ),
            PageSpec(
                "materials", "材料", "files", lambda: MaterialsPage(tools, services, adoption)
            ),
            PageSpec(
                "assessment",
                "考核",
                "clipboard-check",
                lambda: AssessmentPage(tools, services, adoption, self.go),
            ),
            PageSpec(
                "boxes", "归档", "archive", lambda: BoxesPage(tools, services, adoption, self.go)
            ),
            PageSpec(
                "paper", "文件", "printer", lambda: PaperPage(tools, services, adoption, self.go)
            ),
            PageSpec(
                "settings", "设置", "settings", lambda: SettingsPage(tools, services, adoption)
            ),
        ]

    def go(self, page: str, view: str) -> None:
        """Bring a page to the front and show one of its views."""
        self._window.show_page(page)
        if view and self._window.page is not None:
            self._window.page.show_view(view)

    @Slot()
    def search(self) -> None:
        """Let the user find any record of the open archive, and go to it."""
        from app.ui.pages.search_palette import SearchPalette

        if self.services is None or self._adoption is None:
            return
        palette = SearchPalette(self._tools, self.services, self._adoption, self._window)
        palette.opened.connect(self.show_record)
        palette.open()

    @Slot(str, str)
    def show_record(self, kind: str, record_id: str) -> None:
        """Show a record on the page of its kind."""
        self.go(_PAGE_OF[kind], f"record:{kind}:{record_id}")

    @Slot()
    def show_trash(self) -> None:
        """Show what was deleted in the open archive, to bring it back."""
        from app.ui.pages.trash import TrashDialog

        if self.services is not None:
            TrashDialog(self._tools, self.services, self._window).open()

    @Slot()
    def back_up(self) -> None:
        """Back the open archive up into a folder that the user picks."""
        services = self.services
        if services is None:
            return
        chosen = QFileDialog.getExistingDirectory(
            self._window, "把备份放在哪里？最好选 U 盘或移动硬盘", str(services.path.parent)
        )
        if chosen:
            self.back_up_to(Path(chosen))

    def back_up_to(self, folder: Path) -> None:
        """Back the open archive up into a folder."""
        services = self.services
        if services is None:
            return

        def work(progress: Progress) -> BackupReport:
            from app.services.safety.backup import back_up

            return back_up(services.archive, folder, progress)

        def done(report: BackupReport) -> None:
            now = f"{self._context.clock():%Y-%m-%d %H:%M}"
            self._tools.settings.set(f"backup/{services.archive.id}", now)
            self._tools.settings.save()
            self._window.status.set_backup(f"上次备份 {now}")
            self._tools.messages.say(f"备份完成，{report.files} 份材料都已核对：{report.path}")

        self._tools.jobs.start(
            Job(
                "备份档案库", work, done, owner=self,
                done_text=lambda report: f"已备份 {report.files} 份材料，并逐一核对",
                folder=lambda report: report.path,
            )
        )  # fmt: skip


def _free_name(folder: Path) -> Path:
    """The folder, or the first of the same name with a number that does not exist yet."""
    number, free = 2, folder
    while free.exists():
        free, number = folder.with_name(f"{folder.name}{number}"), number + 1
    return free
