"""研档 (Yandang): the archive of a teaching-research community, from files to printed boxes."""

__version__ = "0.1.0"
