import re

import pytest
from PySide6.QtGui import QColor, QFontMetrics, QIcon
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QMessageBox, QPushButton

from app.resources import resource
from app.ui.framework.theme import Theme, set_role, tabular, text_font
from app.ui.framework.tokens import CONTROL_HEIGHT, DARK, LIGHT

PAIRS = [
    ("text", "surface"),
    ("text", "surface_alternate"),
    ("text", "ground"),
    ("text", "hover"),
    ("text", "accent_soft"),
    ("text_muted", "surface"),
    ("text_muted", "ground"),
    ("accent", "surface"),
    ("accent", "accent_soft"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("success", "success_soft"),
    ("warning", "warning_soft"),
    ("error", "error_soft"),
    ("error", "surface"),
    ("text", "error_soft"),
    ("text", "warning_soft"),
]


def luminance(color):
    def linear(part):
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    color = QColor(color)
    return sum(
        weight * linear(part)
        for weight, part in zip(
            (0.2126, 0.7152, 0.0722), (color.redF(), color.greenF(), color.blueF()), strict=True
        )
    )


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda t: t.name)
@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_everything_can_be_read(tokens, front, back):
    light, dark = sorted(
        (luminance(getattr(tokens, front)), luminance(getattr(tokens, back))), reverse=True
    )
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_drawings_of_the_style_sheet_have_the_theme_s_colours():
    for tokens in (LIGHT, DARK):
        for name, token in (("arrow", tokens.text_muted), ("check", tokens.on_accent)):
            text = resource("icons", "style", f"{tokens.name}-{name}.svg").read_text()
            assert f'stroke="{token}"' in text


def test_icons_are_painted_in_the_colour_asked_and_grey_when_disabled(theme):
    def colours(pixmap):
        image = pixmap.toImage()
        points = ((x, y) for x in range(image.width()) for y in range(image.height()))
        return {image.pixelColor(*p).name() for p in points if image.pixelColor(*p).alpha() == 255}

    icon = theme.icon("archive", "accent")
    assert colours(icon.pixmap(20)) == {LIGHT.accent}

    assert colours(icon.pixmap(20, QIcon.Mode.Disabled)) == {LIGHT.text_disabled}
    sharp = Theme(LIGHT, 2.0).pixmap("archive")
    assert (sharp.width(), sharp.devicePixelRatio()) == (40, 2.0)


def test_every_shipped_icon_can_be_drawn(theme):
    for path in resource("icons").glob("*.svg"):
        assert not theme.pixmap(path.stem).toImage().isNull(), path.name


def test_every_icon_the_code_names_is_shipped():
    names = set()
    for path in resource("..", "app", "ui").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        names |= set(re.findall(r'(?:icon|pixmap)\(\s*"([a-z0-9-]+)"', text))
    assert len(names) > 10
    missing = [n for n in sorted(names) if not resource("icons", f"{n}.svg").is_file()]
    assert missing == []


def test_controls_have_the_height_of_the_grid(theme, qtbot):
    for widget in (QPushButton("好"), QLineEdit()):
        qtbot.addWidget(widget)
        widget.ensurePolished()
        assert widget.sizeHint().height() == CONTROL_HEIGHT
    primary = QPushButton("收入")
    qtbot.addWidget(primary)
    set_role(primary, "primary")
    primary.resize(100, 32)
    primary.show()
    assert primary.grab().toImage().pixelColor(8, 16).name() == LIGHT.accent


def test_chinese_is_drawn_with_a_chinese_font_and_figures_align(theme, qtbot):
    label = QLabel("教研档案")
    qtbot.addWidget(label)
    font = text_font()
    metrics = QFontMetrics(font)
    assert font.pixelSize() == 14
    assert all(metrics.inFontUcs4(ord(character)) for character in "教研档案盒脊")
    figures = QFontMetrics(tabular(font))
    assert figures.horizontalAdvance("1111") == figures.horizontalAdvance("8888")


def test_standard_dialogs_are_chinese(theme, qtbot):
    box = QMessageBox()
    qtbot.addWidget(box)
    box.setStandardButtons(
        QMessageBox.StandardButton.Save
        | QMessageBox.StandardButton.Discard
        | QMessageBox.StandardButton.Cancel
        | QMessageBox.StandardButton.Yes
    )
    texts = {button.text() for button in box.buttons()}
    assert texts == {"保存", "丢弃", "取消", "是(&Y)"}
    dialog = QFileDialog()
    qtbot.addWidget(dialog)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    latin = re.compile(r"[a-z]{3}")
    for widget in (*dialog.findChildren(QPushButton), *dialog.findChildren(QLabel)):
        assert not latin.search(widget.text().lower()), widget.text()


def test_the_context_menu_of_a_text_field_is_chinese(theme, qtbot):
    edit = QLineEdit("字")
    qtbot.addWidget(edit)
    menu = edit.createStandardContextMenu()
    words = [a.text().split("\t")[0] for a in menu.actions() if not a.isSeparator()]
    menu.deleteLater()
    assert words == ["撤销(&U)", "重做(&R)", "剪切(&T)", "复制(&C)", "粘贴(&P)", "删除", "全选"]
