"""Fills a Word form: once, or for many records in one file with a section for each."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from app.errors import ExportError
from app.progress import NoProgress
from app.services.templates.language import Language, TooLongError, counted
from app.services.templates.word_file import W, open_word, stories
from app.services.templates.word_repeat import prepare

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.progress import Progress
    from app.services.documents.tree import Picture
    from app.services.templates.fields import Fields
    from app.services.templates.word_file import Story

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_EMU_PER_POINT = 12700
_REFERENCES = (W + "headerReference", W + "footerReference")
_AFTER_SPACING = frozenset(
    W + tag
    for tag in (
        "ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection",
        "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr",
        "pPrChange",
    )
)  # fmt: skip
"""Settings of a paragraph that stand behind its line spacing (their order is fixed)."""


def fill_word(
    path: Path, fields: Fields, contexts: Sequence[dict[str, Any]], progress: Progress | None = None
) -> bytes:
    """The filled file; raises ExportError where it cannot be filled, with what is known of the place."""
    return _Filling(path, fields).run(contexts, progress or NoProgress())


class _Filling:
    def __init__(self, path: Path, fields: Fields) -> None:
        from docxtpl import DocxTemplate

        self._template = DocxTemplate(str(path))
        self._template.docx = open_word(path)
        self._template.render_init()
        self._document = self._template.docx
        self._language = Language(self._picture)
        self._source: dict[str, str] = {}
        self._changing: dict[str, Story] = {}
        self._images: dict[tuple[int, int, int], bytes] = {}
        for story in stories(self._document):
            before = "{{" in story.element.xml or "{%" in story.element.xml
            prepare(story, fields, _text_width(self._document))
            if story.relation and before:
                self._changing[story.relation] = story
            self._source[story.relation] = self._template.patch_xml(
                self._template.xml_to_string(story.element)
            )

    def run(self, contexts: Sequence[dict[str, Any]], progress: Progress) -> bytes:
        body: Any = None
        for number, context in enumerate(contexts):
            progress.report(number, len(contexts), "正在填写表格")
            made = self._body(counted(context))
            body = made if body is None else _follow(body, made)
        self._template.map_tree(body)
        for relation in self._changing:  # each record has a copy of its own
            self._document.part.rels.pop(relation, None)
        out = io.BytesIO()
        self._document.save(out)
        return out.getvalue()

    def _body(self, context: dict[str, Any]) -> Any:
        xml = self._rendered(self._source[""], self._document.part, context)
        tree = self._template.fix_tables(xml)
        _mend(tree)
        self._template.fix_docpr_ids(tree)
        made: dict[str, str] = {}
        for reference in tree.iter(*_REFERENCES):
            story = self._changing.get(reference.get(_R + "id"))
            if story is not None:
                if story.relation not in made:
                    made[story.relation] = self._copy_of(story, context)
                reference.set(_R + "id", made[story.relation])
        return tree

    def _rendered(self, source: str, part: Any, context: dict[str, Any]) -> str:
        from jinja2 import TemplateError
        from jinja2.exceptions import UndefinedError

        try:
            return str(self._template.render_xml_part(source, part, context, self._language))
        except TooLongError as error:
            raise ExportError(
                "表格里的列表一层套一层，填不完。", "请改成一行只重复一个列表。"
            ) from error
        except (UndefinedError, TemplateError, TypeError, ValueError) as error:
            near = "".join(getattr(error, "docx_context", ()))
            raise ExportError(
                f"表格里有填不了的字段{f'（在“{near.strip()[:40]}”附近）' if near.strip() else ''}。",
                "请检查 {{ }} 和 {% %} 的写法。",
                str(error),
            ) from error

    def _copy_of(self, story: Story, context: dict[str, Any]) -> str:
        """A header or footer of this record's own; gives the relation that names it."""
        from docx.opc.packuri import PackURI
        from docx.oxml import parse_xml

        old, owner = story.part, self._document.part
        kind = re.sub(r"\d*\.xml$", "", str(old.partname))
        taken = {
            str(rel.target_part.partname) for rel in owner.rels.values() if not rel.is_external
        }
        number = next(n for n in range(len(taken) + 2) if f"{kind}{n + 1}.xml" not in taken) + 1
        name = PackURI(f"{kind}{number}.xml")
        new = type(old).load(name, old.content_type, old.blob, owner.package)
        for key, rel in old.rels.items():
            new.load_rel(rel.reltype, rel._target, key, rel.is_external)  # noqa: SLF001 - as docxtpl does
        xml = self._rendered(self._source[story.relation], new, context)
        new._element = parse_xml(xml)  # noqa: SLF001
        return str(
            owner.relate_to(
                new, next(r.reltype for r in owner.rels.values() if r.target_part is old)
            )
        )

    def _picture(self, value: Picture | str, wide: float, high: float) -> Any:
        """The picture in the room of its cell; what is none says what it says."""
        from docx.shared import Emu
        from docxtpl import InlineImage

        from app.services.documents import pictures

        if isinstance(value, str):
            return value
        across, down = pictures.size(value)
        room = high or wide * 1.5
        scale = min(wide / across, room / down)
        width, height = round(across * scale), round(down * scale)
        key = (id(value), width, height)
        if key not in self._images:
            points = width / _EMU_PER_POINT, height / _EMU_PER_POINT
            self._images[key] = pictures.jpeg(value, *points)
        image = io.BytesIO(self._images[key])
        return InlineImage(self._template, image, Emu(width), Emu(height))


