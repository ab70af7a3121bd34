"""Subjects of the reports: stretches of time, lists of the year, certificates."""

from app.services.forms.values import certificate, period

SUBJECTS = (period.SUBJECT, certificate.SUBJECT)
