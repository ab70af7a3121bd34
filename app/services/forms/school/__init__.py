"""Forms of daily school life: records, sheets to sign, certificates, ledgers."""

from app.services.forms.school import records

FORMS = (*records.FORMS,)
