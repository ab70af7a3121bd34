"""Pictures of the sample archive, drawn: classrooms, villages, scanned papers, certificates, a seal.

Everything is drawn by this program, so nobody's face and nobody's rights are in it.
"""

from __future__ import annotations

import io
import math
import random
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFilter, ImageFont

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_FOLDER = Path(__file__).resolve().parents[1] / "resources" / "fonts"
FONTS = {"song": _FOLDER / "NotoSerifSC-Regular.ttf", "hei": _FOLDER / "NotoSansSC-Regular.ttf"}

SKIN = ((236, 196, 164), (224, 180, 146), (242, 206, 178))
HAIR = ((34, 28, 26), (48, 38, 32), (24, 22, 24))
SHIRTS = (
    (196, 62, 58),
    (58, 104, 168),
    (238, 186, 70),
    (84, 148, 96),
    (226, 232, 236),
    (150, 92, 150),
)
WALLS = ((232, 226, 210), (218, 228, 226), (236, 230, 222))
INK = (32, 44, 112)


def font(size: int, name: str = "hei") -> ImageFont.FreeTypeFont:
    """One of the shipped fonts."""
    return ImageFont.truetype(str(FONTS[name]), size)


def photo(target: Path, scene: str, words: Sequence[str], taken: datetime, seed: int) -> None:
    """A picture as from a phone, with the time of the camera in its EXIF."""
    dice = random.Random(seed)  # noqa: S311 - drawing, no secrets
    image = Image.new("RGB", (1280, 960), dice.choice(WALLS))
    (_SCENES[scene])(ImageDraw.Draw(image), words, dice)
    light = Image.radial_gradient("L").resize(image.size).point(lambda value: value // 4)
    image = Image.composite(Image.new("RGB", image.size, (36, 30, 24)), image, light)
    image = image.rotate(dice.uniform(-1.2, 1.2), Image.Resampling.BICUBIC, expand=False)
    image = image.crop((24, 20, 1256, 940)).filter(ImageFilter.GaussianBlur(0.9))
    exif = Image.Exif()
    stamp = taken.strftime("%Y:%m:%d %H:%M:%S")
    exif[0x010F], exif[0x0110], exif[0x0132] = "YANDANG", "Sample Camera", stamp
    exif.get_ifd(0x8769).update({0x9003: stamp, 0x9004: stamp, 0x9011: "+08:00"})
    target.parent.mkdir(parents=True, exist_ok=True)
    image.save(target, quality=72, exif=exif)


def _person(draw: ImageDraw.ImageDraw, x: float, y: float, size: float, dice: random.Random,
            *, back: bool) -> None:  # fmt: skip
    shirt, hair = dice.choice(SHIRTS), dice.choice(HAIR)
    draw.rounded_rectangle(
        (x - size * 0.75, y, x + size * 0.75, y + size * 2.2), size * 0.45, shirt
    )
    head = (x - size * 0.46, y - size * 0.98, x + size * 0.46, y + size * 0.08)
    draw.ellipse(head, hair if back else dice.choice(SKIN))
    if not back:
        draw.pieslice((head[0], head[1] - 3, head[2], head[3] - size * 0.25), 170, 370, hair)
        eye = y - size * 0.42
        for dx in (-0.18, 0.18):
            draw.ellipse((x + dx * size - 3, eye - 3, x + dx * size + 3, eye + 3), (40, 30, 30))
        draw.arc((x - size * 0.2, eye, x + size * 0.2, eye + size * 0.3), 20, 160, (150, 70, 60), 3)


def _board(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], words: Sequence[str]) -> None:
    draw.rectangle((box[0] - 12, box[1] - 12, box[2] + 12, box[3] + 12), (150, 112, 72))
    draw.rectangle(box, (34, 82, 66))
    middle, top = (box[0] + box[2]) / 2, box[1] + 26
    for number, line in enumerate(words):
        size = 58 if number == 0 else 38
        draw.text((middle, top), line, (240, 244, 236), font(size, "song"), anchor="ma")
        top += size * 1.6


