"""The one style sheet, written from the tokens; Fusion and the palette draw what it leaves alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.resources import resource
from app.ui.framework import tokens as t

if TYPE_CHECKING:
    from app.ui.framework.tokens import Tokens


def style_sheet(c: Tokens) -> str:
    """Style sheet of a theme. Roles are set with ``theme.set_role(widget, "primary")`` and the like."""
    return "\n".join((_controls(c), _shell(c), _tables(c), _notices(c)))


def _drawing(c: Tokens, name: str) -> str:
    """File of a small drawing in the theme's colours: a style sheet takes nothing else."""
    return resource("icons", "style", f"{c.name}-{name}.svg").as_posix()


def _controls(c: Tokens) -> str:
    inner = t.CONTROL_HEIGHT - 2
    return f"""
QDialogButtonBox, QMessageBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QPushButton {{
    min-height: {inner}px; padding: 0 {t.GAP}px; border-radius: {t.RADIUS}px;
    border: 1px solid {c.border_control}; background: {c.surface}; color: {c.text};
}}
QPushButton:hover {{ background: {c.hover}; }}
QPushButton:pressed {{ background: {c.border}; }}
QPushButton:focus {{ border: 1px solid {c.accent}; }}
QPushButton:disabled {{
    color: {c.text_disabled}; border-color: {c.border}; background: {c.ground};
}}
QPushButton::menu-indicator {{ image: none; width: 0; }}
QPushButton[role="primary"], QMessageBox QPushButton:default, QPushButton[role="primary"]:focus {{
    background: {c.accent}; color: {c.on_accent}; border: 1px solid {c.accent};
}}
QPushButton[role="primary"]:hover, QMessageBox QPushButton:default:hover {{
    background: {c.accent_hover}; border-color: {c.accent_hover};
}}
QPushButton[role="primary"]:focus {{ border: 1px solid {c.text}; }}
QPushButton[role="primary"]:pressed {{ background: {c.accent_pressed}; }}
QPushButton[role="primary"]:disabled {{
    background: {c.border}; color: {c.text_disabled}; border-color: {c.border};
}}
QPushButton[role="field"] {{ text-align: left; color: {c.text_muted}; padding: 0 {t.GAP_SMALL}px; }}
QPushButton[role="choice"] {{
    min-height: 26px; padding: 0 10px; border-radius: 14px; background: transparent;
}}
QPushButton[role="choice"]:hover {{ background: {c.hover}; }}
QPushButton[role="choice"]:checked {{
    background: {c.accent_soft}; border-color: {c.accent}; color: {c.accent};
}}
QPushButton[role="choice"]:focus {{ border: 1px solid {c.text}; }}
QPushButton[role="link"] {{
    border: 1px solid transparent; background: transparent; color: {c.accent};
    padding: 0 {t.GRID}px; text-align: left;
}}
QPushButton[role="link"]:hover {{ text-decoration: underline; }}
QPushButton[role="link"]:focus {{ border: 1px solid {c.accent}; }}
QToolButton[role="plain"] {{
    border: 1px solid transparent; border-radius: {t.RADIUS}px; background: transparent;
    min-height: {inner}px; padding: 0 {t.GRID + 2}px; color: {c.text};
}}
QToolButton[role="plain"]:hover {{ background: {c.hover}; }}
QToolButton[role="plain"]:pressed, QToolButton[role="plain"]:checked {{ background: {c.accent_soft}; }}
QToolButton[role="plain"]:focus {{ border: 1px solid {c.accent}; }}
QToolButton[role="plain"]:disabled {{ color: {c.text_disabled}; }}
QToolButton[role="plain"]::menu-indicator {{ image: none; width: 0; }}
QToolButton[role="chip"] {{
    border: 1px solid {c.border_control}; border-radius: {t.CONTROL_HEIGHT // 2 - 2}px;
    background: {c.accent_soft}; color: {c.text}; min-height: {t.CONTROL_HEIGHT - 6}px;
    padding: 0 {t.GAP_SMALL}px;
}}
QToolButton[role="chip"]:hover, QToolButton[role="chip"]:focus {{ border: 1px solid {c.accent}; }}
QFrame#filterPopup {{ background: {c.surface}; border: 1px solid {c.border_control}; }}
QLineEdit, QPlainTextEdit, QTextEdit {{
    border: 1px solid {c.border_control}; border-radius: {t.RADIUS}px; background: {c.surface};
    color: {c.text}; selection-background-color: {c.accent}; selection-color: {c.on_accent};
}}
QLineEdit {{ min-height: {inner}px; padding: 0 {t.GAP_SMALL}px; }}
QPlainTextEdit, QTextEdit {{ padding: {t.GRID}px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {{ border: 1px solid {c.accent}; }}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] {{
    border: 1px solid {c.error};
}}
QLineEdit:read-only, QPlainTextEdit:read-only {{
    background: {c.ground}; border-color: {c.border};
}}
QLineEdit:disabled, QPlainTextEdit:disabled {{ color: {c.text_disabled}; background: {c.ground}; }}
QComboBox {{
    min-height: {inner}px; padding: 0 {t.GAP_SMALL}px; border: 1px solid {c.border_control};
    border-radius: {t.RADIUS}px; background: {c.surface}; color: {c.text};
}}
QComboBox:hover {{ background: {c.hover}; }}
QComboBox:focus, QComboBox:on {{ border: 1px solid {c.accent}; }}
QComboBox:disabled {{ color: {c.text_disabled}; background: {c.ground}; border-color: {c.border}; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow {{ image: url("{_drawing(c, "arrow")}"); width: 16px; height: 16px; }}
QSpinBox, QDoubleSpinBox, QDateEdit {{ min-height: {inner - 4}px; }}
QCheckBox, QRadioButton {{ min-height: {t.CONTROL_HEIGHT}px; spacing: {t.GAP_SMALL}px; }}
QCheckBox::indicator {{
    width: 16px; height: 16px; border: 1px solid {c.border_control}; border-radius: 3px;
    background: {c.surface};
}}
QCheckBox::indicator:hover, QCheckBox::indicator:focus {{ border: 1px solid {c.accent}; }}
QCheckBox::indicator:checked {{
    background: {c.accent}; border: 1px solid {c.accent}; image: url("{_drawing(c, "check")}");
}}
QCheckBox::indicator:disabled {{ background: {c.ground}; border: 1px solid {c.border}; }}
QCheckBox:focus {{ color: {c.accent}; }}
QComboBox QAbstractItemView::item, QMenu::item {{ min-height: {t.CONTROL_HEIGHT - 4}px; }}
QProgressBar {{
    border: none; border-radius: 3px; background: {c.border}; min-height: 6px; max-height: 6px;
}}
QProgressBar::chunk {{ background: {c.accent}; border-radius: 3px; }}
QMenu {{ background: {c.surface}; border: 1px solid {c.border}; padding: {t.GRID}px 0; }}
QMenu::item {{ padding: 0 {t.GAP_LARGE}px 0 {t.GAP}px; color: {c.text}; }}
QMenu::icon {{ padding-left: {t.GAP}px; }}
QMenu::item:selected {{ background: {c.accent_soft}; }}
QMenu::item:disabled {{ color: {c.text_disabled}; background: transparent; }}
QMenu::separator {{ height: 1px; background: {c.border}; margin: {t.GRID}px 0; }}
QToolTip {{
    background: {c.surface}; color: {c.text}; border: 1px solid {c.border_control}; padding: {t.GRID}px;
}}
QTabBar::tab {{
    min-height: {inner}px; padding: 0 {t.GAP_LARGE}px; background: transparent; color: {c.text_muted};
    border: none; border-bottom: 2px solid transparent;
}}
QTabBar::tab:selected {{ color: {c.accent}; border-bottom: 2px solid {c.accent}; }}
QTabBar::tab:hover {{ color: {c.text}; }}
QTabBar::tab:focus {{ color: {c.accent}; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {c.border}; }}
QSplitter::handle {{ background: transparent; }}
QSplitter::handle:hover {{ background: {c.border}; }}
QGroupBox {{
    border: 1px solid {c.border}; border-radius: {t.RADIUS}px; margin-top: 10px; padding-top: {t.GAP}px;
}}
QGroupBox::title {{ subcontrol-origin: margin; left: {t.GAP_SMALL}px; color: {c.text_muted}; }}
QLabel[role="title"] {{ font-size: {t.TEXT_TITLE}px; font-weight: 600; color: {c.text}; }}
QLabel[role="display"] {{ font-size: {t.TEXT_DISPLAY}px; font-weight: 600; color: {c.text}; }}
QLabel[role="heading"] {{ font-weight: 600; color: {c.text}; }}
QLabel[role="muted"] {{ color: {c.text_muted}; }}
QLabel[role="small"] {{ font-size: {t.TEXT_SMALL}px; color: {c.text_muted}; }}
QLabel[role="error"] {{ font-size: {t.TEXT_SMALL}px; color: {c.error}; }}
"""


