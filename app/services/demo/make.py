"""Makes the sample archive with the same services that the window uses, and prints its boxes."""

from __future__ import annotations

import shutil
import tomllib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.errors import ConflictError
from app.models import (
    Activity,
    Community,
    CommunityUnit,
    Evidence,
    Observation,
    Person,
    School,
    new_id,
)
from app.progress import NoProgress, Progress
from app.resources import resource
from app.services.activities.service import Activities
from app.services.adoption import Adoptions
from app.services.boxes.service import BoxEdit, BoxService
from app.services.codes.service import Codes
from app.services.demo import papers, story
from app.services.evidence.service import EvidenceService
from app.services.files import storage_errors
from app.services.forms.form import Request
from app.services.forms.reading import Sources
from app.services.forms.service import Forms
from app.services.people.service import People
from app.services.settings import Settings
from app.services.setup import NewArchive, start_archive
from app.services.standing.entering import Entering
from app.services.standing.service import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.context import Context
    from app.services.archive import Archive

OUTPUT = "输出"
"""Folder for the printed documents, inside the archive's folder."""

_PRINTED = (
    ("cover", ".pdf"), ("spine", ".pdf"), ("directory", ".pdf"), ("directory", ".xlsx"),
    ("register", ".pdf"), ("reference-sheet", ".pdf"), ("book", ".pdf"), ("observation", ".pdf"),
    ("activity-record", ".docx"), ("sign-in", ".pdf"), ("photo-sheet", ".pdf"),
    ("certificates", ".pdf"), ("summary", ".docx"), ("self-assessment", ".docx"),
    ("ledger", ".xlsx"), ("roster", ".xlsx"),
)  # fmt: skip
"""Forms that are printed for all of the year in one file."""


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What was made, and the documents printed."""

    path: Path
    schools: int
    members: int
    activities: int
    observations: int
    evidence: int
    duplicates: int
    boxes: int
    findings: tuple[str, ...]
    files: tuple[Path, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The report for people."""
        return (
            f"已建立示例档案库：{self.path}",
            f"单位 {self.schools} 个，成员 {self.members} 人，活动 {self.activities} 次，"
            f"听课记录 {self.observations} 份，材料 {self.evidence} 份"
            f"（另有 {self.duplicates} 份内容重复），档案盒 {self.boxes} 个。",
            *(f"待改\t{text}" for text in self.findings),
            "已输出：",
            *(f"\t{file}" for file in self.files),
        )


def make_demo(target: Path, context: Context, progress: Progress | None = None) -> DemoReport:
    """Make the sample archive in ``target`` and print its forms to ``target``/输出.

    It is built beside and moved into place whole: after an error or a stop nothing is left. Raises
    ConflictError (``target`` exists), StorageError, CancelledError.
    """
    target = target.absolute()
    with _built_beside(target) as building:
        made = _Demo(building, context, progress or NoProgress()).make()
    return DemoReport(
        path=target,
        files=tuple(target / OUTPUT / name for name in made.pop("files")),
        **made,
    )


