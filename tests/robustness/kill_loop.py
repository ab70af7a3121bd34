"""SIGKILL at random moments: intake, box plan, new archive, backup. Then everything is checked.

python tests/robustness/kill_loop.py [--kills 100] [--seed N]

After each kill the archive must open, hold all or nothing of what was under way, have an unbroken
journal and at worst files that nothing names; repeating the command must complete it.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.services.archive import is_archive
from tests.robustness.commands import NEW, assert_no_bug, assert_sound, papers, run_here, start

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = 150


@dataclass
class Killer:
    """Kills commands and judges what they left behind."""

    work: Path
    dice: random.Random
    outcomes: Counter[str] = field(default_factory=Counter)
    _times: dict[str, float] = field(default_factory=dict)

    def prepare(self) -> None:
        assert run_here("init", self.work / "新", *NEW).returncode == 0
        papers(self.work / "材料", FILES - 10, 2_000)
        papers(self.work / "材料" / "录像", 10, 3_000_000)
        shutil.copytree(self.work / "新", self.work / "满")
        done = run_here("ingest", self.work / "满", self.work / "材料", "--slot", "1.1")
        assert done.returncode == 0, done

    def kill(self, name: str, begun: Callable[[], bool], *words: object) -> bool:
        """Start a command and kill it at a random moment after it began; False: it was finished."""
        process = start(*words)
        while not begun() and process.poll() is None:
            time.sleep(0.002)
        began = time.monotonic()
        longest = self._times.setdefault(name, 1.0)
        time.sleep(self.dice.uniform(0, longest))
        finished = process.poll() is not None
        process.send_signal(signal.SIGKILL)
        _out, errors = process.communicate()
        assert_no_bug(errors)
        # Follow the machine's speed, so that about one in six comes too late.
        took = time.monotonic() - began
        self._times[name] = max(0.05, took * 0.95 if finished else longest * 1.02)
        self.outcomes[f"{name}: {'came too late' if finished else 'killed'}"] += 1
        return not finished

    def fresh(self, template: str) -> Path:
        archive = self.work / "库"
        shutil.rmtree(archive, ignore_errors=True)
        shutil.copytree(self.work / template, archive)
        return archive

    def ingest(self) -> None:
        archive = self.fresh("新")
        for _ in range(self.dice.randint(1, 3)):
            killed = self.kill(
                "ingest", (archive / "open.json").exists,
                "ingest", archive, self.work / "材料", "--slot", "1.1",
            )  # fmt: skip
            count, kinds = look(archive)
            assert count in (0, FILES), count
            assert set(kinds) <= {"unreferenced"}, kinds
            self.outcomes[f"ingest: {'all' if count else 'nothing'} entered"] += killed
            self.outcomes["ingest: left unreferenced files"] += bool(kinds)
            (archive / "open.json").unlink(missing_ok=True)  # so that the next start is seen
        done = run_here("ingest", archive, self.work / "材料", "--slot", "1.1")
        assert done.returncode == 0, done
        assert assert_sound(archive) == FILES

    def plan(self) -> None:
        archive = self.fresh("满")
        self.kill("box plan", (archive / "open.json").exists, "box", archive, "plan")
        count, kinds = look(archive)
        assert (count, kinds) == (FILES, [])
        boxes = json.loads(run_here("box", archive, "list", "--json").stdout)["boxes"]
        boxed = sum(len(box["items"]) for box in boxes)
        assert boxed in (0, FILES), boxed
        self.outcomes[f"box plan: {'all' if boxed else 'nothing'} boxed"] += 1
        assert run_here("box", archive, "plan").returncode in (0, 1)
        boxes = json.loads(run_here("box", archive, "list", "--json").stdout)["boxes"]
        assert sum(len(box["items"]) for box in boxes) == FILES
        assert assert_sound(archive) == FILES

    def init(self) -> None:
        folder = self.work / "建"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        target = folder / "新库"
        self.kill("init", lambda: any(folder.iterdir()), "init", target, *NEW)
        for left in folder.iterdir():
            assert left == target or not is_archive(left) or whole(left), left
        if target.exists():
            assert whole(target)
            self.outcomes["init: whole"] += 1
        else:
            assert run_here("init", target, *NEW).returncode == 0
            assert whole(target)
            self.outcomes["init: not there"] += 1

    def backup(self) -> None:
        holder = self.work / "备份"
        shutil.rmtree(holder, ignore_errors=True)
        archive = self.work / "满"
        self.kill("backup", holder.exists, "backup", archive, "--to", holder)
        made = [left for left in holder.iterdir() if is_archive(left)] if holder.exists() else []
        for backup in made:
            assert assert_sound(backup) == FILES
        self.outcomes[f"backup: {'whole' if made else 'not there'}"] += 1
        time.sleep(1.1)  # names of backups differ by the second
        assert run_here("backup", archive, "--to", holder).returncode == 0
        assert all(is_archive(left) for left in holder.iterdir())
        assert len(list(holder.iterdir())) == len(made) + 1


def look(archive: Path) -> tuple[int, list[str]]:
    """Pieces of evidence and kinds of problems, as the next opening finds them."""
    done = run_here("check", archive, "--full", "--json")
    assert done.returncode in (0, 1), done
    report = json.loads(done.stdout)
    return report["evidence"], sorted({problem["kind"] for problem in report["problems"]})


def whole(archive: Path) -> bool:
    """Whether an archive has all that a new one begins with."""
    assert assert_sound(archive) == 0
    done = run_here("list", archive, "communities", "--json")
    return bool(json.loads(done.stdout)["total"] == 1)


def kill_loop(work: Path, kills: int, seed: int) -> Counter[str]:
    """Kill so many times: of six, three at intake and one at each of the others."""
    killer = Killer(work, random.Random(seed))  # noqa: S311 - repeatable
    killer.prepare()
    turns = (killer.ingest, killer.plan, killer.ingest, killer.init, killer.ingest, killer.backup)
    turn = 0
    while sum(n for what, n in killer.outcomes.items() if what.endswith(": killed")) < kills:
        turns[turn % len(turns)]()
        turn += 1
    return killer.outcomes


def main() -> None:
    """Run the loop and tell what happened."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.randrange(1 << 30)  # noqa: S311
    sys.stdout.write(f"seed {seed}\n")
    with tempfile.TemporaryDirectory(prefix="kill-loop-") as work:
        for what, count in sorted(kill_loop(Path(work), options.kills, seed).items()):
            sys.stdout.write(f"{count:>4} × {what}\n")


if __name__ == "__main__":
    main()
