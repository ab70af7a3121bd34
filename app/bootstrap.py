"""Composition root: an open archive and the services that work on it, built once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.activities.plans import Plans
from app.services.activities.service import Activities
from app.services.adopting import Adopting
from app.services.adoption import Adoptions
from app.services.archive import Archive, open_archive
from app.services.boxes.service import BoxService
from app.services.certificates import Certificates
from app.services.codes.service import Codes
from app.services.drafts import Drafts
from app.services.draws import Draws
from app.services.entry.service import Entries
from app.services.entry.views import SavedViews
from app.services.entry.wording import Histories
from app.services.evidence.catalogue import EvidenceCatalogue
from app.services.evidence.service import EvidenceService
from app.services.fonts import Fonts
from app.services.forms.reading import Sources
from app.services.forms.service import Forms
from app.services.history import History
from app.services.imports.wizard import Imports
from app.services.observations.service import Observations
from app.services.overview import Overviews
from app.services.people.service import People
from app.services.records import Records
from app.services.rubrics import Rubrics
from app.services.search import Search
from app.services.settings import Settings
from app.services.setup import NewArchive, start_archive
from app.services.standing.entering import Entering
from app.services.standing.handing import Handing
from app.services.standing.service import Standing
from app.services.standing.slips import Reminders
from app.services.templates.service import Templates
from app.services.trash import Trash

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from app.context import Context


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that can be done with one open archive."""

    archive: Archive
    adoptions: Adoptions
    evidence: EvidenceService
    catalogue: EvidenceCatalogue
    boxes: BoxService
    codes: Codes
    entries: Entries
    views: SavedViews
    histories: Histories
    trash: Trash
    records: Records
    activities: Activities
    plans: Plans
    rubrics: Rubrics
    observations: Observations
    drafts: Drafts
    search: Search
    settings: Settings
    history: History
    imports: Imports
    draws: Draws
    people: People
    standing: Standing
    entering: Entering
    handing: Handing
    reminders: Reminders
    overviews: Overviews
    adopting: Adopting
    certificates: Certificates
    forms: Forms
    fonts: Fonts
    templates: Templates

    @property
    def path(self) -> Path:
        """Folder of the archive."""
        return self.archive.path

    @property
    def name(self) -> str:
        """What the archive is called: its community, or its folder before there is one."""
        adopted = self.adoptions.all()
        return adopted[0].community_name if adopted else self.path.name

    def __enter__(self) -> Services:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the archive."""
        self.archive.close()


def services_of(archive: Archive) -> Services:
    """Build the services on an open archive."""
    uow = archive.uow
    adoptions = Adoptions(uow)
    boxes = BoxService(uow, archive.id)
    standing = Standing(uow)
    activities, people, entering = Activities(uow), People(uow), Entering(uow)
    catalogue, drafts = EvidenceCatalogue(archive), Drafts(uow)
    entries = Entries(uow, standing.lacking)
    forms = Forms(Sources(archive, adoptions, activities, boxes, people, standing, entering))
    return Services(
        archive=archive,
        adoptions=adoptions,
        evidence=EvidenceService(archive, adoptions),
        catalogue=catalogue,
        boxes=boxes,
        codes=Codes(uow),
        entries=entries,
        views=SavedViews(uow),
        histories=Histories(uow),
        trash=Trash(uow),
        records=Records(uow),
        activities=activities,
        plans=Plans(uow),
        rubrics=Rubrics(uow),
        observations=Observations(uow),
        drafts=drafts,
        search=Search(uow),
        settings=Settings(uow),
        history=History(uow),
        imports=Imports(uow),
        draws=Draws(uow),
        people=people,
        standing=standing,
        entering=entering,
        handing=Handing(uow),
        reminders=Reminders(uow),
        overviews=Overviews(
            uow, catalogue=catalogue, entries=entries, boxes=boxes, drafts=drafts, standing=standing
        ),
        adopting=Adopting(uow, standing),
        certificates=Certificates(uow),
        forms=forms,
        fonts=Fonts(uow),
        templates=Templates(archive, forms),
    )


def open_services(path: Path, context: Context) -> Services:
    """Open an archive with its services."""
    return services_of(open_archive(path, context))


def create_services(path: Path, wanted: NewArchive, context: Context) -> Services:
    """Make a new archive and give its services."""
    return services_of(start_archive(path, wanted, context))
