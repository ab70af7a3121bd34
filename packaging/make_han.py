"""Make the two tables of Chinese characters that searching needs: resources/han.

Run once by hand, where both packages are installed (the program itself needs neither of them):
    python -m pip install OpenCC==1.4.2 pypinyin==0.55.0
    python packaging/make_han.py

The packages hold phrases as well, 57 MB in memory; these tables take a tenth of a megabyte.
"""

from __future__ import annotations

import json
import unicodedata
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parents[1] / "resources" / "han"
READINGS = 3
"""Of a character with more readings, the most common ones; the rest only finds too much."""


def plain(syllable: str) -> str:
    """A syllable as it is typed: without tone, ü as v."""
    letters = unicodedata.normalize("NFD", syllable.replace("ü", "v").replace("ê", "e"))
    found = "".join(c for c in letters if not unicodedata.combining(c))
    # ǖ and its sisters come apart into u, two dots and the tone.
    return found.replace("u", "v") if "\u0308" in letters and "v" not in found else found


def pinyin() -> str:
    """A line for each way of reading, the commonest syllable first, and the characters read so."""
    spec = find_spec("pypinyin")
    if spec is None or spec.origin is None:
        raise SystemExit("pypinyin is not installed")
    table = json.loads((Path(spec.origin).parent / "pinyin_dict.json").read_text("utf-8"))
    lines: dict[str, list[str]] = {}
    for code, readings in table.items():
        distinct = dict.fromkeys(plain(reading) for reading in readings.split(","))
        letters = [syllable for syllable in distinct if syllable.isascii() and syllable.isalpha()]
        if letters:
            lines.setdefault(",".join(letters[:READINGS]), []).append(chr(int(code)))
    return "\n".join(f"{readings} {''.join(lines[readings])}" for readings in sorted(lines))


def simplified() -> str:
    """One line for each traditional character: itself and its simplified form."""
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    pairs = []
    for code in (*range(0x3400, 0xA000), *range(0x20000, 0x323B0)):
        char = chr(code)
        simple = convert(convert(char))  # 薴 → 苧 → 苎
        if simple != char and len(simple) == 1:
            pairs.append(char + simple)
    return "\n".join(pairs)


def main() -> None:
    """Write both tables."""
    HERE.mkdir(exist_ok=True)
    for name, table in (("pinyin.txt", pinyin()), ("simplified.txt", simplified())):
        (HERE / name).write_text(table + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
