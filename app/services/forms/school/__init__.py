"""Forms of daily school life: records, sheets to sign, certificates, ledgers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.services.forms.form import Form

FORMS: tuple[Form, ...] = ()