def _lesson(draw: ImageDraw.ImageDraw, words: Sequence[str], dice: random.Random) -> None:
    """A lesson, seen from the back of the room."""
    draw.rectangle((0, 640, 1280, 960), (186, 168, 144))
    _board(draw, (250, 90, 1030, 430), words)
    draw.rectangle((1090, 120, 1230, 380), (196, 222, 238), (250, 250, 250), 10)
    draw.line((1160, 120, 1160, 380), (250, 250, 250), 8)
    _person(draw, dice.choice((300, 940)), 400, 82, dice, back=False)
    for row in range(3):
        y, size = 610 + row * 118, 50 + row * 12
        for column in range(6):
            x = 150 + column * 200 + dice.uniform(-26, 26) - row * 14
            _person(draw, x, y, size, dice, back=True)
            draw.rectangle((x - 92, y + size, x + 92, y + size + 16), (206, 160, 104))


def _meeting(draw: ImageDraw.ImageDraw, words: Sequence[str], dice: random.Random) -> None:
    """Teachers around a table, a screen behind."""
    draw.rectangle((0, 700, 1280, 960), (168, 150, 132))
    draw.rectangle((300, 60, 980, 380), (246, 248, 250), (90, 90, 96), 10)
    draw.rectangle((300, 60, 980, 130), (178, 44, 40))
    draw.text((640, 95), words[0], (255, 250, 240), font(36), anchor="mm")
    for number, line in enumerate(words[1:]):
        draw.text((640, 200 + number * 62), line, (40, 52, 70), font(40, "song"), anchor="mm")
    for number in range(6):
        _person(draw, 190 + number * 180, 520 + dice.uniform(-12, 12), 72, dice, back=False)
    draw.polygon(((60, 700), (1220, 700), (1290, 900), (-10, 900)), (178, 126, 82))
    for number in range(5):
        x = 160 + number * 220
        paper = ((x, 740), (x + 96, 740), (x + 108, 800), (x - 6, 800))
        draw.polygon(paper, (250, 250, 246))
        draw.ellipse((x + 124, 736, x + 158, 766), (226, 232, 236))
    for number in range(4):
        _person(draw, 220 + number * 280 + dice.uniform(-20, 20), 860, 84, dice, back=True)


def _village(draw: ImageDraw.ImageDraw, words: Sequence[str], dice: random.Random) -> None:
    """A small school at the foot of hills."""
    draw.rectangle((0, 0, 1280, 560), (186, 214, 236))
    for base, shade in ((330, (142, 172, 160)), (400, (112, 150, 118))):
        points = [
            (x, base + 60 * math.sin(x / 170 + base) + dice.uniform(-8, 8))
            for x in range(0, 1300, 40)
        ]
        draw.polygon([(0, 620), *points, (1280, 620)], shade)
    draw.rectangle((0, 600, 1280, 960), (206, 192, 162))
    draw.polygon(((210, 360), (640, 250), (1070, 360)), (150, 66, 52))
    draw.rectangle((240, 360, 1040, 640), (240, 234, 220))
    for number in range(4):
        x = 300 + number * 190
        draw.rectangle((x, 440, x + 110, 540), (120, 160, 190), (110, 80, 60), 8)
    draw.rectangle((360, 372, 920, 424), (250, 246, 230), (150, 66, 52), 4)
    draw.text((640, 398), words[0], (150, 40, 36), font(36, "song"), anchor="mm")
    draw.line((1130, 640, 1130, 180), (170, 170, 176), 8)
    draw.rectangle((1134, 184, 1236, 252), (206, 40, 40))
    for number in range(9):
        size = 46 + (number % 3) * 14
        _person(draw, 120 + number * 128, 720 + (number % 3) * 34, size, dice, back=False)