def _text_width(document: Any) -> int:
    """Of the first section, in twips."""
    section = document.sections[0]
    wide = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    return int(wide / 635) if wide > 0 else 9026


def _mend(tree: Any) -> None:
    """What Word calls damaged: tables whose every row went, cells without a paragraph."""
    for table in list(tree.iter(W + "tbl")):
        if table.find(W + "tr") is None and table.find(f"{W}sdt") is None:
            table.getparent().remove(table)
    for picture in tree.iter(_WP + "inline"):
        for side in ("distT", "distB", "distL", "distR"):  # WPS and LibreOffice keep room otherwise
            picture.set(side, "0")
        _free_height(picture)
    for cell in tree.iter(W + "tc"):
        if len(cell) == 0 or cell[-1].tag not in (W + "p", W + "sdt"):
            cell.append(cell.makeelement(W + "p"))


def _free_height(picture: Any) -> None:
    """A line of fixed height (固定值) would show but a strip of the picture in it."""
    paragraph = next(picture.iterancestors(W + "p"))
    settings = paragraph.find(W + "pPr")
    if settings is None:
        settings = paragraph.makeelement(W + "pPr")
        paragraph.insert(0, settings)
    spacing = settings.find(W + "spacing")
    if spacing is None:
        spacing = settings.makeelement(W + "spacing")
        later = [n for n, one in enumerate(settings) if one.tag in _AFTER_SPACING]
        settings.insert(later[0] if later else len(settings), spacing)
    spacing.set(W + "line", "240")
    spacing.set(W + "lineRule", "auto")


def _follow(body: Any, more: Any) -> Any:
    """Put a record behind the others: what came before ends its section, so it starts a new page."""
    end = body.find(W + "sectPr")
    if end is not None:
        body.remove(end)
        last = body[-1] if len(body) else None
        if last is None or last.tag != W + "p" or last.find(f"{W}pPr/{W}sectPr") is not None:
            last = body.makeelement(W + "p")
            body.append(last)
        properties = last.find(W + "pPr")
        if properties is None:
            properties = last.makeelement(W + "pPr")
            last.insert(0, properties)
        change = properties.find(W + "pPrChange")
        (properties.append if change is None else change.addprevious)(end)
    for child in list(more):
        body.append(child)
    start = body.find(W + "sectPr")
    kind = start.find(W + "type") if start is not None else None
    if kind is not None and kind.get(W + "val") == "continuous":
        start.remove(kind)
    return body
