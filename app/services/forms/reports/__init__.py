"""Reports, ledgers, certificates."""

from app.services.forms.reports import of_period

FORMS = (*of_period.FORMS,)
