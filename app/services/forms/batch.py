"""Many files at one go: how they are called, and what came of each; one that fails stops no other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.errors import AppError
from app.services.evidence.names import MAX_BYTES, MAX_CHARACTERS, stored_name
from app.services.files import storage_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.progress import Progress
    from app.services.forms.form import Form, Outcome, Request, Target


@dataclass(frozen=True, slots=True)
class Piece:
    """One file that is to be written."""

    request: Request
    path: Path
    title: str
    """What it is about, as the list of results names it."""


@dataclass(slots=True)
class Made:
    """What came of it so far; filled while the work goes on, so that a cancelled one can be told too."""

    files: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    failed: list[tuple[Piece, AppError]] = field(default_factory=list)
    left: int = 0
    """Files that have not been tried."""


def one_file(form: Form, request: Request, path: Path) -> tuple[Piece, ...]:
    """Everything in one file."""
    return (Piece(request, path, form.name),)


def a_file_each(
    form: Form, request: Request, targets: Sequence[Target], folder: Path, ending: str
) -> tuple[Piece, ...]:
    """A file for each target, called by day, title and form; no two alike.

    Records of the same day and title (observers of one lesson) are told apart by their details.
    """
    taken: set[str] = set()
    often = Counter((one.day, one.title) for one in targets)
    pieces = []
    for one in targets:
        alike = often[one.day, one.title] > 1 and one.detail
        called = replace(one, title=f"{one.title} {one.detail}") if alike else one
        name = _unlike(file_name(form, called, ending), taken)
        wanted = replace(request, targets=(one.id,))
        pieces.append(Piece(wanted, folder / name, f"{called.title} {form.name}"))
    return tuple(pieces)


def file_name(form: Form, target: Target | None, ending: str, before: str = "") -> str:
    """Name for a file about one target, or (without one) about all, safe on every system."""
    about = before
    if target is not None:
        about = f"{target.day:%Y-%m-%d} {target.title}" if target.day else target.title
    end = f" {form.name}{ending}"
    about = about.encode()[: MAX_BYTES - len(end.encode())].decode(errors="ignore")
    about = about[: MAX_CHARACTERS - len(end)].rstrip()  # the title is cut, not the form's name
    return stored_name(f"{about} {form.name}".strip(), ending)


def write_all(
    export: Callable[[Request, Path, Progress], Outcome],
    pieces: Sequence[Piece],
    made: Made,
    progress: Progress,
) -> Made:
    """Write every file; what fails is noted by name and the rest is done. Raises CancelledError."""
    made.left = len(pieces)
    for number, piece in enumerate(pieces):
        progress.report(number, len(pieces), piece.title)
        within = progress if len(pieces) == 1 else _Step(progress, number, len(pieces), piece.title)
        try:
            with storage_errors(piece.path.parent):
                piece.path.parent.mkdir(exist_ok=True)
            outcome = export(piece.request, piece.path, within)
        except AppError as error:
            made.failed.append((piece, error))
        else:
            made.files.extend(outcome.files)
            made.accounts += [outcome.account] if outcome.account else []
            made.notes.extend(note for note in outcome.notes if note not in made.notes)
        made.left -= 1
    progress.report(len(pieces), len(pieces))
    return made


class _Step:
    """Progress of one file among many: only whether to stop; the count is that of the files."""

    def __init__(self, progress: Progress, done: int, total: int, text: str) -> None:
        self._progress = progress
        self._now = (done, total, text)

    def report(self, done: int, total: int, text: str = "") -> None:
        """Ask whether to stop."""
        self._progress.report(*self._now)


def _unlike(name: str, taken: set[str]) -> str:
    """The name, or with a number the first that is not taken; Windows knows no difference of case."""
    stem, dot, ending = name.rpartition(".")
    free, number = name, 2
    while free.casefold() in taken:
        mark = f"（{number}）"
        free, number = f"{stem[: MAX_CHARACTERS - len(mark) - 5]}{mark}{dot}{ending}", number + 1
    taken.add(free.casefold())
    return free
