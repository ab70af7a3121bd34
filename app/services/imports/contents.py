"""What a column holds, told from its cells where its header says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.imports import values
from app.services.imports.kinds import header_word
from app.services.imports.reading import is_blank

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.imports.kinds import Kind
    from app.services.imports.reading import Cell, Row


def guess_columns(
    rows: list[Row], kind: Kind, names: tuple[str, ...], columns: dict[str, int]
) -> dict[str, int]:
    """Fields without a header, told by what stands in columns whose header says nothing."""
    guessed: dict[str, int] = {}
    width = max((len(row.cells) for row in rows), default=0)
    for column in range(width):
        name = header_word(names[column]) if column < len(names) else ""
        if column in columns.values() or (name and name not in _SAYS_NOTHING):
            continue
        cells = [row.cell(column) for row in rows if not is_blank(row.cell(column))]
        for key, looks in _LOOKS.items():
            free = kind.field(key) and key not in columns and key not in guessed
            if free and len(cells) >= 2 and sum(map(looks, cells)) >= 0.8 * len(cells):
                guessed[key] = column
                break
    return guessed


_SAYS_NOTHING = {"号码", "证件", "代码", "方式", "类别", "名单", "情况", "信息", "内容", "栏目"}


def _taken(parse: Callable[[Cell], object]) -> Callable[[Cell], bool]:
    def looks(cell: Cell) -> bool:
        try:
            return bool(parse(cell))
        except values.BadValueError:
            return False

    return looks


def _known(name: str) -> Callable[[Cell], bool]:
    return lambda cell: isinstance(cell, str) and values.is_known(name, cell)


_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田"
    "任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文欧阳司徒上官诸葛"
)


def _is_name(cell: Cell) -> bool:
    text = "".join(cell.split()) if isinstance(cell, str) else ""
    return 2 <= len(text) <= 4 and text[0] in _SURNAMES and not values.is_known("subject", text)


_LOOKS: dict[str, Callable[[Cell], bool]] = {
    "id_number": _taken(lambda cell: values.id_number(cell)[0]),
    "phone": _taken(lambda cell: len(values.phone(cell)[0]) == 11),
    "sex": _known("sex"),
    "ethnic_group": _known("ethnic_group"),
    "education": _known("education"),
    "title": _known("title"),
    "subjects": _known("subject"),
    "name": _is_name,
}
