"""Reports, ledgers, certificates."""

from app.services.forms.reports import certificates, of_period

FORMS = (*of_period.FORMS, *certificates.FORMS)
