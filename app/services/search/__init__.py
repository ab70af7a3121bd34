"""Find records and the text inside documents; the index follows every commit."""

from app.services.search.finding import (
    Hit,
    Hits,
    Search,
    holding,
    holding_numbers,
    snippet,
    words_of,
)
from app.services.search.indexing import index, refresh

__all__ = [
    "Hit",
    "Hits",
    "Search",
    "holding",
    "holding_numbers",
    "index",
    "refresh",
    "snippet",
    "words_of",
]
