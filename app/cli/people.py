"""The command that draws people at random."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.cli.opening import open_archive
from app.cli.output import DONE, FINDINGS, tell
from app.cli.parser import count, day

if TYPE_CHECKING:
    import argparse

    from app.cli.parser import Commands


def add(commands: Commands) -> None:
    """Add the commands of this room."""
    draw = commands.add("draw", _draw, "随机抽取教师，记入档案，谁都可以重算")
    draw.add_argument("--count", required=True, type=count, metavar="N", help="抽几人")
    draw.add_argument("--under-age", type=count, metavar="N", help="当天不满几周岁，如 35")
    draw.add_argument("--seed", default="", metavar="S", help="种子；不写则自动产生")
    draw.add_argument(
        "--date", required=True, type=day, metavar="DATE", help="抽取日期，如 2026-03-02"
    )


def _draw(options: argparse.Namespace) -> int:
    from app.services.draws import HOW

    with open_archive(options) as services:
        adopted = services.adoptions.current()
        terms = services.draws.terms(adopted.id, options.date, options.count)
        if options.under_age is not None:
            terms = replace(terms, under_age=options.under_age)
        terms = replace(terms, seed=options.seed)
        pool = services.draws.pool(terms)
        made = services.draws.draw(terms)
    data = {
        "id": made.id,
        "date": made.on,
        "seed": made.seed,
        "conditions": made.conditions,
        "how": HOW,
        "drawn": made.drawn,
        "candidates": made.candidates,
        "uncertain": pool.uncertain,
        "drawn_before": pool.drawn_before,
    }
    lines = [
        *(f"{one.number}\t{one.name}\t{one.school}" for one in made.drawn),
        f"候选 {len(made.candidates)} 人，种子 {made.seed}。条件：{made.conditions}。",
        *(f"出生年月不全\t{one.name}\t{one.school}\t{one.born_on}" for one in pool.uncertain),
        HOW,
    ]
    tell(options, data, lines)
    return FINDINGS if pool.uncertain else DONE
