"""Named measures and colours: the one place where the look of the window is decided."""

from __future__ import annotations

from dataclasses import dataclass

GRID = 4
GAP_SMALL = 8
GAP = 12
GAP_LARGE = 16
PAGE_MARGIN = 16
CONTROL_HEIGHT = 32
ROW_HEIGHT = 32
ICON = 20
ICON_SMALL = 16
RADIUS = 4
TEXT = 14
TEXT_SMALL = 12
TEXT_TITLE = 18
TEXT_DISPLAY = 28
NAVIGATION_WIDTH = 152
HEADER_HEIGHT = 48
STATUS_HEIGHT = 32
WINDOW_MINIMUM = (1180, 680)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours of one theme; text on its ground keeps a contrast of at least 4.5 : 1."""

    name: str
    ground: str
    """Behind everything: navigation, header, status."""
    surface: str
    """Pages, tables, fields."""
    surface_alternate: str
    hover: str
    border: str
    border_control: str
    text: str
    text_muted: str
    text_disabled: str
    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    accent_soft: str
    """Selected rows and the current page in the navigation."""
    success: str
    success_soft: str
    warning: str
    warning_soft: str
    error: str
    error_soft: str


LIGHT = Tokens(
    name="light",
    ground="#f2f5f5",
    surface="#ffffff",
    surface_alternate="#f8fafa",
    hover="#e6eded",
    border="#d8e0e0",
    border_control="#a3b1b1",
    text="#1a2323",
    text_muted="#536161",
    text_disabled="#94a1a1",
    accent="#0b6767",
    accent_hover="#0d7878",
    accent_pressed="#084f4f",
    on_accent="#ffffff",
    accent_soft="#d9ecec",
    success="#1c6b3c",
    success_soft="#e4f3e9",
    warning="#855000",
    warning_soft="#fdf1da",
    error="#b3261e",
    error_soft="#fcebe9",
)

DARK = Tokens(
    name="dark",
    ground="#171d1d",
    surface="#1f2727",
    surface_alternate="#232c2c",
    hover="#2b3636",
    border="#344040",
    border_control="#5c6c6c",
    text="#e6eded",
    text_muted="#a5b3b3",
    text_disabled="#6b7979",
    accent="#58bdb8",
    accent_hover="#74ccc7",
    accent_pressed="#459f9b",
    on_accent="#07211f",
    accent_soft="#1b4342",
    success="#7ecb96",
    success_soft="#1a3524",
    warning="#eeb65e",
    warning_soft="#3a2e14",
    error="#ff9188",
    error_soft="#44201d",
)
