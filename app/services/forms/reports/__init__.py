"""Reports, ledgers, certificates."""

from app.services.forms.reports import (
    assessment,
    certificates,
    lists,
    minutes,
    of_period,
    reminder,
)

FORMS = (
    *of_period.FORMS, *assessment.FORMS, *minutes.FORMS, *reminder.FORMS, *lists.FORMS,
    *certificates.FORMS,
)  # fmt: skip
