"""Subjects of the reports: stretches of time, lists of the year, certificates."""

from app.services.forms.values import (
    assessed,
    certificate,
    debtor,
    growth,
    ledger,
    period,
    roster,
)

SUBJECTS = (
    period.SUBJECT, ledger.SUBJECT, roster.SUBJECT, growth.SUBJECT, certificate.SUBJECT,
    assessed.SUBJECT, debtor.SUBJECT,
)  # fmt: skip
