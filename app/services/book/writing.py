"""Writes a book: all volumes or none, with an account of every piece."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import ConflictError, ExportError, ValidationError
from app.services.book import front, sheets
from app.services.book.assembling import Volume, assemble
from app.services.book.making import Choices, Maker
from app.services.book.measures import measures
from app.services.book.pieces import contents
from app.services.book.sources import convert, set_texts
from app.services.book.spool import Spool
from app.services.book.volumes import ENDLESS, Limits, cut
from app.services.files import storage_errors, sync_folder
from app.services.forms.form import Outcome, flag

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.progress import Progress
    from app.services.book.leaves import Leaf
    from app.services.book.making import Made
    from app.services.book.measures import BookMeasures
    from app.services.book.pieces import Contents
    from app.services.forms.form import Options
    from app.services.forms.reading import Reading

_OVERHEAD = 600_000
"""Bytes of a volume besides its evidence: fonts, cover, directory."""
_TRIES = 4
_DIVIDERS = {"none": (), "group": (1,), "item": (1, 2)}
_TITLE = 30
"""Characters of a title in a message."""
_NAMED = 20
"""Slips named in the message; the report in the book lists all."""


def ready(reading: Reading, _ids: Sequence[str]) -> Sequence[str]:
    """Raises where pieces would be left out because the boxes are out of date."""
    boxes = reading.sources.boxes
    if not boxes.is_current(reading.adoption.id):
        raise ConflictError("排盒之后材料有变动，汇编会缺材料。", "请重新排盒，再汇编。")
    found = boxes.report(reading.adoption.id).findings
    return [f"{one.title}：{one.text}" for one in found if one.kind == "unplaced"]


def write(
    reading: Reading, ids: Sequence[str], options: Options, target: Path, progress: Progress
) -> Outcome:
    """Write the book of some boxes; raises ExportError, StorageError, CancelledError."""
    chosen = contents(reading, ids)
    if target.suffix.lower() == ".docx":
        from app.services.book.word import write_word

        return write_word(reading, chosen, options, target, progress)
    with tempfile.TemporaryDirectory(prefix="yandang-", ignore_cleanup_errors=True) as home:
        book = _Book(chosen, measures(), options, target, reading.now)
        return book.write(Path(home), progress)


@dataclass(slots=True)
class _Book:
    contents: Contents
    form: BookMeasures
    options: Options
    target: Path
    created: datetime

    def write(self, home: Path, progress: Progress) -> Outcome:
        with storage_errors(home):
            (home / "pdf").mkdir()
        notes, made, spool = self._body(home, progress)
        most_pages = _number(self.options, "pages", "每册页数")
        most_bytes = _number(self.options, "megabytes", "每册大小") * 1_000_000
        heavier = 1.0
        for last in (*(False for _ in range(_TRIES - 1)), True):
            leaves, volumes = self._volumes(made, most_pages, int(most_bytes / heavier))
            parts = self._parts(len(volumes))
            try:
                pages = self._write_parts(made, leaves, volumes, (parts, spool), progress)
                sizes = [part.stat().st_size for part in parts]
                if (
                    last
                    or not most_bytes
                    or max(sizes) <= most_bytes
                    or len(volumes) == len(leaves)
                ):
                    notes += self._put(parts)
                    break
                heavier *= max(sizes) / most_bytes * 1.05
            finally:
                for part in parts:
                    part.unlink(missing_ok=True)
        files = self._targets(len(volumes))
        notes += self._too_large(files, most_bytes)
        return Outcome(
            tuple(files), (*self._slips(made), *notes), pages, self._account(made, leaves)
        )

    def _body(self, home: Path, progress: Progress) -> tuple[list[str], Made, Path]:
        """All pages that hold evidence."""
        pieces, choices, form = self.contents.pieces, self._choices(), self.form
        if choices.stamp:
            form = replace(form, page=replace(form.page, top=form.stamp.top))
        made_of = convert(pieces, home / "pdf", progress, office=flag(self.options, "office"))
        texts, notes = set_texts(pieces, home / "pdf", form, self.created, progress)
        with Spool(home / "pictures.pdf") as spool:
            maker = Maker(self.contents, form, choices, spool, {**made_of, **texts})
            made = maker.run(progress)
            spool.close()
        counted = front.tally(self.contents, made, made.leaves)
        if not counted.whole:
            raise ExportError(
                f"汇编的件数对不上：收入 {counted.given} 件，印出 {counted.printed} 件，"
                f"说明页 {counted.slips} 件，见别处 {counted.referred} 件。文件没有生成。",
                "请把档案库备份后与维护人员联系。",
            )
        if made.loose_fonts:
            numbers = "、".join(str(pieces[n].row.seq) for n in made.loose_fonts[:_NAMED])
            more = f" 等 {len(made.loose_fonts)} 件" if len(made.loose_fonts) > _NAMED else ""
            notes.append(
                f"第 {numbers} 号{more}的 PDF 没有带齐字体，别的电脑显示、打印时可能走样。"
            )
        return notes, made, spool.path

    def _choices(self) -> Choices:
        options = self.options
        if flag(options, "stamp") and options["pictures"] == "4":
            raise ValidationError(
                "每页 4 张照片时，页首放不下各件的归档章。", "请改为每页 1 张或 2 张，或不盖章。"
            )
        return Choices(
            self.form.dpi[options["quality"]], int(options["pictures"]),
            options["fit"] == "keep", flag(options, "stamp"), frozenset(_DIVIDERS[options["dividers"]]),
        )  # fmt: skip

    def _volumes(
        self, made: Made, most_pages: int, most_bytes: int
    ) -> tuple[list[Leaf], list[range]]:
        """The leaves with the closing report, cut into volumes."""
        leaves = [*made.leaves, *front.report(self.contents, made, self.form)]
        limits = Limits(ENDLESS, most_bytes - _OVERHEAD if most_bytes else ENDLESS)
        if most_pages:
            spots = front.Spots(self.contents, leaves, [range(len(leaves))])
            listed = front.directory(self.contents, made, self.form, spots, volumes=True)
            room = most_pages - 1 - len(listed.pages)
            if room < 2:
                raise ValidationError(
                    f"每册 {most_pages} 页太少：封面和目录就要 {1 + len(listed.pages)} 页。",
                    "请把每册页数改大些。",
                )
            limits = replace(limits, pages=room)
        if limits.weight <= 0:
            raise ValidationError("每册大小的限度太小，一册也装不下。", "请至少写 1 兆。")
        volumes = cut(leaves, limits)
        spots = front.Spots(self.contents, leaves, volumes)
        closing = front.report(self.contents, made, self.form, spots)
        return [*made.leaves, *closing], volumes

    def _write_parts(
        self,
        made: Made,
        leaves: list[Leaf],
        volumes: list[range],
        files: tuple[list[Path], Path],
        progress: Progress,
    ) -> int:
        parts, spool = files
        form, of = self.form, len(volumes)
        spots = front.Spots(self.contents, leaves, volumes)
        listed = front.directory(self.contents, made, form, spots, volumes=of > 1)
        box = self.contents.boxes[0]
        name = box.title_lines[0] if box.title_lines else box.fonds_name
        pages = 0
        for number, (part, some) in enumerate(zip(parts, volumes, strict=True), 1):
            title = f"{name} {form.title}" + (f" 第{number}册" if of > 1 else "")
            volume = Volume(
                title, box.fonds_name, form.page,
                sheets.cover(self.contents, form, number, of), listed, leaves, some,
                sheets.Numbering(form, self.options["number"] == "top"),
                form.directory.title.replace("　", ""),
            )  # fmt: skip
            with storage_errors(part):
                pages += assemble(volume, spool, part, self.created, progress)
        return pages

    def _targets(self, of: int) -> list[Path]:
        if of == 1:
            return [self.target]
        stem, pattern = self.target.stem, self.form.file_volume
        names = [
            self.form.words("file_volume", pattern, book=stem, volume=number)
            for number in range(1, of + 1)
        ]
        return [self.target.with_name(f"{name}{self.target.suffix}") for name in names]

    def _parts(self, of: int) -> list[Path]:
        """Files beside the targets, in which the volumes are written first."""
        folder = self.target.parent
        if not folder.is_dir():
            raise ExportError(f"文件夹“{folder}”不存在。", "请先建好文件夹，或另选位置。")
        return [
            one.with_name(f".{one.stem[:50]}.{number}.{os.getpid()}.part")
            for number, one in enumerate(self._targets(of))
        ]

    def _put(self, parts: list[Path]) -> list[str]:
        """Put all volumes in their places, or none; old ones of a longer book are named."""
        targets = self._targets(len(parts))
        for target in targets:
            with storage_errors(target):
                if target.exists():
                    target.open(
                        "r+b"
                    ).close()  # open in WPS, or a folder: known before any is moved
        put: list[Path] = []
        try:
            for part, target in zip(parts, targets, strict=True):
                with storage_errors(target), part.open("rb+") as file:
                    os.fsync(file.fileno())
                with storage_errors(target):
                    part.replace(target)
                put.append(target)
        except BaseException:
            for target in put:
                target.unlink(missing_ok=True)
            raise
        sync_folder(self.target.parent)
        stale = [one for one in self._targets(len(parts) + 9)[len(parts) :] if one.exists()]
        names = "、".join(one.name for one in stale)
        return [f"文件夹里还有以前汇编的 {names}，不属于这一次。"] if stale else []

    def _too_large(self, files: list[Path], most: int) -> list[str]:
        large = [file.name for file in files if most and file.stat().st_size > most]
        return [f"{name} 超过了每册大小的限度：里面有一页太大，不能再分。" for name in large]

    def _account(self, made: Made, leaves: list[Leaf]) -> str:
        """Inputs and outputs in one line."""
        counted = front.tally(self.contents, made, leaves)
        return (
            f"收入 {counted.given} 件：印成页面 {counted.printed} 件，说明页 {counted.slips} 件，"
            f"见别处 {counted.referred} 件，一件不少。"
        )

    def _slips(self, made: Made) -> list[str]:
        """The pieces of which only a slip is there, and why."""
        pieces = self.contents.pieces
        lines = [
            f"第 {pieces[n].row.seq} 号“{_short(pieces[n].row.title)}”是说明页：{reason}"
            for n, reason in list(made.slips.items())[:_NAMED]
        ]
        if len(made.slips) > _NAMED:
            lines.append(f"还有 {len(made.slips) - _NAMED} 件说明页，见书末的汇编说明。")
        return lines


def _short(title: str) -> str:
    return title if len(title) <= _TITLE else f"{title[:_TITLE]}…"


def _number(options: Options, key: str, name: str) -> int:
    """A limit as typed; empty: none."""
    text = options[key].strip()
    if not text:
        return 0
    if not text.isdecimal() or not 0 < int(text) < 100_000:
        raise ValidationError(f"{name}“{text}”不是可用的数。", "请写大于 0 的整数，或留空不限。")
    return int(text)