@contextmanager
def _built_beside(target: Path) -> Iterator[Path]:
    """A folder on the same disk that becomes ``target`` at the end, or vanishes."""
    if target.exists():
        raise ConflictError(
            f"“{target.name}”已经存在，没有动它。", "请换一个还没有的文件夹名，再建立示例档案库。"
        )
    home = next(folder for folder in target.parents if folder.exists())
    building = home / f".{target.name[:60]}.{new_id()[-12:]}.new"
    try:
        with storage_errors(target):
            building.mkdir()
        yield building
        with storage_errors(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            building.rename(target)
    finally:
        shutil.rmtree(building, ignore_errors=True)


class _Share:
    """A part of a long job's progress: its own 0 to 100 % are ``start`` to ``end`` of the whole."""

    def __init__(self, whole: Progress, start: int, end: int) -> None:
        self._whole, self._start, self._end = whole, start, end

    def report(self, done: int, total: int, text: str = "") -> None:
        """Pass on as a share of the whole."""
        share = done / total if total else 0.0
        self._whole.report(int(self._start + (self._end - self._start) * share), 100, text)


class _Demo:
    """The steps, in the order in which an office would take them."""

    def __init__(self, folder: Path, context: Context, progress: Progress) -> None:
        self._folder = folder
        self._context = context
        self._progress = progress
        text = resource("samples", "manifest.toml").read_text("utf-8")
        self._data: dict[str, Any] = tomllib.loads(text)

    def make(self) -> dict[str, Any]:
        """Make everything; returns the fields of the report, files by name."""
        told = dict(self._data["archive"])
        roster = resource("samples", told.pop("roster"))
        self._progress.report(0, 100, "正在建立示例档案库")
        with start_archive(self._folder, NewArchive(**told), self._context) as archive:
            adopted = Adoptions(archive.uow).current()
            _take_in_members(archive, adopted.community_id, roster)
            self._name_schools(archive, adopted.community_id)
            Settings(archive.uow).change(**_tuples(self._data["settings"]))
            self._progress.report(10, 100, "正在录入活动和听课记录")
            story.tell(archive.uow, adopted.community_id, adopted.id)
            evidence = EvidenceService(archive, Adoptions(archive.uow))
            watch = _Share(self._progress, 15, 60)
            intake = papers.take_in(evidence, adopted.id, self._data["evidence"], watch)
            papers.prove_activities(archive.uow, intake, self._data["evidence"])
            evidence.read_texts(_Share(self._progress, 60, 70))
            boxes = BoxService(archive.uow, archive.id)
            findings = self._plan(boxes, adopted.id)
            Codes(archive.uow).give(adopted.id)
            files = self._print(_forms(archive, boxes), boxes, adopted.id)
            return {
                **_counts(archive),
                "duplicates": len(intake.duplicates),
                "boxes": len(boxes.boxes(adopted.id)),
                "findings": findings,
                "files": files,
            }

    def _name_schools(self, archive: Archive, community_id: str) -> None:
        with archive.uow.write("补登单位信息") as session:
            community = session.get_one(Community, community_id)
            there = {unit.school_id: unit for unit in community.units}
            for ordinal, facts in enumerate(self._data["school"]):
                school = session.scalars(select(School).where(School.name == facts["name"])).one()
                school.short_name, school.kind = facts["short_name"], facts["kind"]
                if school.id in there:
                    there[school.id].ordinal = ordinal
                else:
                    unit = CommunityUnit(school=school, role="member", ordinal=ordinal)
                    community.units.append(unit)

    def _plan(self, boxes: BoxService, adoption_id: str) -> tuple[str, ...]:
        report = boxes.plan(adoption_id)
        for box in report.boxes:
            boxes.edit(box.id, BoxEdit(**self._data["box"]))
        return tuple(f"{finding.title}\t{finding.text}" for finding in report.findings)

    def _print(self, forms: Forms, boxes: BoxService, adoption_id: str) -> list[str]:
        folder = self._folder / OUTPUT
        with storage_errors(folder):
            folder.mkdir()
        wanted = [
            (f"第{box.number}盒 整套.pdf", Request("box-set", adoption_id, (str(box.number),)))
            for box in boxes.boxes(adoption_id)
        ]
        wanted += [
            (f"{forms.get(what).name}{ending}", Request(what, adoption_id))
            for what, ending in _PRINTED
        ]
        for done, (name, request) in enumerate(wanted):
            self._progress.report(70 + 30 * done // len(wanted), 100, "正在输出表单")
            forms.export(request, folder / name)
        self._progress.report(100, 100, "完成")
        return [name for name, _request in wanted]


def _take_in_members(archive: Archive, community_id: str, roster: Path) -> None:
    from app.services.imports.apply import import_members
    from app.services.imports.members import read_members

    import_members(archive.uow, read_members(roster), community_id=community_id)


def _forms(archive: Archive, boxes: BoxService) -> Forms:
    uow = archive.uow
    return Forms(Sources(
        archive, Adoptions(uow), Activities(uow), boxes, People(uow), Standing(uow), Entering(uow)
    ))  # fmt: skip


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    """Lists of the file as the settings hold them."""
    return {key: tuple(one) if isinstance(one, list) else one for key, one in values.items()}


def _counts(archive: Archive) -> dict[str, int]:
    models = {
        "schools": School,
        "members": Person,
        "activities": Activity,
        "observations": Observation,
        "evidence": Evidence,
    }
    with archive.uow.read() as session:
        return {
            name: session.scalar(select(func.count()).select_from(model)) or 0
            for name, model in models.items()
        }
