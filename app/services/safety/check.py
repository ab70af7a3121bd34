"""Check of an archive: database, references, files, journal. Looks only; changes nothing."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models import Batch, Entry, Evidence, Template
from app.progress import NoProgress, Progress
from app.services.evidence.store import EvidenceStore, hash_of
from app.services.journal import batch_digest
from app.services.unit_of_work import plain_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.services.archive import Archive


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be, where, and what to do."""

    kind: str
    """database, reference, missing, changed, unreferenced, journal."""
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was looked at and what was found."""

    evidence: int
    batches: int
    full: bool
    problems: tuple[Problem, ...]


def check(archive: Archive, *, full: bool = False, progress: Progress | None = None) -> CheckReport:
    """Look through an archive; ``full`` also reads every file again and compares its hash."""
    problems = [*_database(archive)]
    if any(problem.kind == "database" for problem in problems):
        return CheckReport(
            0, 0, full, tuple(problems)
        )  # what it says of the rest is not to be trusted
    files = kept_files(archive)
    store = EvidenceStore(archive.path)
    watch = _Watch(progress or NoProgress(), sum(row.size for row in files))
    for row in files:
        place = store.path(row.sha256, row.stored_name)
        before = watch.done
        problems.extend(_file(place, row.title, row.sha256, row.size, watch if full else None))
        watch.tick(before + row.size - watch.done)
    problems.extend(_unreferenced(archive, store, {(row.sha256, row.stored_name) for row in files}))
    batches, journal = _journal(archive)
    problems.extend(journal)
    return CheckReport(len(files), batches, full, tuple(problems))


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of the evidence store that a record names."""

    sha256: str
    stored_name: str
    size: int
    title: str


def kept_files(archive: Archive) -> list[KeptFile]:
    """Files of all evidence and of all templates; one that several records name comes once."""
    with archive.uow.read() as session:
        rows = [
            *session.execute(
                select(Evidence.sha256, Evidence.stored_name, Evidence.size, Evidence.title)
            ),
            *session.execute(
                select(Template.sha256, Template.stored_name, Template.size, Template.name)
            ),
        ]
    found = {(row.sha256, row.stored_name): KeptFile(*row) for row in reversed(rows)}
    return [*reversed(found.values())]


class _Watch:
    """Counts the bytes looked at; a large file may be left in the middle."""

    def __init__(self, progress: Progress, total: int) -> None:
        self.done = 0
        self._progress = progress
        self._total = total

    def tick(self, count: int) -> None:
        self.done += count
        self._progress.report(min(self.done, self._total), self._total, "正在核对材料文件")


def _database(archive: Archive) -> Iterator[Problem]:
    with plain_errors(), archive.engine.connect() as connection:
        for (line,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
            if line != "ok":
                yield Problem("database", "archive.db", f"数据库损坏：{line}。请用最近的备份恢复。")
        for table, rowid, parent, _key in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            where = f"{table} 第 {rowid} 行"
            yield Problem("reference", where, f"指向的 {parent} 记录不存在。请用最近的备份恢复。")


def _file(
    path: Path, title: str, sha256: str, size: int, watch: _Watch | None
) -> Iterator[Problem]:
    """``watch`` given: read the file as well."""
    try:
        if path.stat().st_size != size:
            text = f"“{title}”的文件大小变了。请从备份取回，或重新加入原来的文件。"
            yield Problem("changed", str(path), text)
        elif watch is not None and hash_of(path, watch.tick) != sha256:
            yield Problem("changed", str(path), f"“{title}”的文件内容变了。请从备份取回原文件。")
    except (FileNotFoundError, NotADirectoryError):
        text = f"“{title}”的文件不见了。请从备份取回，或重新加入同一个文件。"
        yield Problem("missing", str(path), text)
    except OSError as error:
        text = f"“{title}”的文件读不出来（{error.strerror}）。请检查磁盘。"
        yield Problem("missing", str(path), text)


def _unreferenced(
    archive: Archive, store: EvidenceStore, known: set[tuple[str, str]]
) -> Iterator[Problem]:
    """Files that no record names, now or in the journal (a removed record may be brought back)."""
    extra = [
        path
        for path in store.root.rglob("*")
        if path.is_file() and (path.parent.name, path.name) not in known
    ]
    kept = files_of_the_past(archive) if extra else set()
    for path in sorted(extra):
        if (path.parent.name, path.name) not in kept:
            text = "没有记录使用这个文件，多半是上次加入时中断留下的。"
            yield Problem("unreferenced", str(path), text)


def files_of_the_past(archive: Archive) -> set[tuple[str, str]]:
    """SHA-256 and name of each file that the journal names: what was removed may be brought back.

    A template's file can be replaced too; then the step tells only what of the two has changed, so
    every pair of what its record has had counts.
    """
    with archive.uow.read() as session:
        entries = session.execute(
            select(Entry.record_id, Entry.before, Entry.after).where(
                ((Entry.kind == "evidence") & (Entry.op != "update")) | (Entry.kind == "template")
            )
        ).all()
    hashes: dict[str, set[str]] = {}
    names: dict[str, set[str]] = {}
    for record, *sides in entries:
        for side in sides:
            # What was damaged so that it cannot be read is told by the chain of digests.
            with suppress(ValueError, AttributeError):
                values = json.loads(side or "{}")
                hashes.setdefault(record, set()).update({values.get("sha256")} - {None})
                names.setdefault(record, set()).update({values.get("stored_name")} - {None})
    return {
        (sha256, name)
        for record, some in hashes.items()
        for sha256 in some
        for name in names[record]
    }


def _journal(archive: Archive) -> tuple[int, list[Problem]]:
    """Number of the last step, and every gap and change in the chain of digests."""
    problems: list[Problem] = []
    try:
        steps = _chain(archive, problems)
    except ValueError as error:
        text = f"操作记录里有读不出来的内容（{error}）。请用最近的备份恢复。"
        problems.append(Problem("journal", "操作记录", text))
        steps = 0
    return steps, problems


def _chain(archive: Archive, problems: list[Problem]) -> int:
    previous, expected = "", 1
    query = (
        select(Batch, Entry)
        .outerjoin(Entry, Entry.batch_seq == Batch.seq)
        .order_by(Batch.seq, Entry.ordinal)
        .execution_options(yield_per=1000)
    )
    with archive.uow.read() as session:
        for batch, rows in groupby(session.execute(query), key=lambda row: row.Batch):
            where = f"第 {batch.seq} 步"
            if batch.seq != expected:
                text = f"缺少第 {expected} 到 {batch.seq - 1} 步的记录。请用最近的备份恢复。"
                problems.append(Problem("journal", where, text))
            entries = [_values(entry) for _batch, entry in rows if entry is not None]
            if batch.seq == expected and batch_digest(previous, batch, entries) != batch.digest:
                text = "这一步的记录被改动过。请用最近的备份恢复。"
                problems.append(Problem("journal", where, text))
            previous, expected = batch.digest, batch.seq + 1
    return expected - 1


def _values(entry: Entry) -> dict[str, str | None]:
    return {
        "kind": entry.kind,
        "record_id": entry.record_id,
        "op": entry.op,
        "before": entry.before,
        "after": entry.after,
    }
