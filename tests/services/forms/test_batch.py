"""Many files at one go: their names, and that one which fails stops no other."""

from datetime import date

import pytest

from app.errors import CancelledError, StorageError
from app.progress import CancelFlag, NoProgress
from app.services.evidence.names import MAX_CHARACTERS
from app.services.forms.batch import Made, a_file_each, file_name, one_file, write_all
from app.services.forms.form import Outcome, Request, Target

REQUEST = Request("cover", "方案")


class Writer:
    """Writes the targets as text, refuses those of one name, counts."""

    def __init__(self, refused=""):
        self.refused = refused

    def __call__(self, request, path, progress):
        progress.report(0, 5, "排版")
        if self.refused and self.refused in path.name:
            raise StorageError(f"没有写入“{path.name}”的权限。", "请关闭打开它的程序。")
        path.write_text("、".join(request.targets or ()), encoding="utf-8")
        return Outcome((path,), ("第 3 件没有日期",))


@pytest.fixture
def form(services):
    return services.forms.get("cover")


def targets(*titles):
    return [Target(str(number), title) for number, title in enumerate(titles, start=1)]


def test_a_file_is_called_by_day_title_and_form(form):
    dated = Target("1", "送教下乡：分数/小数", "", date(2025, 10, 15))
    assert file_name(form, dated, ".pdf") == "2025-10-15 送教下乡：分数／小数 封面.pdf"
    assert file_name(form, None, ".docx", "兴镇工作坊 2025学年") == "兴镇工作坊 2025学年 封面.docx"


def test_a_title_of_120_characters_leaves_the_name_of_the_form(form):
    name = file_name(form, Target("1", "教" * 120), ".pdf")
    assert len(name) <= MAX_CHARACTERS
    assert name.endswith("教 封面.pdf")


def test_no_two_files_are_called_alike(form, tmp_path):
    pieces = a_file_each(form, REQUEST, targets("教研A", "教研a", "教研A"), tmp_path, ".pdf")
    assert [piece.path.name for piece in pieces] == [
        "教研A 封面.pdf", "教研a 封面（2）.pdf", "教研A 封面（3）.pdf",
    ]  # fmt: skip
    assert [piece.request.targets for piece in pieces] == [("1",), ("2",), ("3",)]


def test_observers_of_one_lesson_are_told_apart(form, tmp_path):
    lesson = [
        Target("1", "三角形", "李红霞"),
        Target("2", "三角形", "𠅤䶮"),
        Target("3", "圆", "李红霞"),
    ]
    pieces = a_file_each(form, REQUEST, lesson, tmp_path, ".pdf")
    assert [piece.path.name for piece in pieces] == [
        "三角形 李红霞 封面.pdf", "三角形 𠅤䶮 封面.pdf", "圆 封面.pdf",
    ]  # fmt: skip


def test_what_fails_is_named_and_the_rest_is_done(form, tmp_path):
    pieces = a_file_each(form, REQUEST, targets("甲", "乙", "丙"), tmp_path, ".txt")
    made = write_all(Writer(refused="乙"), pieces, Made(), NoProgress())
    assert [path.name for path in made.files] == ["甲 封面.txt", "丙 封面.txt"]
    [(piece, error)] = made.failed
    assert (piece.title, error.hint) == ("乙 封面", "请关闭打开它的程序。")
    assert made.notes == ["第 3 件没有日期"]
    assert made.left == 0


def test_a_folder_for_each_form_is_made(form, tmp_path):
    pieces = one_file(form, REQUEST, tmp_path / "封面" / "全部.txt")
    assert write_all(Writer(), pieces, Made(), NoProgress()).files[0].is_file()


def test_a_stick_that_is_gone_is_said(form, tmp_path):
    pieces = one_file(form, REQUEST, tmp_path / "U盘" / "封面" / "全部.txt")
    [(_piece, error)] = write_all(Writer(), pieces, Made(), NoProgress()).failed
    assert "U 盘是否还插着" in error.hint


def test_cancelled_it_says_what_is_done_and_what_is_left(form, tmp_path):
    class StopAtThird(CancelFlag):
        def report(self, done, total, text=""):
            self.cancelled = done == 2
            super().report(done, total, text)

    pieces = a_file_each(form, REQUEST, targets("甲", "乙", "丙", "丁"), tmp_path, ".txt")
    made = Made()
    with pytest.raises(CancelledError):
        write_all(Writer(), pieces, made, StopAtThird())
    assert (len(made.files), made.left) == (2, 2)
