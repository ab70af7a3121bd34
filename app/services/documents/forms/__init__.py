"""The printed forms of an archive box, each a function from a box to a document tree."""

from app.services.documents.forms.box_set import box_set
from app.services.documents.forms.cover import cover
from app.services.documents.forms.directory import directory, register
from app.services.documents.forms.reference_sheet import reference_sheet
from app.services.documents.forms.spine import spines

__all__ = ["box_set", "cover", "directory", "reference_sheet", "register", "spines"]
