"""An installed copy works without the source tree: resources and migrations are inside the wheel."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PROBE = """
import app, app.models.upgrade, app.resources, sys
from pathlib import Path
here = Path(app.__file__).resolve().parent
print(here)
print(app.resources.resource("icons", "yandang.svg").resolve())
print(len(app.models.upgrade.known_revisions()))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder)]
    command = [sys.executable, "-m", "pip", "wheel", "-q", *options, str(ROOT)]
    subprocess.run(command, check=True)
    (built,) = folder.glob("yandang-*.whl")
    return built


def test_the_wheel_holds_what_the_tree_holds(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    resources = {
        path.relative_to(ROOT / "resources").as_posix()
        for path in (ROOT / "resources").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {f"app/_resources/{name}" for name in resources} <= inside
    assert "app/models/migrations/env.py" in inside
    tops = {name.split("/")[0] for name in inside}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"app"}


def test_an_installed_copy_finds_its_files(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    dependencies = [entry for entry in sys.path if "site-packages" in entry]
    lines = [f"import sys; sys.path[:0] = {[str(site)]!r}; sys.path += {dependencies!r}", PROBE]
    result = subprocess.run(
        [sys.executable, "-I", "-c", "\n".join(lines)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    package, icon, revisions = result.stdout.splitlines()
    assert Path(package) == (site / "app").resolve()
    assert Path(icon) == (site / "app" / "_resources" / "icons" / "yandang.svg").resolve()
    assert Path(icon).is_file()
    assert int(revisions) >= 1
