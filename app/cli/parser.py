"""How commands are written: the parser that speaks Chinese, and the kinds of values they take."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from app.cli.output import USAGE

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST = 2**62
"""More records than there can be, and still a number for SQLite."""

_USAGE_WORDS = (
    ("the following arguments are required:", "还缺少："),
    ("unrecognized arguments:", "不认识："),
    ("invalid choice:", "没有这个选项："),
    ("invalid int value:", "应当是整数："),
    ("invalid count value:", "应当是整数："),
    ("expected one argument", "后面要跟一个值"),
    ("expected at least one argument", "后面至少要跟一个值"),
    ("choose from", "可选："),
    ("argument ", ""),
)


class _Help(argparse.HelpFormatter):
    """Usage in Chinese."""

    def add_usage(
        self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Speaks Chinese: in its help, and when a command is written wrongly."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, add_help=False, formatter_class=_Help)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示用法")

    def error(self, message: str) -> NoReturn:
        """Say in Chinese what is written wrongly, and end."""
        for english, chinese in _USAGE_WORDS:
            message = message.replace(english, chinese)
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"命令的写法不对：{message}。用 --help 查看用法。\n")


class Commands:
    """Adds commands; each knows ``--json``, most take the archive's folder first."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._group = parser.add_subparsers(
            dest="command", required=True, metavar="命令", parser_class=Parser
        )

    def add(
        self,
        name: str,
        run: Callable[[argparse.Namespace], int],
        words: str,
        *,
        archive: bool = True,
    ) -> argparse.ArgumentParser:
        """Add a command with the function that runs it."""
        made = self._group.add_parser(name, help=words, description=words)
        made.set_defaults(run=run)
        made.add_argument("--json", action="store_true", help="只输出一份 JSON")
        if archive:
            made.add_argument("dir", type=path, metavar="DIR", help="档案库文件夹")
        return made


def count(text: str) -> int:
    """A number of records; argparse says what is wrong with another word."""
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("不能小于 0")
    return min(number, _MOST)


def day(text: str) -> date:
    """A day."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2026-03-02 这样") from None


def path(text: str) -> Path:
    """A path; an empty one (a script's variable that was not set) would mean the present folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError("位置不能是空的")
    return Path(text)
