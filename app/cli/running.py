"""Runs a command: arguments in, an exit status and a sentence for whatever ended it out."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app import __version__
from app.cli import archives, boxes, exports, imports, materials, people, records, schemes, standing
from app.cli.opening import window
from app.cli.output import (
    DONE,
    FINDINGS,
    INTERRUPTED,
    REFUSED,
    UnwrittenError,
    complain,
    drop,
)
from app.cli.parser import Commands, Parser
from app.errors import AppError, CancelledError

if TYPE_CHECKING:
    from collections.abc import Sequence

_SUBJECTS = (archives, schemes, imports, materials, records, people, standing, boxes, exports)
"""Each adds its commands; the order is that of the help."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, or open the window when there is none."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # File names may hold bytes that are no text; what a terminal cannot show must not end us.
            stream.reconfigure(
                encoding=None if stream.isatty() else "utf-8", errors="backslashreplace"
            )
    if not given:
        return window(None)
    options = _parser().parse_args(given)
    try:
        return int(options.run(options))
    except BrokenPipeError:  # whoever read the output has seen enough (e.g. ``| head``)
        drop(sys.stdout)
        return DONE
    except UnwrittenError:
        drop(sys.stdout)
        complain("已经做完，但结果没有写出来：请检查输出到的磁盘或文件。")
        return FINDINGS
    except BaseException as error:  # noqa: BLE001 - the one place for all errors of a command
        status, words = _in_words(error)
        complain(words)
        return status


def _parser() -> Parser:
    parser = Parser(prog="yandang", description="研档：教学研究共同体的档案。不带参数时打开窗口。")
    parser.add_argument(
        "--version", action="version", version=f"研档 {__version__}", help="显示版本"
    )
    commands = Commands(parser)
    for subject in _SUBJECTS:
        subject.add(commands)
    return parser


def _in_words(error: BaseException) -> tuple[int, str]:
    """Exit status and sentence for what ended a command."""
    match error:
        case AppError():
            return REFUSED, error.sentence
        case CancelledError() | KeyboardInterrupt():
            return INTERRUPTED, "已停止，档案库保持原样。"
        case UnicodeEncodeError():  # bytes that are no text reached the database, which took nothing
            return REFUSED, "命令里有不是文字的字节（乱码），没有执行。请检查所写的名称。"
        case Exception():
            report = _report(error)
            where = f"请把这份报告发给支持人员：{report}" if report else f"原因：{error!r}"
            return REFUSED, f"程序出错了，档案库没有损坏。{where}"
    raise error


def _report(error: Exception) -> Path | None:
    """Write what happened to a file; a clerk is not shown a traceback. None: nowhere to write."""
    import tempfile
    import traceback

    text = f"研档 {__version__} · Python {sys.version}\n{sys.argv}\n"
    text += "".join(traceback.format_exception(error))
    with suppress(OSError):
        # The name is plain ASCII: in the locale C no other can be made.
        handle, name = tempfile.mkstemp(prefix="yandang-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        return Path(name)
    return None
