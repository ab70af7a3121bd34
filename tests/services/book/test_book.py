"""The book as a reader meets it: numbers, directory, links, outline, fonts, volumes."""

import random
import re
import sys
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image

from app.context import Context
from app.errors import CancelledError, ConflictError, ExportError, StorageError, ValidationError
from app.progress import CancelFlag, NoProgress
from app.services.book import assembling
from app.services.forms.form import Request
from tests.conftest import StepClock
from tests.services.book.conftest import Binder, Paper, labels, look, page_texts, photo

NUMBER = re.compile(r"— (\d+) —")


def stamped(text: str) -> list[int]:
    return [int(number) for number in NUMBER.findall(text)]


def year(binder: Binder, paper: Paper) -> None:
    """Pieces of several kinds under items of two groups."""
    binder.put({"1 计划.pdf": paper("plan one", "plan two", "plan three")}, "1.1")
    binder.put({"2 合影.jpg": photo(1600, 1200), "3 签到.jpg": photo(900, 1200, seed=9)}, "1.1")
    binder.put({"4 纪要.txt": "第一项议程。\n第二项议程。".encode()}, "1.2")
    binder.put({"5 录像.mp4": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(99)}, "2.1")
    binder.put({"6 教案.pdf": paper("lesson")}, "2.1")


def rows(path: Path) -> list[tuple[str, int]]:
    """Text of each linked line of the directory, with the page that it leads to."""
    found = []
    with pikepdf.open(path) as pdf, pdfium.PdfDocument(path) as seen:
        place = {page.objgen: number for number, page in enumerate(pdf.pages)}
        for number, page in enumerate(pdf.pages):
            if not str(page.label).startswith("目录"):
                continue
            words = seen[number].get_textpage()
            for link in page.get("/Annots", []):
                text = words.get_text_bounded(*(float(side) for side in link.Rect))
                found.append((" ".join(text.split()), place[link.Dest[0].objgen]))
    return found


class TestNumbers:
    def test_every_page_bears_the_number_that_the_viewer_shows(
        self, binder: Binder, paper: Paper
    ) -> None:
        year(binder, paper)
        (path,) = binder.bind().files
        names = labels(path)
        assert names[:2] == ["封面", "目录 1"]
        for name, text in zip(names[2:], page_texts(path)[2:], strict=True):
            assert stamped(text) == [int(name)]

    def test_the_directory_names_the_page_where_a_piece_really_lies(
        self, binder: Binder, paper: Paper
    ) -> None:
        year(binder, paper)
        (path,) = binder.bind().files
        texts = page_texts(path)
        lines = rows(path)
        assert len(lines) == 6 + 2 + 3  # pieces, groups, items
        for words, page in lines:
            assert stamped(texts[page])[0] == int(re.sub(r" 说明页.*$", "", words).split()[-1])
        (plan,) = [page for words, page in lines if words.startswith("1 1 计划")]
        assert "plan one" in texts[plan]
        (lesson,) = [page for words, page in lines if "教案" in words]
        assert "lesson" in texts[lesson]

    @pytest.mark.parametrize("at", ["foot", "top"])
    def test_numbers_stand_outside(self, binder: Binder, paper: Paper, at: str) -> None:
        binder.put({"a.pdf": paper("x", "y")})
        (path,) = binder.bind(options={"number": at, "dividers": "none"}).files
        with pdfium.PdfDocument(path) as pdf:
            for page, right in ((2, True), (3, False)):
                words = pdf[page].get_textpage()
                finder = words.search(f"— {page - 1} —")
                index, count = finder.get_next()
                left, bottom, *_ = words.get_charbox(index)
                end = words.get_charbox(index + count - 1)[2]
                assert (595 - end < 60) is right
                assert (left < 60) is not right
                assert (bottom > 780) if at == "top" else (bottom < 60)

    def test_two_pieces_on_a_page_have_the_same_number(self, binder: Binder) -> None:
        binder.put({f"{n}.jpg": photo(400, 300, seed=n) for n in range(1, 6)})
        (path,) = binder.bind(options={"pictures": "4", "dividers": "none"}).files
        assert labels(path) == ["封面", "目录 1", "1", "2", "3"]  # two with photos, the report
        leads = [page for words, page in rows(path)[2:]]
        assert leads == [2, 2, 2, 2, 3]


