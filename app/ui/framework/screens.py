"""Room on the screen.

Never ask a widget for its ``screen()``: PySide makes the screen a child of that widget, and when both
are collected as garbage the screen is destroyed with it; the next window then ends the program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint, QRect


def room_at(place: QPoint) -> QRect:
    """What windows may cover of the screen at a place."""
    screen = QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()
    return screen.availableGeometry()
