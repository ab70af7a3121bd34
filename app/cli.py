"""One way in: without arguments the window opens, with a command the command runs.

Each command calls one service and prints its result; none holds logic of its own. Exit status:
0 done, 1 done with findings, 2 wrong usage, 3 refused (one sentence says why; nothing was changed).
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from app import __version__
from app.context import Context
from app.errors import AppError, CancelledError, StorageError
from app.progress import NoProgress, Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.bootstrap import Services

DONE, FINDINGS, USAGE, REFUSED, INTERRUPTED = 0, 1, 2, 3, 130
_MOST = 2**62
"""More records than there can be, and still a number for SQLite."""

_USAGE_WORDS = (
    ("the following arguments are required:", "还缺少："),
    ("unrecognized arguments:", "不认识："),
    ("invalid choice:", "没有这个选项："),
    ("invalid int value:", "应当是整数："),
    ("invalid _count value:", "应当是整数："),
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


class _Parser(argparse.ArgumentParser):
    """Speaks Chinese: in its help, and when a command is written wrongly."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, add_help=False, formatter_class=_Help)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示用法")

    def error(self, message: str) -> NoReturn:
        for english, chinese in _USAGE_WORDS:
            message = message.replace(english, chinese)
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"命令的写法不对：{message}。用 --help 查看用法。\n")


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
        return _window(None)
    options = _parser().parse_args(given)
    try:
        return int(options.run(options))
    except BrokenPipeError:  # whoever read the output has seen enough (e.g. ``| head``)
        _drop(sys.stdout)
        return DONE
    except _UnwrittenError:
        _drop(sys.stdout)
        _complain("已经做完，但结果没有写出来：请检查输出到的磁盘或文件。")
        return FINDINGS
    except BaseException as error:  # noqa: BLE001 - the one place for all errors of a command
        status, words = _in_words(error)
        _complain(words)
        return status


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


class _UnwrittenError(Exception):
    """The command is done, but its result could not be printed."""


def _complain(words: str) -> None:
    """One line on standard error, where there is one; the exit status stays right without it."""
    if sys.stderr is not None:
        try:
            print(" ".join(words.split("\n")), file=sys.stderr, flush=True)
        except OSError:
            _drop(sys.stderr)


def _drop(stream: TextIO) -> None:
    """Send what is still unwritten nowhere, so that Python does not fail on it when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


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


def _window(folder: Path | None) -> int:
    """Open the window, on an archive where one is given."""
    from app.ui.app import run
    from app.ui.desk import Desk

    return run(sys.argv[:1], lambda program: Desk(program, Context(), folder))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="yandang", description="研档：教学研究共同体的档案。不带参数时打开窗口。")
    parser.add_argument(
        "--version", action="version", version=f"研档 {__version__}", help="显示版本"
    )
    commands = _Commands(parser)
    _add_beginnings(commands)
    _add_entries(commands)
    _add_looks(commands)
    _add_outputs(commands)
    return parser


class _Commands:
    """Adds commands; each knows ``--json``, most take the archive's folder first."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._group = parser.add_subparsers(
            dest="command", required=True, metavar="命令", parser_class=_Parser
        )

    def add(
        self,
        name: str,
        run: Callable[[argparse.Namespace], int],
        words: str,
        *,
        archive: bool = True,
    ) -> argparse.ArgumentParser:
        made = self._group.add_parser(name, help=words, description=words)
        made.set_defaults(run=run)
        made.add_argument("--json", action="store_true", help="只输出一份 JSON")
        if archive:
            made.add_argument("dir", type=_path, metavar="DIR", help="档案库文件夹")
        return made


def _add_beginnings(commands: _Commands) -> None:
    commands.add("open", _open_window, "打开窗口，直接显示这个档案库")
    commands.add("demo", _demo, "建立一个示例档案库，并输出整套封面、盒脊、目录和备考表")
    schemes = commands.add("schemes", _schemes, "列出内置的考核方案，或显示其中一个", archive=False)
    schemes.add_argument("id", nargs="?", metavar="ID")
    schemes.add_argument(
        "--check", type=_path, metavar="FILE", help="检查一个方案文件，指出每处错误"
    )
    init = commands.add("init", _init, "新建档案库")
    init.add_argument(
        "--scheme",
        required=True,
        metavar="ID",
        help="考核方案，见 schemes；或自己的方案文件（.toml）",
    )
    init.add_argument("--community", required=True, metavar="NAME", help="共同体（工作坊）名称")
    init.add_argument("--school", required=True, metavar="NAME", help="单位名称")
    init.add_argument("--year", required=True, type=int, help="学年开始的年份，如 2025")
    init.add_argument("--person", default="", metavar="NAME", help="名师姓名（考核个人的方案）")


