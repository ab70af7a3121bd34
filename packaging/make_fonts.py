"""Makes the two fonts the program ships; run by a maintainer, the result is committed.

ReportLab embeds TrueType outlines only, and the free Chinese fonts (Noto Serif SC, Noto Sans SC;
SIL OFL 1.1, no reserved name) come with PostScript ones. This converts them once:

    pip install fonttools pylopdf-fonts-zh-cn
    python packaging/make_fonts.py

All glyphs and the name table (with copyright and licence) are kept; layout tables that no writer
of ours reads are left out. The same input gives the same bytes.
"""

from __future__ import annotations

import shutil
from importlib.metadata import distribution
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

PACKAGE = "pylopdf-fonts-zh-cn"
FONTS = ("NotoSerifSC-Regular", "NotoSansSC-Regular")
TARGET = Path(__file__).resolve().parents[1] / "resources" / "fonts"
MAX_ERROR = 1.0
"""Greatest distance between old and new outline, in thousandths of the type size."""
LEFT_OUT = ("CFF ", "VORG", "DSIG", "BASE", "GDEF", "GPOS", "GSUB", "vhea", "vmtx")


def convert(source: Path, target: Path) -> None:
    """Write the font ``source`` with quadratic outlines to ``target``."""
    font = TTFont(source, recalcTimestamp=False)
    outlines = font.getGlyphSet()
    order = font.getGlyphOrder()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(outlines)
        outlines[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        glyphs[name] = pen.glyph()

    glyf = font["glyf"] = newTable("glyf")
    glyf.glyphOrder = order
    glyf.glyphs = glyphs
    font["loca"] = newTable("loca")
    metrics = font["hmtx"]
    for name, glyph in glyphs.items():
        glyph.recalcBounds(glyf)
        metrics[name] = (metrics[name][0], getattr(glyph, "xMin", 0))

    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in (
        "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
        "maxStackElements", "maxSizeOfInstructions", "maxComponentElements",
    ):  # fmt: skip
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    font["post"].formatType = 3.0
    for tag in LEFT_OUT:
        if tag in font:
            del font[tag]
    font.sfntVersion = "\000\001\000\000"
    font.save(target)


def main() -> None:
    """Convert both fonts and put the licence beside them."""
    package = distribution(PACKAGE)
    files = package.files or []
    TARGET.mkdir(parents=True, exist_ok=True)
    for name in FONTS:
        (source,) = (f for f in files if f.name == f"{name}.otf")
        convert(Path(str(package.locate_file(source))), TARGET / f"{name}.ttf")
    (licence,) = (f for f in files if f.name == "LICENSE")
    shutil.copyfile(str(package.locate_file(licence)), TARGET / "OFL.txt")


if __name__ == "__main__":
    main()
