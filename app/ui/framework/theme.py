"""Turns the tokens into a palette, a style sheet, fonts and icons; passed to whoever needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)

from app.resources import resource
from app.ui.framework.style import style_sheet
from app.ui.framework.tokens import ICON, ICON_SMALL, TEXT, Tokens

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

_FAMILIES = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Micro Hei",
    "PingFang SC",
)


class Theme:
    """Look of the program: colours by name, icons recoloured from them, the text font."""

    def __init__(self, tokens: Tokens, scale: float = 1.0) -> None:
        self.tokens = tokens
        self._scales = sorted({1.0, scale})
        self._icons: dict[tuple[str, str], QIcon] = {}

    def color(self, name: str) -> QColor:
        """Colour of the token of that name, e.g. ``theme.color("text_muted")``."""
        return QColor(getattr(self.tokens, name))

    def icon(self, name: str, color: str = "text") -> QIcon:
        """Icon ``resources/icons/<name>.svg`` in the colour of a token; greyed when disabled."""
        key = (name, color)
        if key not in self._icons:
            self._icons[key] = self._draw(name, color)
        return self._icons[key]

    def pixmap(self, name: str, size: int = ICON, color: str = "text") -> QPixmap:
        """One icon as a picture, for labels."""
        return self._render(self._svg(name, color), size, self._scales[-1])

    def _draw(self, name: str, color: str) -> QIcon:
        icon = QIcon()
        for mode, token in ((QIcon.Mode.Normal, color), (QIcon.Mode.Disabled, "text_disabled")):
            svg = self._svg(name, token)
            for scale in self._scales:
                for size in (ICON_SMALL, ICON):
                    icon.addPixmap(self._render(svg, size, scale), mode)
        return icon

    def _svg(self, name: str, color: str) -> bytes:
        text = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
        text = text.replace("currentColor", getattr(self.tokens, color))
        return text.replace('stroke-width="2"', 'stroke-width="1.75"').encode()

    @staticmethod
    def _render(svg: bytes, size: int, scale: float) -> QPixmap:
        from PySide6.QtSvg import QSvgRenderer

        pixels = round(size * scale)
        pixmap = QPixmap(QSize(pixels, pixels))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, pixels, pixels))
        painter.end()
        pixmap.setDevicePixelRatio(scale)
        return pixmap

    def apply(self, app: QApplication) -> None:
        """Dress the whole application."""
        app.setStyle("Fusion")
        app.setPalette(_palette(self))
        app.setFont(text_font())
        app.setStyleSheet(style_sheet(self.tokens))


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget one of the style sheet's roles (primary, link, plain, title, muted …)."""
    set_style_property(widget, "role", role)


def set_style_property(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the style sheet asks for, and draw the widget anew if it changed."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        style = widget.style()
        style.unpolish(widget)
        style.polish(widget)


def text_font() -> QFont:
    """Text font: the system's Chinese sans serif, else the one we ship."""
    present = set(QFontDatabase.families())
    families = [family for family in _FAMILIES if family in present]
    shipped = resource("fonts", "NotoSansSC-Regular.ttf")
    if not families and shipped.is_file():
        families = QFontDatabase.applicationFontFamilies(
            QFontDatabase.addApplicationFont(str(shipped))
        )
    font = QFont()
    if families:
        font.setFamilies(families)
    font.setPixelSize(TEXT)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def tabular(font: QFont) -> QFont:
    """The same font with digits of one width, for columns of figures."""
    figures = QFont(font)
    figures.setFeature(QFont.Tag("tnum"), 1)
    return figures


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, token in (
        (role.Window, "ground"),
        (role.WindowText, "text"),
        (role.Base, "surface"),
        (role.AlternateBase, "surface_alternate"),
        (role.Text, "text"),
        (role.PlaceholderText, "text_muted"),
        (role.Button, "surface"),
        (role.ButtonText, "text"),
        (role.BrightText, "error"),
        (role.ToolTipBase, "surface"),
        (role.ToolTipText, "text"),
        (role.Highlight, "accent"),
        (role.HighlightedText, "on_accent"),
        (role.Accent, "accent"),
        (role.Link, "accent"),
        (role.LinkVisited, "accent"),
        (role.Mid, "border_control"),
        (role.Midlight, "border"),
        (role.Light, "surface"),
        (role.Dark, "border_control"),
        (role.Shadow, "text_muted"),
    ):
        palette.setColor(which, theme.color(token))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, theme.color("text_disabled"))
    return palette