def _add_entries(commands: _Commands) -> None:
    importing = commands.add("import", _import, "从 Excel 或 CSV 导入")
    importing.add_argument("kind", metavar="KIND", choices=["members"], help="members：成员花名册")
    importing.add_argument("file", type=_path, metavar="FILE")
    importing.add_argument("--sheet", metavar="S", help="工作表名称")
    importing.add_argument(
        "--mapping", type=_path, metavar="F", help="列的对应关系（TOML 或 JSON）"
    )
    importing.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    importing.add_argument("--rejects", type=_path, metavar="OUT.xlsx", help="没有导入的行写到这里")
    ingest = commands.add("ingest", _ingest, "把文件和文件夹加入材料")
    ingest.add_argument("paths", nargs="+", type=_path, metavar="PATH")
    ingest.add_argument("--activity", metavar="REF", help="归到这个活动（编号）")
    ingest.add_argument(
        "--slot", default="", metavar="NAME", help="考核项的编号或名称；有 --activity 时为材料项"
    )
    ingest.add_argument("--by-folder", action="store_true", help="按文件夹名称归入考核项")


def _add_looks(commands: _Commands) -> None:
    listing = commands.add("list", _list, "列出一类记录")
    listing.add_argument("kind", metavar="KIND", help="schools members activities evidence …")
    listing.add_argument("--filter", default="", metavar="TEXT")
    listing.add_argument("--limit", type=_count, default=50, metavar="N")
    listing.add_argument("--offset", type=_count, default=0, metavar="N")
    commands.add("show", _show, "显示一条记录和它的历史").add_argument("id", metavar="ID")
    search = commands.add("search", _search, "在记录和文档文字里查找")
    search.add_argument("text", metavar="TEXT")
    search.add_argument("--limit", type=_count, default=50, metavar="N")
    check = commands.add("check", _check, "检查数据库、材料文件和操作记录")
    check.add_argument("--full", action="store_true", help="重新计算每个文件的校验值")


def _add_outputs(commands: _Commands) -> None:
    box = commands.add("box", _box, "排盒，或列出档案盒")
    box.add_argument("what", choices=["plan", "list"])
    box.add_argument("--year", type=int, metavar="Y", help="学年开始的年份")
    export = commands.add("export", _export, "输出 PDF")
    export.add_argument(
        "what", metavar="WHAT", help="cover spine directory reference-sheet box-set register"
    )
    export.add_argument("--out", required=True, type=_path, metavar="FILE")
    export.add_argument("--box", type=int, metavar="N", help="第几盒；不写则全部")
    export.add_argument("--year", type=int, metavar="Y", help="学年开始的年份")
    backup = commands.add("backup", _backup, "备份整个档案库，写完后核对")
    backup.add_argument("--to", type=_path, metavar="PATH", help="放备份的文件夹")


def _count(text: str) -> int:
    """A number of records; argparse says what is wrong with another word."""
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("不能小于 0")
    return min(number, _MOST)