class TestNothingIsLeftOut:
    def test_inputs_are_outputs(self, binder: Binder, paper: Paper) -> None:
        year(binder, paper)
        outcome = binder.bind()
        account = outcome.account
        assert "收入 6 件：印成页面 5 件，说明页 1 件，见别处 0 件" in account
        closing = page_texts(outcome.files[0])[-1].replace("\r\n", "")
        assert "5＋1＋0＝6" in closing
        assert "缺少播放所需的索引" in closing

    def test_a_piece_of_two_items_lies_once_and_both_lines_lead_there(
        self, binder: Binder, paper: Paper
    ) -> None:
        (piece,) = binder.put({"总结.pdf": paper("the summary")}, "1.1")
        binder.put({"制度.pdf": paper("the rules")}, "1.2")
        binder.services.evidence.place([piece], binder.item("1.2"))
        outcome = binder.bind()
        assert "印成页面 2 件，说明页 0 件，见别处 1 件" in outcome.account
        texts = page_texts(outcome.files[0])
        assert sum("the summary" in text for text in texts) == 1
        lines = [
            page
            for words, page in rows(outcome.files[0])
            if "总结" in words and "工作" not in words
        ]
        assert len(lines) == 2
        assert all("the summary" in texts[page] for page in lines)

    def test_a_file_that_is_gone_is_said_to_be_gone(self, binder: Binder, paper: Paper) -> None:
        (piece,) = binder.put({"a.pdf": paper("x")})
        binder.services.evidence.path(piece).unlink()
        outcome = binder.bind()
        assert "找不到这份文件" in outcome.notes[0]
        assert "说明页 1 件" in outcome.account

    def test_boxes_out_of_date_are_refused(self, binder: Binder, paper: Paper) -> None:
        binder.put({"a.pdf": paper("x")})
        binder.bind()
        binder.put({"b.pdf": paper("y")})
        adopted = binder.services.adoptions.current()
        with pytest.raises(ConflictError, match="汇编会缺材料"):
            binder.services.forms.export(Request("book", adopted.id), binder.out / "b.pdf")


class TestReading:
    def test_the_outline_follows_the_assessment_table(self, binder: Binder, paper: Paper) -> None:
        year(binder, paper)
        (path,) = binder.bind().files
        with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
            cover, directory, box, report = outline.root
            assert (cover.title, directory.title, report.title) == ("封面", "目录", "汇编说明")
            assert box.title == "第 1 盒"
            groups = [group.title for group in box.children]
            assert groups == ["1　组织管理", "2　示范引领"]
            items = [item.title for item in box.children[0].children]
            assert [title.split("　")[0] for title in items] == ["1.1", "1.2"]
            pieces = [piece.title for piece in box.children[0].children[0].children]
            assert [title.split("　")[0] for title in pieces] == ["1", "2", "3"]

    def test_page_numbers_lead_back_to_the_directory(self, binder: Binder, paper: Paper) -> None:
        year(binder, paper)
        (path,) = binder.bind().files
        with pikepdf.open(path) as pdf:
            directory = pdf.pages[1].objgen
            linked = [
                page.label
                for page in pdf.pages[2:]
                if any(link.Dest[0].objgen == directory for link in page.get("/Annots", []))
            ]
        dividers_and_report = {"1", "8", "11"}
        assert set(linked) == {str(n) for n in range(1, 12)} - dividers_and_report

    def test_text_can_be_found_and_our_fonts_are_embedded(
        self, binder: Binder, paper: Paper
    ) -> None:
        year(binder, paper)
        (path,) = binder.bind().files
        text = "".join(page_texts(path))
        for words in ("plan two", "第一项议程", "材料说明页", "录像"):
            assert words in text
        with pikepdf.open(path) as pdf:
            fonts = [
                font
                for page in pdf.pages
                for font in page.get("/Resources", {}).get("/Font", {}).values()
            ]
            assert fonts
            assert all("/FontFile2" in font.FontDescriptor for font in fonts)

    def test_same_input_same_bytes(self, binder: Binder, paper: Paper, context: Context) -> None:
        year(binder, paper)
        binder.bind()
        clock = context.clock
        assert isinstance(clock, StepClock)
        moment, books = clock.now, []
        for _ in range(2):
            clock.now = moment
            (path,) = binder.bind(options={"stamp": "1", "dividers": "item"}).files
            books.append(path.read_bytes())
        assert books[0] == books[1]