_SCENES = {"lesson": _lesson, "meeting": _meeting, "village": _village}


def seal(words: str) -> Image.Image:
    """A round red seal that says of itself that it is a sample."""
    size = 420
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    draw, middle = ImageDraw.Draw(image), size / 2
    red = (208, 36, 32, 215)
    draw.ellipse((8, 8, size - 8, size - 8), outline=red, width=12)
    letters = words.replace(" ", "")
    for number, letter in enumerate(letters):
        angle = math.radians(205 + 130 * number / max(1, len(letters) - 1))
        mark = Image.new("RGBA", (90, 90), (0, 0, 0, 0))
        ImageDraw.Draw(mark).text((45, 45), letter, red, font(56, "song"), anchor="mm")
        mark = mark.rotate(-math.degrees(angle) - 90, Image.Resampling.BICUBIC)
        x, y = middle + math.cos(angle) * size * 0.355, middle + math.sin(angle) * size * 0.355
        image.alpha_composite(mark, (round(x - 45), round(y - 45)))
    star = [
        (
            middle + math.sin(math.pi * n / 5) * (size * (0.16, 0.062)[n % 2]),
            middle + 20 - math.cos(math.pi * n / 5) * (size * (0.16, 0.062)[n % 2]),
        )
        for n in range(10)
    ]
    draw.polygon(star, red)
    return image


PAGE = (1000, 1414)


