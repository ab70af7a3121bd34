"""The printed forms of archive boxes and of bound volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.forms.archive.labels import OPTIONS as LABEL_OPTIONS
from app.services.forms.archive.labels import labels
from app.services.forms.archive.listing import index_form, list_form, list_section
from app.services.forms.archive.placed import placed_form, placed_section
from app.services.forms.archive.reference_sheet import reference_form, reference_section
from app.services.forms.archive.spine import spine_form, spine_section
from app.services.forms.archive.stamp import stamp
from app.services.forms.archive.titles import titled
from app.services.forms.form import Form, Option

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from app.services.documents.tree import Document
    from app.services.forms.form import Options, Sheet
    from app.services.forms.reading import Reading

__all__ = ["FORMS", "box_forms"]

_ALL = (".pdf", ".docx", ".xlsx")
_QR = Option("qr", "二维码", "flag", default="1", words="写明是哪一盒、目录是哪一版")
_PENCIL = Option("pencil", "盒号留空", "flag", words="移交前用铅笔填")
_WHOLE = Option("whole", "全年合成一份", "flag", words="各盒接着排，装订成册")
_FILL = Option("fill", "空行补满一页", "flag", default="1")


def box_set(sheets: Sequence[Sheet], options: Options) -> Document:
    """Everything that a box needs, box after box: cover, spine, directory, reference sheet."""
    sections = tuple(
        section
        for one in sheets
        for section in (
            placed_section("cover", one.values, options),
            spine_section("spine", (one,), options),
            list_section("directory", one, options, scheme_columns=True),
            reference_section("reference_sheet", one.values),
        )
    )
    return titled(sheets, "整套", sections)


def volume_set(sheets: Sequence[Sheet], options: Options) -> Document:
    """Everything that a volume needs, volume after volume (GB/T 9705)."""
    sections = tuple(
        section
        for one in sheets
        for section in (
            placed_section("volume_cover", one.values, options),
            spine_section("volume_spine", (one,), options),
            list_section("volume_directory", one, options),
            reference_section("volume_reference", one.values),
        )
    )
    return titled(sheets, "整套", sections)


def ready(reading: Reading, _ids: Sequence[str]) -> Sequence[str]:
    """What remains to be mended; raises where page numbers would be wrong."""
    return [
        f"{one.title}：{one.text}"
        for one in reading.sources.boxes.require_ready(reading.adoption.id)
        if one.severity != "note"
    ]


def box_forms(bound: Literal["boxes", "volumes"]) -> tuple[str, ...]:
    """Keys of the forms for what a scheme's materials become, the usual ones first."""
    usual, other = (_VOLUMES, _BOXES) if bound == "volumes" else (_BOXES, _VOLUMES)
    return tuple(one.key for one in (*usual, *_BOTH, *other))


_BOXES = (
    Form("box-set", "整套（封面、盒脊、目录、备考表）", "档案盒", "box", box_set, options=(_QR, _PENCIL),
         check=ready, template=False),
    Form("cover", "封面", "档案盒", "box", placed_form("cover"), options=(_QR, _PENCIL), check=ready,
         words="A4 纸，贴在 310×220 毫米的盒面上"),
    Form("spine", "盒脊", "档案盒", "box", spine_form("spine"), options=(_QR, _PENCIL), check=ready,
         together=True, template=False, words="按盒脊宽度裁成条，DA/T 22-2015 6.4.1"),
    Form("directory", "材料目录", "档案盒", "box", list_form("directory", scheme_columns=True), _ALL,
         check=ready, words="按考核表的次序"),
    Form("reference-sheet", "备考表", "档案盒", "box", reference_form("reference_sheet"),
         check=ready, words="DA/T 22-2015 6.4.2"),
)  # fmt: skip
_BOTH = (
    Form("register", "归档文件目录", "归档文件", "box", list_form("register"), _ALL, (_WHOLE,),
         check=ready, words="九栏，A4 横向，DA/T 22-2015 5.5"),
    Form("register-old", "归档文件目录（旧式七栏）", "归档文件", "box", list_form("register_old"), _ALL,
         (_WHOLE, _FILL), check=ready, words="A4 纵向，不少单位仍用"),
    Form("directory-cover", "目录封面", "归档文件", "box", placed_form("directory_cover"),
         first=True, check=ready, words="归档文件目录装订成册用"),
    Form("stamp", "归档章", "归档文件", "box", stamp, options=(
            Option("filled", "填好内容", "flag", default="1", words="不选就印空格章"),),
         together=True, template=False, check=ready, words="45×16 毫米六格，裁下贴在首页上端居中空白处"),
    Form("case-index", "案卷目录", "归档文件", "box", index_form("case_index"), _ALL, together=True,
         template=False, check=ready, words="一盒（卷）一行"),
    Form("box-index", "全引目录索引", "归档文件", "box", index_form("box_index"), _ALL, (_FILL,),
         together=True, template=False, check=ready, words="一盒（卷）一行，盒号查起止件号"),
    Form("labels", "标签", "归档文件", "box", labels, options=LABEL_OPTIONS, together=True,
         template=False, check=ready, words="任意大小，带裁切线"),
)  # fmt: skip
_VOLUMES = (
    Form("volume-set", "案卷整套（封面、卷脊、卷内目录、备考表）", "案卷", "box", volume_set,
         options=(_QR, _PENCIL), check=ready, template=False, words="GB/T 9705-2008"),
    Form("volume-cover", "案卷封面", "案卷", "box", placed_form("volume_cover"), options=(_QR, _PENCIL),
         check=ready, words="GB/T 9705-2008"),
    Form("volume-spine", "卷脊", "案卷", "box", spine_form("volume_spine"), options=(_QR, _PENCIL),
         check=ready, together=True, template=False, words="10、15、20 毫米"),
    Form("volume-directory", "卷内文件目录", "案卷", "box", list_form("volume_directory"), _ALL,
         check=ready, words="顺序号、文号、责任者、题名、日期、页号、备注"),
    Form("volume-reference", "卷内备考表", "案卷", "box", reference_form("volume_reference"),
         check=ready),
)  # fmt: skip
FORMS = (*_BOXES, *_BOTH, *_VOLUMES)
