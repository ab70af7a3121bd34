"""What the readers of values may use: the archive, its services, and the year that is printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from app.services.activities.service import Activities
    from app.services.adoption import Adoptions, AdoptionView
    from app.services.archive import Archive
    from app.services.boxes.service import BoxService
    from app.services.forms.form import Options
    from app.services.people.service import People
    from app.services.standing.entering import Entering
    from app.services.standing.service import Standing
    from app.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Sources:
    """Services that forms read from; each opens sessions of its own."""

    archive: Archive
    adoptions: Adoptions
    activities: Activities
    boxes: BoxService
    people: People
    standing: Standing
    entering: Entering


@dataclass(frozen=True, slots=True)
class Reading:
    """One order's view of the archive."""

    sources: Sources
    adoption: AdoptionView
    options: Options
    form: str = ""
    """Key of the form that is printed; its typed parts are kept under it."""

    @property
    def uow(self) -> UnitOfWork:
        """For reading the database."""
        return self.sources.archive.uow

    @property
    def folder(self) -> Path:
        """The archive's folder."""
        return self.sources.archive.path

    @property
    def now(self) -> datetime:
        """The clock of this archive."""
        return self.uow.context.clock()