def _sheet(title: str, lines: Sequence[str]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", PAGE, (250, 249, 245))
    draw = ImageDraw.Draw(image)
    draw.text((500, 110), title, (30, 30, 30), font(38, "song"), anchor="mm")
    for number, line in enumerate(lines):
        draw.text((95, 170 + number * 40), line, (30, 30, 30), font(24, "song"))
    return image, draw


def sign_in(
    title: str, facts: Sequence[str], rows: Sequence[tuple[str, str, str]], seed: int
) -> Image.Image:
    """A sign-in sheet filled by hand: name printed, school, signature or the reason of leave."""
    image, draw = _sheet(title, facts)
    dice = random.Random(seed)  # noqa: S311 - drawing, no secrets
    columns, top, row = (90, 160, 350, 660, 910), 190 + 40 * len(facts), 54
    for number, cells in enumerate([("姓名", "单位", "签名"), *rows]):
        y = top + number * row
        for left, right in pairwise(columns):
            draw.rectangle((left, y, right, y + row), outline=(60, 60, 60), width=2)
        draw.text(
            (125, y + row / 2), str(number or "序号"), (30, 30, 30), font(22, "song"), anchor="mm"
        )
        for cell, x in zip(cells[:2], (255, 505), strict=True):
            draw.text((x, y + row / 2), cell, (30, 30, 30), font(22, "song"), anchor="mm")
        if number:
            _by_hand(image, cells[2], (785 + dice.randint(-24, 24), int(y + row / 2)), dice)
        else:
            draw.text((785, y + row / 2), cells[2], (30, 30, 30), font(22, "song"), anchor="mm")
    return _scanned(image, dice)


def _by_hand(
    image: Image.Image, words: str, place: tuple[int, int], dice: random.Random, size: int = 30
) -> None:
    mark = Image.new("RGBA", (len(words) * size + 60, size * 3), (0, 0, 0, 0))
    ImageDraw.Draw(mark).text(
        (mark.width / 2, size * 1.5), words, INK, font(size, "song"), anchor="mm"
    )
    slant = mark.transform(mark.size, Image.Transform.AFFINE, (1, dice.uniform(0.15, 0.35), -12, 0, 1, 0),
                           Image.Resampling.BICUBIC)  # fmt: skip
    turned = slant.rotate(dice.uniform(-3, 5), Image.Resampling.BICUBIC)
    image.paste(turned, (place[0] - mark.width // 2, place[1] - mark.height // 2), turned)


def proof(title: str, paragraphs: Sequence[str], signed: Sequence[str], seed: int) -> Image.Image:
    """A letter with a seal, scanned."""
    image, draw = _sheet(title, ())
    y = 220
    for paragraph in paragraphs:
        text = "\u3000\u3000" + paragraph
        for start in range(0, len(text), 29):
            draw.text((95, y), text[start : start + 29], (30, 30, 30), font(28, "song"))
            y += 56
    for line in signed:
        draw.text((880, y + 40), line, (30, 30, 30), font(28, "song"), anchor="ra")
        y += 56
    stamp = seal("示例印章 不具效力").resize((260, 260))
    image.paste(stamp, (620, y - 120), stamp)
    return _scanned(image, random.Random(seed))  # noqa: S311 - drawing, no secrets


def certificate(target: Path, name: str, lines: Sequence[str], giver: str, day: str) -> None:
    """A certificate with a golden frame."""
    image = Image.new("RGB", (1200, 850), (252, 246, 228))
    draw = ImageDraw.Draw(image)
    for inset, width, shade in (
        (24, 14, (196, 150, 62)),
        (48, 3, (196, 150, 62)),
        (58, 2, (190, 50, 44)),
    ):
        draw.rectangle((inset, inset, 1200 - inset, 850 - inset), outline=shade, width=width)
    draw.text((600, 150), "荣 誉 证 书", (190, 40, 36), font(76, "song"), anchor="mm")
    draw.text((150, 260), f"{name}：", (40, 36, 32), font(38, "song"))
    for number, line in enumerate(lines):
        draw.text(
            (226 if number == 0 else 150, 340 + number * 70), line, (40, 36, 32), font(36, "song")
        )
    draw.text((1050, 650), giver, (40, 36, 32), font(32, "song"), anchor="rm")
    draw.text((1050, 710), day, (40, 36, 32), font(32, "song"), anchor="rm")
    stamp = seal("示例印章 不具效力").resize((230, 230))
    image.paste(stamp, (800, 570), stamp)
    target.parent.mkdir(parents=True, exist_ok=True)
    image.filter(ImageFilter.GaussianBlur(0.6)).save(target, quality=76)


def web_page(target: Path, title: str, day: str, paragraphs: Sequence[str]) -> None:
    """A screenshot of a school's web page."""
    image = Image.new("RGB", (1280, 900), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1280, 110), (24, 98, 104))
    draw.text((60, 55), "蒲城县实验小学（示例网页）", (255, 255, 255), font(38), anchor="lm")
    draw.text((640, 180), title, (20, 30, 40), font(40), anchor="mm")
    draw.text((640, 235), day, (120, 120, 120), font(22), anchor="mm")
    y = 290
    for paragraph in paragraphs:
        text = "\u3000\u3000" + paragraph
        for start in range(0, len(text), 42):
            draw.text((80, y), text[start : start + 42], (50, 50, 50), font(26))
            y += 46
        y += 16
    target.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(64).save(target, optimize=True)


def _scanned(image: Image.Image, dice: random.Random) -> Image.Image:
    turned = image.rotate(
        dice.uniform(-0.7, 0.7), Image.Resampling.BICUBIC, fillcolor=(236, 235, 230)
    )
    return turned.filter(ImageFilter.GaussianBlur(0.5))


def scan_pdf(target: Path, pages: Sequence[Image.Image]) -> None:
    """The pages as a PDF of pictures, as a scanner writes it."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    target.parent.mkdir(parents=True, exist_ok=True)
    canvas = Canvas(str(target), pagesize=(595.28, 841.89), invariant=1)
    for page in pages:
        jpeg = io.BytesIO()
        page.save(jpeg, "JPEG", quality=50)
        jpeg.seek(0)
        canvas.drawImage(ImageReader(jpeg), 0, 0, 595.28, 841.89)
        canvas.showPage()
    canvas.save()