def _shell(c: Tokens) -> str:
    return f"""
QMainWindow, QDialog {{ background: {c.ground}; }}
QMenuBar {{ background: {c.ground}; color: {c.text}; padding: 0 {t.GRID}px; }}
QMenuBar::item {{ padding: 5px 10px; border-radius: {t.RADIUS}px; background: transparent; }}
QMenuBar::item:selected {{ background: {c.hover}; }}
QWidget#header {{ background: {c.ground}; border-bottom: 1px solid {c.border}; }}
QWidget#navigation {{ background: {c.ground}; border-right: 1px solid {c.border}; }}
QWidget#status {{ background: {c.ground}; border-top: 1px solid {c.border}; }}
QWidget#status > QLabel, QWidget#status > QToolButton {{
    font-size: {t.TEXT_SMALL}px; color: {c.text_muted}; }}
QWidget#status > QToolButton[role="plain"] {{ min-height: 24px; }}
QWidget#status QToolButton#cancel {{ color: {c.accent}; }}
QWidget#page {{ background: {c.surface}; }}
QStackedWidget#pages {{ background: {c.surface}; }}
QToolButton[role="navigation"] {{
    border: 1px solid transparent; border-left: 3px solid transparent; border-radius: 0;
    background: transparent; min-height: 38px; padding-left: {t.GAP}px; text-align: left; color: {c.text};
}}
QToolButton[role="navigation"]:hover {{ background: {c.hover}; }}
QToolButton[role="navigation"]:checked {{
    background: {c.accent_soft}; border-left: 3px solid {c.accent}; color: {c.accent};
}}
QToolButton[role="navigation"]:focus {{
    border-top: 1px solid {c.accent}; border-bottom: 1px solid {c.accent}; border-right: 1px solid {c.accent};
}}
QToolButton[role="scope"] {{
    border: 1px solid transparent; border-radius: {t.RADIUS}px; background: transparent;
    min-height: {t.CONTROL_HEIGHT - 2}px; padding: 0 {t.GAP_SMALL}px; color: {c.text};
}}
QToolButton[role="scope"]:hover {{ background: {c.hover}; }}
QToolButton[role="scope"]:focus {{ border: 1px solid {c.accent}; }}
QToolButton[role="scope"]::menu-indicator {{ image: none; width: 0; }}
QFrame#jobPanel {{ background: {c.surface}; border: 1px solid {c.border_control}; }}
QScrollArea {{ border: none; background: transparent; }}
QScrollArea > QWidget > QWidget#formBody {{ background: transparent; }}
QScrollBar:vertical {{ width: 12px; background: transparent; margin: 0; }}
QScrollBar:horizontal {{ height: 12px; background: transparent; margin: 0; }}
QScrollBar::handle {{ background: {c.border_control}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {c.text_muted}; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _tables(c: Tokens) -> str:
    return f"""
