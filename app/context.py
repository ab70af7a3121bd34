"""The clock, the user and randomness, passed in so that documents and draws can be repeated."""

from __future__ import annotations

import getpass
import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def local_now() -> datetime:
    """Present time with the zone of this computer."""
    return datetime.now().astimezone()


def login_name() -> str:
    """Name of the account in use; 本机用户 where the system does not tell."""
    try:
        name = getpass.getuser()
        name.encode()  # bytes that are no text cannot go into the journal
    except (OSError, KeyError, UnicodeEncodeError):
        return "本机用户"
    return name


@dataclass(frozen=True, slots=True)
class Context:
    """Who acts, when, and with which dice."""

    actor: str = field(default_factory=login_name)
    clock: Callable[[], datetime] = local_now
    random: random.Random = field(default_factory=random.SystemRandom)
