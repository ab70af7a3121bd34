"""The commands that say how things stand: what is missing, how far everybody is, the score today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.cli.opening import open_archive
from app.cli.output import DONE, FINDINGS, tell
from app.cli.parser import count, day
from app.errors import NotFoundError

if TYPE_CHECKING:
    import argparse
    from decimal import Decimal

    from app.bootstrap import Services
    from app.cli.parser import Commands
    from app.services.adoption import AdoptionView
    from app.services.standing.roster import Subject

_SEVERITY = {"error": "错误", "warning": "警告", "notice": "提醒"}


def add(commands: Commands) -> None:
    """Add the commands of this room."""
    missing = commands.add(
        "missing", _missing, "缺什么：应有而没有的材料、没完成的任务、过期的时限"
    )
    _as_of(missing)
    missing.add_argument(
        "--by", choices=("person", "school", "activity"), default="activity", help="按什么归类"
    )
    progress = commands.add(
        "progress", _progress, "每项任务指标：谁，完成多少，应完成多少，按进度能否完成"
    )
    _as_of(progress)
    score = commands.add("score", _score, "按现有材料算出的考核表、得分、等次和来历")
    _as_of(score)
    score.add_argument("--assessed", action="store_true", help="评委给过分的，用评委的分")
    score.add_argument("--subject", default="", metavar="NAME", help="谁的考核表；不写为第一个")
    adopt = commands.add("adopt", _adopt, "为一个学年采用方案，或改换已采用的方案（先列出影响）")
    adopt.add_argument("scheme", metavar="SCHEME", help="内置方案的代号，或方案文件（.toml）")
    adopt.add_argument("--year", required=True, type=count, metavar="2025", help="学年开始的年份")
    adopt.add_argument("--community", default="", metavar="NAME", help="共同体；只有一个时可不写")
    adopt.add_argument(
        "--answer", action="append", default=[], metavar="KEY=VALUE", help="方案要问的"
    )
    adopt.add_argument("--reason", default="", help="改换的原因，记入版本")
    adopt.add_argument("--dry-run", action="store_true", help="只列出影响，不改动")


def _as_of(command: argparse.ArgumentParser) -> None:
    command.add_argument("--as-of", type=day, metavar="DATE", help="算到哪一天；不写为今天")
    command.add_argument("--year", type=count, metavar="2025", help="哪个学年；不写为最新的")
    command.add_argument("--community", default="", metavar="NAME", help="哪个共同体")


def _adoption(services: Services, options: argparse.Namespace) -> AdoptionView:
    if not options.community:
        return services.adoptions.current(options.year)
    for view in services.adoptions.all():
        if view.community_name == options.community and options.year in (None, view.year):
            return view
    raise NotFoundError(
        f"“{options.community}”没有采用方案。", "请核对共同体的名称，或用 adopt 命令采用一个方案。"
    )


def _missing(options: argparse.Namespace) -> int:
    from app.services.standing.records import KIND_NAMES
    from app.services.standing.views import MissingQuery

    with open_archive(options) as services:
        view = _adoption(services, options)
        query = MissingQuery(by=options.by)
        found = services.standing.missing(view.id, query, options.as_of)
        passed = services.standing.missing(
            view.id, MissingQuery(by=options.by, ignored=True), options.as_of
        )
    data = {
        "community": view.community_name, "period": view.period, "by": options.by,
        "demanded": found.demanded, "there": found.there, "percent": round(found.percent, 1),
        "by_kind": {KIND_NAMES[kind]: number for kind, number in found.by_kind.items()},
        "findings": found.findings, "groups": found.groups, "ignored": passed.findings,
    }  # fmt: skip
    lines = [
        "\t".join((
            _SEVERITY[one.severity], KIND_NAMES[one.kind], one.where, one.what, one.who,
            f"{one.due}{'（已超期）' if one.overdue else ''}" if one.due else "",
        ))
        for one in found.findings
    ]  # fmt: skip
    lines += [f"已忽略\t{one.where}\t{one.what}\t原因：{one.ignored}" for one in passed.findings]
    lines.append(
        f"应有 {found.demanded} 份，已有 {found.there} 份（{found.percent:.0f}%）；"
        f"要处理的 {len(found.findings)} 条，已忽略 {found.ignored} 条。"
    )
    tell(options, data, lines)
    return FINDINGS if found.findings else DONE


def _progress(options: argparse.Namespace) -> int:
    with open_archive(options) as services:
        view = _adoption(services, options)
        found = services.standing.progress(view.id, options.as_of)
    data = {
        "community": view.community_name, "period": view.period,
        "quotas": [
            {
                "quota": one.quota, "name": one.name, "who": one.subject, "period": one.span,
                "done": _number(one.done), "required": _number(one.required),
                "at_most": _number(one.at_most), "due": one.span.ends,
                "forecast": _number(one.forecast), "status": one.status, "words": one.words,
                "uncertain": one.uncertain,
            }
            for one in found.lines
        ],
        "milestones": {
            key: [
                {"by": one.by, "wanted": one.wanted_percent, "percent": _number(one.percent),
                 "reached": one.reached}
                for one in some
            ]
            for key, some in found.milestones.items()
        },
        "deadlines": found.deadlines,
    }  # fmt: skip
    lines = [f"{one.name}\t{one.subject.name}\t{one.span.name}\t{one.words}" for one in found.lines]
    lines += [
        f"进度\t{one.name}\t{one.by} 前 {one.wanted_percent}%\t实际 {one.percent:.0f}%"
        for some in found.milestones.values()
        for one in some
    ]
    lines += [
        f"时限\t{one.name}\t{one.subject.name}\t{one.on}\t{_left(one.days_left, done=one.done)}"
        for one in found.deadlines
    ]
    if not found.lines and found.quotas:
        lines.insert(
            0, f"方案有 {found.quotas} 项任务指标，现在还没有人适用：请登记单位、人员和任职。"
        )
    tell(options, data, lines or ["这个方案没有任务指标。"])
    return DONE


def _left(days: int, *, done: bool | None) -> str:
    if done:
        return "已交"
    return f"还有 {days} 天" if days >= 0 else f"已过 {-days} 天"


def _score(options: argparse.Namespace) -> int:
    from app.services.standing.figures import shown

    with open_archive(options) as services:
        view = _adoption(services, options)
        subject = _subject(services, view.id, options.subject)
        table = services.standing.table(
            view.id, subject, assessed=options.assessed, as_of=options.as_of
        )
        results = services.standing.results(view.id, assessed=options.assessed, as_of=options.as_of)
        scheme = services.adoptions.scheme(view.id)
    names = {one.key: one.name for one in scheme.score}
    names |= {one.key: one.name for one in scheme.grade}
    names |= {one.key: one.name for one in scheme.recognition}
    every = results.evaluation.results.values()
    data = {
        "community": view.community_name, "period": view.period, "subject": table.subject,
        "points": _number(table.points), "lacking": table.lacking,
        "table": [
            {
                "no": group.no, "name": group.name, "points": _number(group.points),
                "highest": _number(group.highest),
                "items": [
                    {"no": item.no, "name": item.name, "points": _number(item.points),
                     "highest": _number(item.highest), "words": item.words,
                     "lost": _number(item.lost), "lacking": item.lacking}
                    for item in group.items
                ],
            }
            for group in table.groups
        ],
        "advice": [{"words": one.words, "gain": _number(one.gain), "pieces": one.pieces}
                   for one in table.advice],
        "scores": [
            {"score": one.score_key, "name": names[one.score_key], "of": one.subject,
             "points": _number(one.points), "steps": one.steps, "instead": one.instead,
             "lacking": one.lacking, "so_far": _number(one.so_far)}
            for one in every
        ],
        "grades": [
            {"grade": one.grade_key, "of": one.subject, "name": one.name, "rank": one.rank,
             "words": one.words, "tie": one.tie, "lacking": one.lacking}
            for one in results.grades
        ],
        "recognised": results.recognised,
    }  # fmt: skip
    lines = [f"考核表：{table.subject.name}　{view.community_name}　{view.period}"]
    for group in table.groups:
        lines.append(f"{group.no} {group.name}\t{shown(group.points)} / {_most(group.highest)}")
        for item in group.items:
            points = "—" if item.points is None else shown(item.points)
            lines.append(f"  {item.no} {item.name}\t{points} / {_most(item.highest)}\t{item.words}")
    lines.append(f"合计\t{shown(table.points)}")
    for result in every:
        points = "算不出" if result.points is None else f"{shown(result.points)} 分"
        lines.append(f"{names[result.score_key]}\t{result.subject.name}\t{points}")
        lines += [f"    {step.words}" for step in result.steps]
        lines += [f"    缺：{one}" for one in result.lacking]
    lines += [
        f"{names[one.grade_key]}\t{one.subject.name}\t{one.name or '待定'}\t{one.words}"
        for one in results.grades
    ]
    lines += [
        f"{names[one.key]}\t{one.subject.name}\t{_SAID[one.reached]}\t"
        + "；".join(way.words for way in one.ways)
        for one in results.recognised
    ]
    lines += [f"可补\t{one.words}\t每件 {shown(one.gain)} 分" for one in table.advice[:10]]
    tell(options, data, lines)
    lacking = table.lacking or any(one.lacking for one in every)
    return FINDINGS if lacking else DONE


_SAID = {True: "可以认定", False: "不能认定", None: "还说不准"}


def _subject(services: Services, adoption_id: str, name: str) -> Subject | None:
    if not name:
        return None
    subjects = services.standing.subjects(adoption_id)
    for one in subjects:
        if one.name == name:
            return one
    listed = "、".join(one.name for one in subjects[:20])
    raise NotFoundError(f"这个方案不考核“{name}”。", f"可以写：{listed}。")


def _adopt(options: argparse.Namespace) -> int:
    from app.services.schemes.catalogue import preset

    chosen = preset(options.scheme)
    answers = dict(one.partition("=")[::2] for one in options.answer)
    with open_archive(options) as services:
        places = services.adopting.communities()
        named = [one for one in places if options.community in ("", one[1])]
        if not named:
            listed = "、".join(one[1] for one in places)
            raise NotFoundError(f"没有名为“{options.community}”的共同体。", f"现有：{listed}。")
        there = next(
            (one for one in services.adoptions.all()
             if one.community_id == named[0][0] and one.year == options.year), None,
        )  # fmt: skip
        data: dict[str, Any] = {"scheme": chosen.summary, "community": named[0][1], "effect": []}
        if there is None:
            if not options.dry_run:
                data["adoption"] = services.adopting.adopt(
                    named[0][0], options.year, chosen.text, answers
                )
            tell(options, data, [f"{named[0][1]} {options.year} 学年采用“{chosen.summary.name}”。"])
            return DONE
        effect = services.adopting.effect(there.id, chosen.text, answers or None)
        data["effect"] = effect.lines
        lines = [f"{one.part}\t{one.words}" for one in effect.lines] or ["没有影响。"]
        if not options.dry_run:
            data["version"] = services.adopting.change(
                there.id, chosen.text, answers or None, options.reason
            )
            lines.append(f"已改为“{chosen.summary.name}”，第 {data['version']} 版。")
    tell(options, data, lines)
    return DONE


def _number(value: Decimal | None) -> float | None:
    """A figure for JSON."""
    return None if value is None else float(value)


def _most(highest: Decimal | None) -> str:
    from app.services.standing.figures import shown

    return "不封顶" if highest is None else shown(highest)