class TestVolumes:
    def test_volumes_add_up(self, binder: Binder, paper: Paper) -> None:
        for n in range(1, 9):
            binder.put({f"{n} 材料.pdf": paper(*(f"piece {n} page {p}" for p in range(1, 4)))})
        outcome = binder.bind(options={"pages": "12", "dividers": "none"})
        names = [file.name for file in outcome.files]
        assert names == [f"汇编 第{n}册.pdf" for n in range(1, len(names) + 1)]
        assert len(names) == 3
        numbers: list[int] = []
        total = 0
        for n, file in enumerate(outcome.files, 1):
            texts = page_texts(file)
            assert len(texts) <= 12
            total += len(texts)
            assert f"第 {n} 册　共 3 册" in texts[0]
            numbers += [number for text in texts[2:] for number in stamped(text)]
            assert all(f"piece {p} page 1" in "".join(texts) for p in pieces_of(texts))
        assert numbers == list(range(1, 8 * 3 + 2))
        assert outcome.pages == total
        assert not list(binder.out.glob(".*"))

    def test_the_directory_of_each_volume_tells_the_volume_of_everything(
        self, binder: Binder, paper: Paper
    ) -> None:
        for n in range(1, 5):
            binder.put({f"{n} 材料.pdf": paper(*[f"piece {n}"] * 5)})
        outcome = binder.bind(options={"pages": "7", "dividers": "none"})
        assert len(outcome.files) == 5
        for number, file in enumerate(outcome.files, 1):
            text = " ".join(page_texts(file)[1].split())
            for piece in range(1, 5):
                assert re.search(rf"{piece} {piece} 材料 (\S+ )?{piece} {piece * 5 - 4}\b", text), (
                    text
                )
            linked = {int(words.split()[0]) for words, _ in rows(file) if "材料" in words}
            assert linked == ({number} if number < 5 else set())

    def test_a_piece_larger_than_a_volume_is_divided(self, binder: Binder, paper: Paper) -> None:
        binder.put({"手册.pdf": paper(*(f"sheet {n}" for n in range(30)))})
        outcome = binder.bind(options={"pages": "12", "dividers": "none"})
        texts = [text for file in outcome.files for text in page_texts(file)]
        found = [n for text in texts for n in re.findall(r"sheet (\d+)", text)]
        assert found == [str(n) for n in range(30)]

    def test_volumes_keep_to_their_size(self, binder: Binder) -> None:
        photos = {}
        for n in range(8):
            noise = random.Random(n).randbytes(700 * 700 * 3)  # noqa: S311 -- only noise
            place = binder.folder / f"{n}.jpg"
            binder.folder.mkdir(exist_ok=True)
            Image.frombytes("RGB", (700, 700), noise).save(place, quality=90)
            photos[place.name] = place.read_bytes()
        binder.put(photos)
        outcome = binder.bind(options={"megabytes": "2"})
        assert len(outcome.files) > 2
        assert all(file.stat().st_size <= 2_000_000 for file in outcome.files)

    def test_old_volumes_of_a_longer_book_are_named(self, binder: Binder, paper: Paper) -> None:
        binder.put({"a.pdf": paper(*["x"] * 12)})
        binder.bind(options={"pages": "6", "dividers": "none"})
        notes = binder.bind(options={"pages": "12", "dividers": "none"}).notes
        assert "以前汇编的 汇编 第3册.pdf" in notes[-1]

    @pytest.mark.parametrize("pages", ["0", "三十", "-5"])
    def test_limits_that_are_none(self, binder: Binder, paper: Paper, pages: str) -> None:
        binder.put({"a.pdf": paper("x")})
        with pytest.raises(ValidationError, match="每册页数"):
            binder.bind(options={"pages": pages})

    def test_too_few_pages_for_the_directory(self, binder: Binder, paper: Paper) -> None:
        binder.put({"a.pdf": paper("x")})
        with pytest.raises(ValidationError, match="封面和目录就要 2 页"):
            binder.bind(options={"pages": "3"})


def pieces_of(texts: list[str]) -> set[str]:
    return set(re.findall(r"piece (\d+) page", "".join(texts)))


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


