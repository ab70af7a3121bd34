"""What a command says: its result, its progress, a complaint; and how it ends."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TextIO

from app.progress import NoProgress, Progress

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

DONE, FINDINGS, USAGE, REFUSED, INTERRUPTED = 0, 1, 2, 3, 130


class UnwrittenError(Exception):
    """The command is done, but its result could not be printed."""


class _TerminalProgress:
    """A line on the terminal that moves; elsewhere nothing."""

    def __init__(self) -> None:
        self._shown = -1

    def report(self, done: int, total: int, text: str = "") -> None:
        percent = done * 100 // total if total else 0
        if percent != self._shown:
            self._shown = percent
            bar = "█" * (percent // 5)
            print(f"\r{text} {bar:<20} {percent:3d}%", end="", file=sys.stderr, flush=True)
            if percent == 100:
                print(file=sys.stderr)


def progress() -> Progress:
    """A progress bar on a terminal, silence otherwise."""
    return _TerminalProgress() if sys.stderr is not None and sys.stderr.isatty() else NoProgress()


def tell(options: argparse.Namespace, data: object, lines: Sequence[str]) -> None:
    """The result: one JSON document, or lines for people."""
    text = json.dumps(data, ensure_ascii=False, default=_as_json) if options.json else None
    try:
        for line in lines if text is None else (text,):
            print(line)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UnwrittenError from error


def _as_json(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def complain(words: str) -> None:
    """One line on standard error, where there is one; the exit status stays right without it."""
    if sys.stderr is not None:
        try:
            print(" ".join(words.split("\n")), file=sys.stderr, flush=True)
        except OSError:
            drop(sys.stderr)


def drop(stream: TextIO) -> None:
    """Send what is still unwritten nowhere, so that Python does not fail on it when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
