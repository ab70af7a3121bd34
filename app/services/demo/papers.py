"""The sample files: taken in by their folders, then noted as an office would note them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.errors import NotFoundError
from app.models import Activity, Evidence, EvidenceLink
from app.resources import resource
from app.services.demo.story import titles
from app.services.evidence.service import Destination, EvidenceEdit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.progress import Progress
    from app.services.evidence.service import EvidenceService, IngestReport
    from app.services.unit_of_work import UnitOfWork

_EDITED = ("title", "author", "dated_on", "doc_no", "pages", "level")


def take_in(
    evidence: EvidenceService,
    adoption_id: str,
    notes: Sequence[dict[str, Any]],
    progress: Progress,
) -> IngestReport:
    """Take all sample files in by their folders; set title, author, date, pages and seal."""
    folder = _folder()
    report = evidence.ingest(
        sorted(path for path in folder.iterdir() if path.is_dir()),
        Destination(adoption_id=adoption_id, by_folder=True),
        progress,
    )
    ids = {one.sha256: one.id for one in report.added}
    sealed = []
    for note in notes:
        evidence_id = ids[_sha256(folder / note["file"])]
        evidence.edit([evidence_id], EvidenceEdit(**{k: note[k] for k in _EDITED if k in note}))
        if note.get("sealed", True):
            sealed.append(evidence_id)
    evidence.edit(sealed, EvidenceEdit(sealed=True))
    return report


def prove_activities(
    uow: UnitOfWork, report: IngestReport, notes: Sequence[dict[str, Any]]
) -> None:
    """Link the files to the activities that they prove, each to its slot."""
    ids = {one.sha256: one.id for one in report.added}
    with uow.write("把材料挂到活动") as session:
        activities = {one.title: one for one in session.scalars(select(Activity))}
        for note in notes:
            if "activity" not in note:
                continue
            piece = session.get_one(Evidence, ids[_sha256(_folder() / note["file"])])
            activity = activities[titles()[note["activity"]]]
            piece.links.append(EvidenceLink(activity_id=activity.id, slot=note.get("slot", "")))


def _folder() -> Path:
    folder = resource("samples", "材料")
    if not folder.is_dir():
        raise NotFoundError("程序里缺少示例文件。", "请重新安装本程序。", details=str(folder))
    return folder


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