def _path(text: str) -> Path:
    """A path; an empty one (a script's variable that was not set) would mean the present folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError("位置不能是空的")
    return Path(text)


def _open(options: argparse.Namespace) -> Services:
    from app.bootstrap import open_services

    return open_services(options.dir, Context())


def _tell(options: argparse.Namespace, data: object, lines: Sequence[str]) -> None:
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
        raise _UnwrittenError from error


def _as_json(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def _demo(options: argparse.Namespace) -> int:
    from app.services.demo import make_demo

    made = make_demo(options.dir, Context(), progress())
    _tell(options, made, made.lines)
    return DONE


def _open_window(options: argparse.Namespace) -> int:
    return _window(options.dir)


def _schemes(options: argparse.Namespace) -> int:
    from app.services.schemes.catalogue import preset, presets
    from app.services.schemes.loader import check

    if options.check:
        errors = check(options.check)
        lines = [f"{error.place}：{error.text}" for error in errors] or ["方案没有错误。"]
        _tell(options, {"errors": errors}, lines)
        return FINDINGS if errors else DONE
    if options.id:
        chosen = preset(options.id)
        _tell(options, {"scheme": chosen.summary, "text": chosen.text}, [chosen.text])
        return DONE
    found = presets()
    _tell(options, {"schemes": found}, [f"{one.id}\t{one.code}\t{one.name}" for one in found])
    return DONE


def _init(options: argparse.Namespace) -> int:
    from app.bootstrap import create_services
    from app.services.setup import NewArchive

    wanted = NewArchive(
        options.scheme, options.community, options.school, options.year, options.person
    )
    with create_services(options.dir, wanted, Context()) as services:
        adopted = services.adoptions.current()
        data = {"path": services.archive.path, "id": services.archive.id, "adoption": adopted}
        _tell(options, data, [f"已建立档案库：{services.archive.path}"])
    return DONE


def _import(options: argparse.Namespace) -> int:
    from app.services.imports.command import import_members_file

    with _open(options) as services:
        report = import_members_file(
            services.archive.uow,
            options.file,
            community_id=services.adoptions.current().community_id,
            sheet=options.sheet,
            mapping=options.mapping,
            dry_run=options.dry_run,
            rejects=options.rejects,
        )
    _tell(options, report.data, report.lines)
    return FINDINGS if report.data["rejected"] else DONE


def _ingest(options: argparse.Namespace) -> int:
    from app.services.evidence.service import Destination

    with _open(options) as services:
        to = Destination(activity_id=options.activity, slot=options.slot)
        if options.by_folder or (options.slot and not options.activity):
            adopted = services.adoptions.current()
            item = None
            if options.slot and not options.activity:
                item = services.adoptions.find_item(adopted.id, options.slot).id
            to = Destination(adopted.id, item, options.activity, options.slot, options.by_folder)
        watch = progress()
        report = services.evidence.ingest(options.paths, to, watch)
        try:
            services.evidence.read_texts(watch)
            unread = False
        except (StorageError, KeyboardInterrupt) as stopped:  # the files are in: tell of them
            unread = True
            reason = stopped.sentence if isinstance(stopped, StorageError) else ""
            _complain(f"{reason}材料已经收好，文档里的文字下次加入材料时接着读。")
    lines = [
        f"加入 {len(report.added)} 份，重复 {len(report.duplicates)} 份，未收 {len(report.refused)} 份。"
    ]
    lines += [f"重复\t{one.path}\t与“{one.name}”内容相同" for one in report.duplicates]
    lines += [f"未收\t{one.path}\t{one.reason}" for one in report.refused]
    lines += [f"注意\t{one.name}\t{remark}" for one in report.added for remark in one.remarks]
    _tell(options, report, lines)
    return FINDINGS if report.refused or unread else DONE


def _list(options: argparse.Namespace) -> int:
    with _open(options) as services:
        page = services.records.page(options.kind, options.filter, options.limit, options.offset)
    lines = [
        "\t".join("" if value is None else str(value) for value in row.values())
        for row in page.items
    ]
    _tell(options, page, [*lines, f"共 {page.total} 条"])
    return DONE


def _show(options: argparse.Namespace) -> int:
    with _open(options) as services:
        record = services.records.show(options.id)
    _tell(options, record, [f"{name}\t{value}" for name, value in record.items()])
    return DONE


def _search(options: argparse.Namespace) -> int:
    with _open(options) as services:
        found = services.search.find(options.text, options.limit)
    lines = [f"{hit.kind}\t{hit.id}\t{hit.title}\t{hit.snippet}" for hit in found.hits]
    _tell(options, found, [*lines, f"共 {found.total} 条"])
    return DONE


def _box(options: argparse.Namespace) -> int:
    with _open(options) as services:
        adopted = services.adoptions.current(options.year)
        act = services.boxes.plan if options.what == "plan" else services.boxes.report
        report = act(adopted.id)
    boxes = [
        {
            "id": box.id,
            "number": box.number,
            "title_lines": box.title_lines,
            "thickness_mm": box.thickness_mm,
            "spine_mm": box.spine_mm,
            "items": [
                {
                    "seq": row.seq,
                    "title": row.title,
                    "author": row.author,
                    "date": row.date,
                    "pages": row.pages,
                    "folio_start": row.folio_start,
                    "folio_end": row.folio_end,
                    "assessment_item": row.assessment_no,
                    "refers_to": row.refers_to,
                }
                for row in box.rows
            ],
        }
        for box in report.boxes
    ]
    lines = [
        f"第 {box.number} 盒\t{len(box.rows)} 件\t{box.pages} 页\t厚 {box.thickness_mm:g} 毫米"
        f"\t盒脊 {box.spine_mm:g} 毫米"
        for box in report.boxes
    ]
    lines += [f"待改\t{finding.title}\t{finding.text}" for finding in report.findings]
    _tell(options, {"boxes": boxes, "findings": report.findings}, lines)
    open_points = [finding for finding in report.findings if finding.severity != "note"]
    return FINDINGS if open_points and options.what == "plan" else DONE


def _export(options: argparse.Namespace) -> int:
    with _open(options) as services:
        adopted = services.adoptions.current(options.year)
        found = services.printing.export(
            options.what, adopted.id, options.out, options.box, progress()
        )
    serious = [finding for finding in found if finding.severity != "note"]
    lines = [f"已输出：{options.out}", *(f"待改\t{one.title}\t{one.text}" for one in serious)]
    _tell(options, {"path": options.out, "findings": found}, lines)
    return FINDINGS if serious else DONE


def _check(options: argparse.Namespace) -> int:
    from app.services.safety.check import check

    with _open(options) as services:
        report = check(services.archive, full=options.full, progress=progress())
    lines = [f"{problem.where}\t{problem.text}" for problem in report.problems]
    lines.append(
        f"查了 {report.evidence} 份材料、{report.batches} 步操作，发现 {len(report.problems)} 处问题。"
    )
    _tell(options, report, lines)
    return FINDINGS if report.problems else DONE


def _backup(options: argparse.Namespace) -> int:
    from app.services.safety.backup import back_up

    with _open(options) as services:
        report = back_up(services.archive, options.to, progress())
    _tell(options, report, [f"已备份 {report.files} 份材料，并逐一核对：{report.path}"])
    return DONE


if __name__ == "__main__":
    sys.exit(main())
