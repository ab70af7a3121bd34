"""The layers of the house hold, and the contracts that say so would notice a breach."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINT = "from importlinter.cli import lint_imports_command as c; c(['--no-logo', '--no-cache'])"


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=root,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def copy_of_app(tmp_path: Path) -> Path:
    """The module tree with nothing but its import lines' files, and the contracts."""
    for source in (ROOT / "app").rglob("*.py"):
        target = tmp_path / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    return tmp_path


def test_every_contract_holds() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("app/models/breach.py", "import app.services.archive", "one way down"),
        ("app/services/breach.py", "from PySide6 import QtCore", "Qt never below the window"),
        ("app/ui/breach.py", "import sqlalchemy", "sessions and rows never above services"),
        ("app/ui/breach.py", "import app.models.base", "sessions and rows never above services"),
    ],
)
def test_a_breach_is_noticed(copy_of_app: Path, module: str, line: str, contract: str) -> None:
    (copy_of_app / module).write_text(line + "\n", encoding="utf-8")
    result = lint(copy_of_app)
    assert result.returncode == 1
    assert f"{contract} BROKEN" in result.stdout
