"""Makes the files of the sample archive (resources/samples); run by a maintainer, result committed.

    pip install python-pptx
    python packaging/make_samples.py FOLDER_OF_TEST_SAMPLES

The folder gives a short video and a sound (generated for this project, CC0); everything else is
written and drawn here, from ``sample_files.toml`` (what to make), ``sample_texts.md`` (papers) and
``resources/samples/story.toml`` (the year). The same input gives the same bytes. What an office
would note on the files is in ``manifest.toml`` beside them, written by hand.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import sample_papers as papers
import sample_pictures as pictures

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "resources" / "samples"
FILES = TARGET / "材料"
MAKE: dict[str, Any] = tomllib.loads((HERE / "sample_files.toml").read_text("utf-8"))
STORY: dict[str, Any] = tomllib.loads((TARGET / "story.toml").read_text("utf-8"))
ACTIVITIES = {one["key"]: one for one in STORY["activity"]}
LESSONS = {
    lesson["key"]: (activity, lesson)
    for activity in STORY["activity"]
    for lesson in activity.get("lessons", ())
}
OBSERVATIONS = {(one["lesson"], one["observer"]): one for one in STORY["observation"]}
SCHOOL_OF = {row[0]: part["school"] for part in MAKE["roster"] for row in part["people"]}
COLUMNS = (
    "序号", "学校", "姓名", "性别", "民族", "出生年月", "学历", "职称", "任教学科", "参加工作时间",
    "坊内职务", "备注",
)  # fmt: skip
WIDTHS = (6, 22, 18, 6, 10, 13, 9, 13, 16, 14, 13, 12)
WORKSHOP = "蒲城县小学数学名师工作坊"


def roster() -> None:
    """The roster as schools send it: titles above, merged school cells, dates in every form."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Side

    book = Workbook()
    sheet = book.active
    sheet.title = "成员花名册"
    sheet.append([f"{WORKSHOP}成员花名册"])
    sheet.append(["填报单位：蒲城县实验小学（盖章）　　　　填表日期：2025年9月8日"])
    sheet.append(COLUMNS)
    sheet.merge_cells("A1:L1")
    sheet.merge_cells("A2:L2")
    for part in MAKE["roster"]:
        first = sheet.max_row + 1
        for row in part["people"]:
            sheet.append([sheet.max_row - 2, None, *row])
        sheet.cell(first, 2, part["school"])
        sheet.merge_cells(f"B{first}:B{sheet.max_row}")
    line, centre = Side("thin"), Alignment("center", "center", wrap_text=True)
    for cells in sheet.iter_rows(3, sheet.max_row, 1, len(COLUMNS)):
        for cell in cells:
            cell.border, cell.alignment = Border(line, line, line, line), centre
            if isinstance(cell.value, dt.date):
                cell.number_format = "yyyy/m/d"
    sheet["A1"].font, sheet["A1"].alignment = Font("宋体", 16, bold=True), centre
    for letter, width in zip("ABCDEFGHIJKL", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(["填表人：李红霞　　　　审核人：张建华"])
    _save_book(book, TARGET / "成员花名册.xlsx")


def assisted_list(target: Path, rows: list[list[str]]) -> None:
    """The list of assisted teachers, one printed page."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "帮扶对象"
    sheet.append(["2025—2026学年帮扶对象名单"])
    sheet.append(["序号", "姓名", "单位", "任教学科", "师傅", "帮扶重点"])
    for number, (name, mentor, aim) in enumerate(rows, 1):
        sheet.append([number, name, SCHOOL_OF[name], "数学", mentor, aim])
    _save_book(book, target)


def _save_book(book: Any, target: Path) -> None:
    packed = io.BytesIO()
    book.properties.creator = "李红霞"
    book.save(packed)
    core = zipfile.ZipFile(packed).read("docProps/core.xml")
    fixed = re.sub(rb"(<dcterms:\w+ [^>]*>)[^<]*", rb"\g<1>2025-09-08T08:00:00Z", core)
    papers.repack(packed.getvalue(), target, {"docProps/core.xml": fixed})


def slides(target: Path, author: str, pages: list[list[str]]) -> None:
    """Slides of a lesson."""
    from pptx import Presentation

    show = Presentation()
    for number, (title, text) in enumerate(pages):
        page = show.slides.add_slide(show.slide_layouts[1 if number else 0])
        page.shapes.title.text = title
        page.placeholders[1].text = text
    show.core_properties.author, show.core_properties.title = author, pages[0][0]
    packed = io.BytesIO()
    show.save(packed)
    papers.repack(packed.getvalue(), target)


def observation(target: Path, lesson_key: str, observer: str) -> None:
    """A filled-in observation form: 教学过程 and 评析 side by side."""
    (activity, lesson), found = LESSONS[lesson_key], OBSERVATIONS[lesson_key, observer]
    when = f"{activity['held_on']:%Y.%m.%d} {lesson['period']}"
    head = (
        ("课题", lesson["title"], "授课教师", lesson["teacher"]),
        ("时间", when, "班级", lesson["class_name"]),
        ("听课人", observer, "得分", str(sum(found["points"]))),
    )
    steps = [(f"{step['minute']}分", step["process"], step["comment"]) for step in found["steps"]]
    block = papers.Block
    page = [
        block("#", "听课记录"), block("|:", "|: 2,5,2,4"), *map(_row, head),
        block("##", "教学过程与评析"),
        block("|:", "|: 1,5,4"), _row(("时间", "教学过程", "评析")), *map(_row, steps),
        block("##", "总评"), block("", f"优点：{found['strengths']}"),
        block("", f"建议：{found['advice']}"), block("", found["overall"]),
    ]  # fmt: skip
    paper(target, [page], observer)


def record(target: Path, key: str, name: str) -> None:
    """The record of an activity as a form."""
    one, block = ACTIVITIES[key], papers.Block
    head = (
        ("主题", one["title"], "时间", f"{one['held_on']:%Y.%m.%d}"),
        ("地点", one["place"], "主持", one["host"]),
        ("记录", one["recorder"], "人数", f"实到{len(one['present'])}人"),
    )
    agenda = [(f"{item['at']:%H:%M}—{item['to']:%H:%M}", item["content"]) for item in one["agenda"]]
    absent = [f"{leave['person']}（{leave['reason']}）" for leave in one.get("leave", [])]
    page = [
        block("#", name), block("|:", "|: 2,6,2,4"), *map(_row, head),
        block("##", "议程"), block("|:", "|: 3,8"), *map(_row, agenda),
        block("##", "内容记录"), block("", one["minutes"]),
        block("##", "成果与后续"), block("", f"{one['outcome']}{one['next_steps']}"),
        *([block("", f"请假：{'、'.join(absent)}。")] if absent else []),
    ]  # fmt: skip
    paper(target, [page], one["recorder"])


def _row(cells: tuple[str, ...]) -> papers.Block:
    return papers.Block("|", f"| {' | '.join(cells)} |")


def paper(target: Path, pages: list[list[papers.Block]], author: str) -> None:
    """A paper as Word file or PDF, as the ending of its name says."""
    papers.require_room(target.name, pages)
    target.parent.mkdir(parents=True, exist_ok=True)
    write = papers.write_pdf if target.suffix == ".pdf" else papers.write_docx
    write(target, pages, author)


def sign_in(target: Path, key: str, seed: int) -> None:
    """The scanned sign-in sheet of an activity."""
    one = ACTIVITIES[key]
    day = f"{one['held_on']:%Y年%m月%d日}"
    facts = (f"活动：{one['title']}", f"时间：{day}　　地点：{one['place']}")
    rows = [(name, SCHOOL_OF[name], name) for name in one["present"]]
    rows += [(away["person"], SCHOOL_OF[away["person"]], "请假") for away in one.get("leave", [])]
    pictures.scan_pdf(target, [pictures.sign_in("活动签到表", facts, rows, seed)])


def proof(target: Path, key: str, seed: int) -> None:
    """What the visited school certifies."""
    one, lesson = ACTIVITIES[key], ACTIVITIES[key]["lessons"][0]
    day = f"{one['held_on']:%Y年%m月%d日}"
    text = (
        f"兹证明：{day}，{WORKSHOP}到我校开展送教下乡活动，由{lesson['teacher']}老师执教"
        f"《{lesson['title']}》一课，并与我校教师座谈交流，效果良好。",
        "特此证明。（示例文件，印章为虚构）",
    )
    pictures.scan_pdf(target, [pictures.proof("证　　明", text, (one["place"], day), seed)])


def photo(one: dict[str, Any], seed: int) -> None:
    """A picture of an activity, named as phones name them."""
    activity = ACTIVITIES[one["activity"]]
    begins = dt.datetime.combine(activity["held_on"], activity["starts_at"])
    taken = begins + dt.timedelta(minutes=one["minutes"], seconds=seed * 3)
    target = FILES / one["folder"] / f"IMG_{taken:%Y%m%d_%H%M%S}.jpg"
    pictures.photo(target, one["scene"], one["words"], taken, seed)


def licences() -> None:
    """Where each shipped file comes from."""
    origins = {
        FILES / one["file"]: f"测试样本 {one['from']}（为本项目生成）" for one in MAKE["taken"]
    }
    origins |= {TARGET / name: "手写" for name in ("manifest.toml", "story.toml")}
    lines = [
        "# 示例文件的来源和许可",
        "",
        "全部文件为本项目制作，按 CC0-1.0 放弃权利；除另有注明外由 packaging/make_samples.py 生成。",
        "人名、学校、机构、文号、印章和事情都是虚构的；照片是画出来的，没有真人。",
        "",
        "| 文件 | 来源 | 许可 |",
        "|---|---|---|",
    ]
    target = TARGET / "LICENCES.md"
    for path in sorted(found for found in TARGET.rglob("*") if found.is_file() and found != target):
        origin = origins.get(path, "packaging/make_samples.py")
        lines.append(f"| {path.relative_to(TARGET).as_posix()} | {origin} | CC0-1.0 |")
    target.write_text("\n".join([*lines, ""]), "utf-8")


def main() -> None:
    """Make everything anew."""
    samples = Path(sys.argv[1])
    shutil.rmtree(FILES, ignore_errors=True)
    roster()
    for path, pages in papers.documents((HERE / "sample_texts.md").read_text("utf-8").strip()):
        paper(FILES / path, pages, WORKSHOP)
    assisted_list(FILES / MAKE["assisted"]["file"], MAKE["assisted"]["rows"])
    slides(FILES / MAKE["slides"]["file"], MAKE["slides"]["author"], MAKE["slides"]["pages"])
    for one in MAKE["record"]:
        record(FILES / one["file"], one["activity"], one["name"])
    for one in MAKE["observation"]:
        observation(FILES / one["file"], one["lesson"], one["observer"])
    for seed, one in enumerate(MAKE["proof"], 5):
        proof(FILES / one["file"], one["activity"], seed)
    for seed, one in enumerate(MAKE["sign_in"], 20):
        sign_in(FILES / one["file"], one["activity"], seed)
    for seed, one in enumerate(MAKE["photo"], 1):
        photo(one, seed)
    for one in MAKE["certificate"]:
        pictures.certificate(FILES / one.pop("file"), **one)
    page = MAKE["web_page"]
    pictures.web_page(FILES / page.pop("file"), **page)
    text = "\n".join([*MAKE["text"]["lines"], ""])
    (FILES / MAKE["text"]["file"]).write_bytes(text.encode())
    for one in MAKE["taken"]:
        shutil.copyfile(samples / one["from"], FILES / one["file"])
    shutil.copyfile(FILES / MAKE["repeated"]["from"], FILES / MAKE["repeated"]["file"])
    licences()


if __name__ == "__main__":
    main()