class StopAt(CancelFlag):
    """Cancels at the n-th look; counts the open files on the way."""

    def __init__(self, stop: int = 1 << 30) -> None:
        super().__init__()
        self.left, self.looks, self.files = stop, 0, 0

    def report(self, done: int, total: int, text: str = "") -> None:
        self.looks += 1
        if sys.platform == "linux":
            self.files = max(self.files, open_files())
        if self.looks >= self.left:
            self.cancel()
        super().report(done, total, text)


class TestStopping:
    def test_stopped_anywhere_nothing_is_left(self, binder: Binder, paper: Paper) -> None:
        year(binder, paper)
        whole = StopAt()
        binder.bind(options={"pages": "6"}, progress=whole)
        for file in binder.out.iterdir():
            file.unlink()
        for stop in {1, 3, whole.looks // 3, whole.looks // 2, whole.looks - 40, whole.looks}:
            with pytest.raises(CancelledError):
                binder.bind(options={"pages": "6"}, progress=StopAt(stop))
            assert list(binder.out.iterdir()) == []

    def test_a_book_that_fails_leaves_the_old_one(self, binder: Binder, paper: Paper) -> None:
        year(binder, paper)
        (path,) = binder.bind().files
        before = path.read_bytes()
        with pytest.raises(CancelledError):
            binder.bind(progress=StopAt(8))
        assert path.read_bytes() == before

    def test_a_folder_in_the_way_stops_all_volumes(self, binder: Binder, paper: Paper) -> None:
        binder.put({"a.pdf": paper(*["x"] * 12)})
        (binder.out / "汇编 第2册.pdf").mkdir(parents=True)
        with pytest.raises(StorageError):
            binder.bind(options={"pages": "6", "dividers": "none"})
        assert [file.name for file in binder.out.iterdir()] == ["汇编 第2册.pdf"]

    def test_no_folder_to_write_to(self, binder: Binder, paper: Paper) -> None:
        binder.put({"a.pdf": paper("x")})
        with pytest.raises(ExportError, match="不存在"):
            binder.bind("没有/汇编.pdf")

    @pytest.mark.skipif(
        sys.platform != "linux", reason="counts open files where the system lists them"
    )
    def test_few_files_are_open_at_once(self, binder: Binder, paper: Paper) -> None:
        binder.put({f"{n:03}.pdf": paper(f"n{n}") for n in range(120)})
        before = open_files()
        seen = StopAt()
        binder.bind(progress=seen)
        assert seen.files - before <= 60


class TestLooks:
    @pytest.mark.parametrize("quality", ["print", "original"])
    def test_photos_stand_upright(self, binder: Binder, quality: str) -> None:
        binder.put({f"{turn}.jpg": photo(2400, 1800, turn=turn, seed=turn) for turn in range(1, 9)})
        (path,) = binder.bind(options={"quality": quality, "dividers": "none"}).files
        for number in range(2, 10):
            page = look(path, number)
            middle = page.height * (297 + 18 - 20 - 11) / 2 / 297
            for x, y, red in ((180, -60, True), (420, -60, False), (180, 60, False)):
                colour = page.getpixel((x, int(middle + y)))
                assert isinstance(colour, tuple)
                assert (colour[0] > 200) is red, (number, x, y, colour)
                assert (colour[2] > 200) is not red

    def test_the_archive_stamp_is_drawn_on_first_pages_only(
        self, binder: Binder, paper: Paper
    ) -> None:
        binder.put({"a.pdf": paper("x", "y")})
        (path,) = binder.bind(options={"stamp": "1", "dividers": "none"}).files

        def red(page: int) -> int:
            image = look(path, page).crop((200, 0, 400, 70))
            return sum(
                r > 150 and max(g, b) < 110
                for r, g, b in zip(*[iter(image.tobytes())] * 3, strict=True)
            )

        assert red(2) > 300
        assert red(3) == 0
        with pytest.raises(ValidationError, match="每页 4 张照片"):
            binder.bind(options={"stamp": "1", "pictures": "4"})


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_said_and_does_not_end_the_program() -> None:
    with pikepdf.new() as book:
        book.add_blank_page()
        book.Root.Big = pikepdf.Stream(book, random.Random(1).randbytes(200_000))  # noqa: S311
        with pytest.raises(OSError, match="space"):
            assembling.save(book, Path("/dev/full"), NoProgress())
