"""Summaries, reports and plans in the layout of official documents (GB/T 9704)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.services.forms.form import Form

FORMS: tuple[Form, ...] = ()
