"""From the welcome page to an open archive and back, as a clerk goes."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.bootstrap import open_services
from app.context import Context
from app.ui.app import Program
from app.ui.desk import Desk
from app.ui.main_window import MainWindow
from app.ui.pages.new_archive import NewArchiveDialog
from app.ui.pages.welcome import WelcomePage


@pytest.fixture
def desk(tools, qtbot, qapp, context):
    window = MainWindow(tools)
    qtbot.addWidget(window)
    made = Desk(Program(qapp, tools, window), context)
    window.show()
    yield made
    made.close()


@pytest.fixture
def window(desk) -> MainWindow:
    return desk.parent()


def _archive_folder(fresh_archive, tmp_path) -> Path:
    import shutil

    folder = tmp_path / "我的档案库"
    shutil.copytree(fresh_archive, folder)
    return folder


def test_it_begins_with_the_welcome_page(window) -> None:
    assert isinstance(window.page, WelcomePage)
    assert not window.navigation.isVisible()


def test_an_archive_is_opened_shown_and_remembered(
    desk, window, fresh_archive, tmp_path, qtbot
) -> None:
    folder = _archive_folder(fresh_archive, tmp_path)
    desk.open_folder(folder)
    qtbot.waitUntil(lambda: desk.services is not None)
    assert window.windowTitle() == "蒲城县小学数学名师工作坊 — 研档"
    assert [spec.title for spec in window._specs] == [
        "首页",
        "成员",
        "活动",
        "听课",
        "材料",
        "考核",
        "归档",
        "文件",
        "设置",
    ]
    for spec in window._specs:
        window.show_page(spec.key)
        assert window.page.isVisible()
    desk.show_welcome()
    assert desk.services is None
    assert window.page.recent.item(0).data(Qt.ItemDataRole.UserRole) == str(folder)
    with open_services(folder, Context()) as again:  # the lock is free again
        assert again.name == "蒲城县小学数学名师工作坊"


def test_what_cannot_be_opened_is_said_in_the_page(desk, window, tmp_path) -> None:
    desk.open_folder(tmp_path)
    assert desk.services is None
    assert "不是档案库" in window.notices.lines[0].message.text


def test_an_archive_open_elsewhere_is_refused_by_name(
    desk, window, fresh_archive, tmp_path
) -> None:
    folder = _archive_folder(fresh_archive, tmp_path)
    with open_services(folder, Context(actor="李明")):
        desk.open_folder(folder)
        assert "李明" in window.notices.lines[0].message.text


def test_changes_reach_the_page_and_can_be_undone_by_key(
    desk, window, fresh_archive, tmp_path, qtbot
) -> None:
    desk.open_folder(_archive_folder(fresh_archive, tmp_path))
    window.show_page("settings")
    desk.services.settings.change(retention="30年")
    qtbot.waitUntil(lambda: "修改设置" in window.menus.undo.text())
    assert window.page.form.values()["retention"] == "30年"
    window.menus.undo.trigger()
    qtbot.waitUntil(lambda: window.page.form.values()["retention"] == "10年")
    assert "修改设置" in window.menus.redo.text()


def test_the_trash_is_in_the_menu_while_an_archive_is_open(
    desk, window, fresh_archive, tmp_path
) -> None:
    from app.ui.pages.trash import TrashDialog

    assert not window.menus.trash.isEnabled()
    desk.open_folder(_archive_folder(fresh_archive, tmp_path))
    window.menus.trash.trigger()
    assert window.findChild(TrashDialog).isVisible()
    window.findChild(TrashDialog).reject()


def test_a_backup_is_made_and_its_day_is_shown(desk, window, fresh_archive, tmp_path) -> None:
    desk.open_folder(_archive_folder(fresh_archive, tmp_path))
    assert "还没有备份" in window.status.backup.text()
    desk.back_up_to(tmp_path / "U盘")
    [made] = (tmp_path / "U盘").iterdir()
    assert (made / "archive.db").is_file()
    assert "上次备份 2026-03-02" in window.status.backup.text()


def _press_enter(qtbot, widget) -> None:
    qtbot.keyClick(widget, Qt.Key.Key_Return)


def test_a_new_archive_by_keyboard_alone(desk, theme, qtbot, write, tmp_path, context) -> None:
    dialog = NewArchiveDialog(theme, context.clock().date())
    qtbot.addWidget(dialog)
    dialog.show()
    _press_enter(qtbot, dialog.schemes)
    assert "第 2 步" in dialog.heading.text()
    assert not dialog.form.rows["community"].note.text()  # nothing is asked for before it is time
    write(dialog.form.rows["community"].editor, "兴镇数学工作坊")
    dialog.forward()
    assert "第 2 步" in dialog.heading.text()  # the school is still missing, and is asked for
    assert "单位" in dialog.form.rows["school"].note.text()
    write(dialog.form.rows["school"].editor, "兴镇小学")
    dialog.forward()
    assert "第 3 步" in dialog.heading.text()
    assert Path(dialog.folder.text()).name == "兴镇数学工作坊 2025学年"
    dialog.folder.setText(str(tmp_path / "新库"))
    dialog.forward()
    wanted = dialog.wanted()
    assert (wanted.community, wanted.school, wanted.year) == ("兴镇数学工作坊", "兴镇小学", 2025)
    desk.create(Path(dialog.folder.text()), wanted)
    assert desk.services.name == "兴镇数学工作坊"


def test_enter_in_the_last_field_leads_on(theme, qtbot, write, context) -> None:
    dialog = NewArchiveDialog(theme, context.clock().date())
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.forward()
    write(dialog.form.rows["community"].editor, "兴镇数学工作坊")
    write(dialog.form.rows["school"].editor, "兴镇小学")
    last = list(dialog.form.rows.values())[-1].editor
    last.setFocus()
    _press_enter(qtbot, last)
    qtbot.waitUntil(dialog.forward_button.hasFocus)
    _press_enter(qtbot, dialog.forward_button)
    assert "第 3 步" in dialog.heading.text()


def test_a_scheme_for_one_teacher_asks_for_the_name(theme, qtbot, context) -> None:
    dialog = NewArchiveDialog(theme, context.clock().date())
    qtbot.addWidget(dialog)
    row = next(n for n, scheme in enumerate(dialog._schemes) if scheme.assesses == "person")
    dialog.schemes.setCurrentRow(row)
    dialog.forward()
    assert "person" in dialog.form.rows
    dialog.back()
    dialog.schemes.setCurrentRow(0)
    dialog.forward()
    assert "person" not in dialog.form.rows


def test_bad_places_are_told_at_once(theme, qtbot, tmp_path, context) -> None:
    dialog = NewArchiveDialog(theme, context.clock().date())
    qtbot.addWidget(dialog)
    (tmp_path / "满").mkdir()
    (tmp_path / "满" / "x").touch()
    for place, words in (
        (tmp_path / "满", "已经存在"),
        (tmp_path / "BaiduSyncdisk" / "库", "网盘"),
        (tmp_path / "新", "本机硬盘"),
        ("", "完整的文件夹位置"),
    ):
        dialog.folder.setText(str(place))
        assert words in dialog.place.text()


def test_a_scheme_is_changed_in_a_file_and_used(theme, qtbot, tmp_path, context, desk) -> None:
    dialog = NewArchiveDialog(theme, context.clock().date())
    qtbot.addWidget(dialog)
    own = tmp_path / "我县方案.toml"
    dialog.save_copy(own)
    text = own.read_text(encoding="utf-8").replace("示范课", "公开示范课")
    own.write_text(text.replace('id = "pucheng-workshop"', 'id = "our-county"'), encoding="utf-8")
    dialog.add_own(own)
    dialog.forward()
    dialog.form.set_values({"community": "甲坊", "school": "乙校", "year": "2025"})
    desk.create(tmp_path / "库", dialog.wanted())
    adopted = desk.services.adoptions.current()
    assert adopted.scheme_key == "our-county"
    assert desk.services.adoptions.find_item(adopted.id, "公开示范课").no == "2.1"


def test_a_wrong_scheme_file_is_named_with_the_place(theme, qtbot, tmp_path, context) -> None:
    dialog = NewArchiveDialog(theme, context.clock().date())
    qtbot.addWidget(dialog)
    broken = tmp_path / "坏.toml"
    broken.write_text('[scheme]\nid = "x"\n', encoding="utf-8")
    before = dialog.schemes.count()
    dialog.add_own(broken)
    assert "“坏.toml”要改的地方：方案信息 › 方案名称：缺少这一项" in dialog.note.text()
    assert dialog.schemes.count() == before
