"""The book as a Word file, and its front in the preview."""

import io

import docx
import pypdfium2 as pdfium

from app.services.forms.form import Request
from tests.services.book.conftest import Binder, Paper, photo


def test_words_and_photos_come_with_headings(binder: Binder, paper: Paper) -> None:
    binder.put({"1 纪要.txt": "会议纪要第一行。\n第二行。".encode()}, "1.1")
    binder.put({"2 合影.jpg": photo(2400, 1800, turn=6)}, "1.1")
    (piece,) = binder.put({"3 总结.pdf": paper("words of the summary")}, "1.2")
    binder.put({"4 录像.mp4": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(99)}, "2.1")
    binder.services.evidence.place([piece], binder.item("2.1"))
    binder.services.evidence.read_texts()
    outcome = binder.bind("汇编.docx")
    assert "收入 5 件：文字 2 件，照片 1 件，只写明存放位置 1 件，见别处 1 件" in outcome.account
    made = docx.Document(str(outcome.files[0]))
    text = "\n".join(paragraph.text for paragraph in made.paragraphs)
    for words in ("材料汇编", "1　组织管理", "会议纪要第一行。", "words of the summary", "见第3号"):
        assert words in text
    assert "evidence/" in text  # where the film lies
    assert text.index("1　组织管理") < text.index("会议纪要") < text.index("2　示范引领")
    (shape,) = made.inline_shapes
    assert shape.width > shape.height  # the camera was held upright, the file lies


def test_long_texts_say_how_much_was_left_out(binder: Binder) -> None:
    binder.put({"长.txt": ("字" * 99 + "\n").encode() * 300})
    outcome = binder.bind("汇编.docx")  # the search has not read it yet
    assert "太长，略去了后面" in outcome.notes[0]
    made = docx.Document(str(outcome.files[0]))
    assert any("全文在档案库的" in paragraph.text for paragraph in made.paragraphs)


def test_the_preview_shows_cover_and_directory(binder: Binder, paper: Paper) -> None:
    binder.put({f"{n} 材料.pdf": paper(f"piece {n}") for n in range(40)})
    adopted = binder.services.adoptions.current()
    binder.services.boxes.plan(adopted.id)
    shown = binder.services.forms.preview(Request("book", adopted.id))
    with pdfium.PdfDocument(io.BytesIO(shown)) as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    assert "材料汇编" in texts[0]
    assert len(texts) == 3
    assert all(f"{n} 材料" in "".join(texts) for n in range(40))
