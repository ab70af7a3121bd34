"""Reads a form: what its placeholders are, or where they could go; and puts chosen ones in a copy."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from app.services.templates import excel_blank, excel_file, word_blank, word_file
from app.services.templates.excel_file import open_excel
from app.services.templates.fields import Fields
from app.services.templates.language import PIECE, check, named_by, straight, uses_all
from app.services.templates.opening import kind_of
from app.services.templates.views import Examined, Spot
from app.services.templates.word_file import open_word
from app.services.templates.word_repeat import prepare

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from app.services.forms.form import Subject
    from app.services.templates.recognition import Found
    from app.services.templates.views import Kind, Piece, Problem, Repeat

_WEIGHTS = {"ok": 1.0, "wrong": 0.2}
_LOST = "Excel 里的文本框、图形填写后不会保留，请改写在格子里。"


def examine(path: Path, subject: Subject) -> Examined:
    """What a form holds; raises ValidationError for a file that is none, NotFoundError."""
    kind, fields = kind_of(path), Fields(subject)
    opened = _open(path, kind)
    pieces, problems = _pieces(opened, kind)
    if not pieces and not problems:
        found = _proposals(opened, kind, fields)
        spots = tuple(_proposed(number, one) for number, one in enumerate(found))
        return Examined(kind, spots, notes=_notes(path, kind))
    checked, wrong = check(pieces, fields)
    repeats, more, pictures = _repeating(opened, kind, fields)
    return Examined(
        kind, tuple(checked), (*problems, *wrong, *more), tuple(repeats), pictures,
        _notes(path, kind), uses_all(pieces, fields),
    )  # fmt: skip


def fitting(path: Path, subjects: Sequence[Subject]) -> str:
    """Key of the subject whose fields fit the file best; raises ValidationError as ``examine``."""
    kind = kind_of(path)
    opened = _open(path, kind)
    pieces, problems = _pieces(opened, kind)
    scores: dict[str, float] = {}
    for subject in subjects:
        fields = Fields(subject)
        if pieces or problems:
            spots = check(pieces, fields)[0]
            scores[subject.key] = sum(_WEIGHTS[one.state] for one in spots if one.content)
        else:
            found = _proposals(opened, kind, fields)
            scores[subject.key] = sum(one.sure for one in found if one.content)
    return max(scores, key=lambda key: scores[key])


def with_fields(path: Path, subject: Subject, chosen: Mapping[int, str]) -> bytes:
    """A copy of the form with the placeholders chosen for its spots, by their numbers."""
    kind, fields = kind_of(path), Fields(subject)
    opened = _open(path, kind)
    pieces, problems = _pieces(opened, kind)
    if pieces or problems:
        spots, _wrong = check(pieces, fields)
        changes = {one.piece: chosen[one.number] for one in spots if chosen.get(one.number)}
        _exchange(opened, kind, changes)
    else:
        found = _proposals(opened, kind, fields)
        for number in sorted(chosen, reverse=True):  # from the end, so that places before it stay
            if chosen[number] and number < len(found):
                found[number].put(chosen[number])
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def _open(path: Path, kind: Kind) -> Any:
    return open_word(path) if kind == "word" else open_excel(path)


def _pieces(opened: Any, kind: Kind) -> tuple[list[Piece], list[Problem]]:
    return word_file.all_pieces(opened) if kind == "word" else excel_file.all_pieces(opened)


def _proposals(opened: Any, kind: Kind, fields: Fields) -> list[Found]:
    one = word_blank.proposals if kind == "word" else excel_blank.proposals
    return one(opened, fields)


def _proposed(number: int, found: Found) -> Spot:
    text = ""
    if found.content:
        text = "与字段同名" if found.sure >= 0.9 else "名称相近，请核对"
    return Spot(number, found.place, found.label, found.content, "proposed", text, found.sure)


def _repeating(opened: Any, kind: Kind, fields: Fields) -> tuple[list[Repeat], list[Problem], int]:
    repeats: list[Repeat] = []
    problems: list[Problem] = []
    pictures = 0
    if kind == "word":
        for story in word_file.stories(opened):
            prepared = prepare(story, fields)
            repeats += prepared.repeats
            pictures += prepared.pictures
        return repeats, problems, pictures
    for sheet in opened.worksheets:
        _rows, told, wrong = excel_file.patterns(sheet, fields)
        repeats += told
        problems += wrong
        pictures += sum(1 for place in excel_file.places(sheet) if _is_picture(place.text, fields))
    return repeats, problems, pictures


def _is_picture(text: str, fields: Fields) -> bool:
    found = (named_by(one, fields) for one in PIECE.findall(straight(text)))
    return any(one is not None and one.field.picture for one in found)


def _notes(path: Path, kind: Kind) -> tuple[str, ...]:
    """What will not look the same once the form is filled."""
    import zipfile

    if kind == "word":
        return ()
    with zipfile.ZipFile(path) as package:
        drawn = [name for name in package.namelist() if name.startswith("xl/drawings/drawing")]
        lost = any(
            b"<xdr:sp " in package.read(name) or b"<xdr:sp>" in package.read(name) for name in drawn
        )
    return (_LOST,) if lost else ()


def _exchange(opened: Any, kind: Kind, changes: Mapping[int, str]) -> None:
    """Put other placeholders in place of some, by their numbers in the order of the file."""
    count = -1

    def changed(text: str) -> str:
        def one(found: Any) -> str:
            nonlocal count
            count += 1
            return changes.get(count, found.group())

        return PIECE.sub(one, text)

    if kind == "word":
        for node in _nodes(opened):
            text = node.text or ""
            if PIECE.search(text):
                word_file.set_text(node, changed(text))
        return
    for sheet in opened.worksheets:
        for place in excel_file.places(sheet):
            if place.cell is not None:
                place.cell.value = changed(straight(place.text))
        for part in excel_file.head_and_foot(sheet):
            part.text = changed(straight(part.text))


def _nodes(document: Any) -> Iterator[Any]:
    for story in word_file.stories(document):
        for line in word_file.lines_of(story):
            word_file.pieces_of(line.element)
            if not line.copy:
                yield from word_file.texts_of(line.element)
