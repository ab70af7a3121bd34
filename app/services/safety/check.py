"""Check of an archive: database, references, files, journal. Looks only; changes nothing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models import Batch, Entry, Evidence
from app.progress import NoProgress, Progress
from app.services.evidence.store import EvidenceStore
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
    watch = progress or NoProgress()
    problems = [*_database(archive)]
    with archive.uow.read() as session:
        files = session.execute(
            select(Evidence.title, Evidence.sha256, Evidence.stored_name, Evidence.size)
        )
        known = {(row.sha256, row.stored_name): row for row in files}
    store = EvidenceStore(archive.path)
    total, done = sum(row.size for row in known.values()), 0
    for (sha256, stored_name), row in known.items():
        watch.report(done, total, "正在核对材料文件")
        problems.extend(
            _file(store.path(sha256, stored_name), row.title, sha256, row.size, full=full)
        )
        done += row.size
    problems.extend(_unreferenced(archive, store, set(known)))
    batches, journal = _journal(archive)
    problems.extend(journal)
    return CheckReport(len(known), batches, full, tuple(problems))


def _database(archive: Archive) -> Iterator[Problem]:
    with plain_errors(), archive.engine.connect() as connection:
        for (line,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
            if line != "ok":
                yield Problem("database", "archive.db", f"数据库损坏：{line}。请用最近的备份恢复。")
        for table, rowid, parent, _key in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            where = f"{table} 第 {rowid} 行"
            yield Problem("reference", where, f"指向的 {parent} 记录不存在。请用最近的备份恢复。")


def _file(path: Path, title: str, sha256: str, size: int, *, full: bool) -> Iterator[Problem]:
    try:
        if path.stat().st_size != size:
            yield Problem("changed", str(path), f"“{title}”的文件大小变了。请从备份取回原文件。")
        elif full:
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    yield Problem(
                        "changed", str(path), f"“{title}”的文件内容变了。请从备份取回原文件。"
                    )
    except FileNotFoundError:
        yield Problem(
            "missing", str(path), f"“{title}”的文件不见了。请从备份取回，或重新加入同一个文件。"
        )
    except OSError as error:
        yield Problem(
            "missing", str(path), f"“{title}”的文件读不出来（{error.strerror}）。请检查磁盘。"
        )


def _unreferenced(
    archive: Archive, store: EvidenceStore, known: set[tuple[str, str]]
) -> Iterator[Problem]:
    """Files that no record names, now or in the journal (a removed record may be brought back)."""
    extra = [
        path
        for path in store.root.rglob("*")
        if path.is_file() and (path.parent.name, path.name) not in known
    ]
    kept = _once_named(archive) if extra else set()
    for path in sorted(extra):
        if (path.parent.name, path.name) not in kept:
            yield Problem(
                "unreferenced", str(path), "没有记录使用这个文件，多半是上次加入时中断留下的。"
            )


def _once_named(archive: Archive) -> set[tuple[str, str]]:
    with archive.uow.read() as session:
        entries = session.execute(
            select(Entry.before, Entry.after).where(Entry.kind == "evidence", Entry.op != "update")
        ).all()
    named = (json.loads(before or after or "{}") for before, after in entries)
    return {(values["sha256"], values["stored_name"]) for values in named}


def _journal(archive: Archive) -> tuple[int, list[Problem]]:
    problems: list[Problem] = []
    previous, expected = "", 1
    with archive.uow.read() as session:
        for batch in session.scalars(
            select(Batch).order_by(Batch.seq).execution_options(yield_per=200)
        ):
            if batch.seq != expected:
                text = f"缺少第 {expected} 到 {batch.seq - 1} 步的记录。"
                problems.append(Problem("journal", f"第 {batch.seq} 步", text))
            entries = session.scalars(
                select(Entry).where(Entry.batch_seq == batch.seq).order_by(Entry.ordinal)
            )
            values = [
                {
                    "kind": e.kind,
                    "record_id": e.record_id,
                    "op": e.op,
                    "before": e.before,
                    "after": e.after,
                }
                for e in entries
            ]
            if batch.seq == expected and batch_digest(previous, batch, values) != batch.digest:
                problems.append(Problem("journal", f"第 {batch.seq} 步", "这一步的记录被改动过。"))
            previous, expected = batch.digest, batch.seq + 1
    return expected - 1, problems