QTableView, QListView, QTreeView {{
    background: {c.surface}; alternate-background-color: {c.surface_alternate};
    border: 1px solid {c.border}; gridline-color: {c.border}; outline: none;
    selection-background-color: {c.accent_soft}; selection-color: {c.text};
}}
QTableView:focus, QListView:focus, QTreeView:focus {{ border: 1px solid {c.accent}; }}
QTableView::item {{ padding: 0 {t.GAP_SMALL}px; border: none; }}
QTableView::item:selected, QListView::item:selected, QTreeView::item:selected {{
    background: {c.accent_soft}; color: {c.text};
}}
QTreeView::item, QListView::item {{ min-height: {t.ROW_HEIGHT}px; }}
QTreeView::item {{ padding-right: {t.GAP_SMALL}px; }}
QTreeWidget::item, QListWidget::item {{ padding: 0 {t.GAP_SMALL}px; }}
QHeaderView {{ background: {c.ground}; border: none; }}
QHeaderView::section {{
    background: {c.ground}; color: {c.text_muted}; border: none; border-right: 1px solid {c.border};
    border-bottom: 1px solid {c.border}; min-height: {t.ROW_HEIGHT - 1}px; padding: 0 {t.GAP - 1}px;
}}
QHeaderView::section:hover {{ background: {c.hover}; color: {c.text}; }}
QTableCornerButton::section {{ background: {c.ground}; border: none; }}
"""


def _notices(c: Tokens) -> str:
    kinds = {
        "info": (c.accent, c.accent_soft),
        "success": (c.success, c.success_soft),
        "warning": (c.warning, c.warning_soft),
        "error": (c.error, c.error_soft),
    }
    return "\n".join(
        f"""
QFrame[notice="{kind}"] {{
    background: {soft}; border: none; border-left: 3px solid {strong}; border-radius: 0;
}}
QFrame[notice="{kind}"] QLabel {{ color: {c.text}; background: transparent; }}
QFrame[notice="{kind}"] QPushButton[role="link"] {{ color: {strong}; font-weight: 600; }}
"""
        for kind, (strong, soft) in kinds.items()
    )
