"""The set-up script: what it refuses, with which words, and what it leaves alone."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "packaging" / "start.py"


@pytest.fixture(scope="module")
def start() -> ModuleType:
    spec = importlib.util.spec_from_file_location("start", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_old_python_can_still_read_the_script() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize(
    ("python", "bits", "build", "words"),
    [
        ((3, 9), 64, None, "太旧"),
        ((3, 15), 64, None, "太新"),
        ((3, 12), 32, None, "32 位"),
        ((3, 12), 64, 17134, "1809"),
    ],
)
def test_a_machine_that_cannot_run_it_is_told_what_to_do(
    start: ModuleType, python: tuple[int, int], bits: int, build: int | None, words: str
) -> None:
    with pytest.raises(start.SetupError, match=words) as refusal:
        start.check_machine(python, bits=bits, build=build)
    assert "重新运行" in str(refusal.value)


@pytest.mark.parametrize("python", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_a_fit_machine_passes(start: ModuleType, python: tuple[int, int]) -> None:
    start.check_machine(python, bits=64, build=17763)


def test_too_little_disk_is_named_before_the_download(start: ModuleType) -> None:
    with pytest.raises(start.SetupError, match="只剩 300 MB"):
        start.check_disk(300 * 2**20)
    start.check_disk(5_000 * 2**20)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux leaves libraries to the system")
def test_a_missing_library_is_found_by_its_package(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {"libc.so.6": "libc6", "libyandang-is-not-there.so.1": "libyandang1"}
    monkeypatch.setattr(start, "LIBRARIES", known)
    assert start.missing_packages() == ["libyandang1"]


def test_without_rights_the_exact_command_is_given(start: ModuleType) -> None:
    assert start.install_command(["libegl1", "libgl1"], sudo=True) == (
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 libgl1"
    )
    assert start.install_command(["libegl1"], sudo=False) == (
        'su - -c "apt-get update && apt-get install -y --no-install-recommends libegl1"'
    )


def test_an_existing_folder_is_left_alone(start: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "演示档案库"
    assert start.free_name(folder) == folder
    folder.mkdir()
    folder.with_name("演示档案库-2").touch()
    assert start.free_name(folder) == tmp_path / "演示档案库-3"


@pytest.fixture
def pip_failure(tmp_path: Path) -> str:
    """What pip really says when nothing answers at the index."""
    lock = tmp_path / "requirements.lock"
    lock.write_text("yandang-nothing==1\n", encoding="utf-8")
    options = ["--isolated", "--retries", "1", "--index-url", "http://127.0.0.1:9/simple"]
    command = [sys.executable, "-m", "pip", "install", *options, "-r", str(lock)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    result = subprocess.run(command, env=clean, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    return result.stdout + result.stderr


def test_no_network_is_named(start: ModuleType, pip_failure: str) -> None:
    assert "连不上软件源" in start.explain(pip_failure)


def test_a_changed_download_is_named(start: ModuleType, tmp_path: Path) -> None:
    wheel = tmp_path / "yandang_nothing-1-py3-none-any.whl"
    wheel.write_bytes(b"not what the lock says")
    lock = tmp_path / "requirements.lock"
    lock.write_text(f"yandang-nothing==1 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    options = ["--no-index", "--find-links", str(tmp_path), "--require-hashes"]
    command = [sys.executable, "-m", "pip", "install", *options, "-r", str(lock)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert "与清单不符" in start.explain(result.stdout + result.stderr)


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("OSError: [Errno 28] No space left on device", "磁盘写满"),
        ("ERROR: No matching distribution found for lxml==6.1.3", "镜像是否完整"),
        ("Segmentation fault", "发给维护者"),
    ],
)
def test_other_failures_are_named(start: ModuleType, output: str, words: str) -> None:
    assert words in start.explain(output)


@pytest.mark.parametrize("arguments", [[], ["instal"], ["test", "extra"]])
def test_wrong_usage_is_refused_without_touching_anything(arguments: list[str]) -> None:
    env = {**os.environ, "PYTHONIOENCODING": "gbk"}  # the console of a Chinese Windows
    result = subprocess.run(
        [sys.executable, str(SCRIPT), *arguments], capture_output=True, env=env, check=False
    )
    assert result.returncode == 2
    assert "usage" in result.stderr.decode("gbk")


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_a_console_that_lacks_characters_does_not_end_it(encoding: str) -> None:
    env = {**os.environ, "PYTHONIOENCODING": encoding}
    result = subprocess.run(
        [sys.executable, str(SCRIPT), "--help"], capture_output=True, env=env, check=False
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_are_whole_and_name_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9-]+==[^\s]+", text, re.MULTILINE)
    assert len(pins) > 20
    assert "://" not in text
    entries = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(pins)
    assert all("--hash=sha256:" in entry for entry in entries)


@pytest.fixture
def tree(start: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source tree of its own: a lock that asks for nothing and a program that echoes."""
    root = tmp_path / "研档 一"
    (root / "app").mkdir(parents=True)
    (root / "app" / "__main__.py").write_text(
        "import sys; print(*sys.argv[1:])\n", encoding="utf-8"
    )
    (root / "requirements.lock").write_text("# nothing\n", encoding="utf-8")
    python = start.PYTHON.relative_to(start.VENV)
    monkeypatch.setattr(start, "ROOT", root)
    monkeypatch.setattr(start, "VENV", root / ".venv")
    monkeypatch.setattr(start, "PYTHON", root / ".venv" / python)
    return root


def test_set_up_makes_the_command_and_is_not_repeated(start: ModuleType, tree: Path) -> None:
    lock = tree / "requirements.lock"
    start.set_up(lock)
    command = start.PYTHON.with_name("yandang.cmd" if os.name == "nt" else "yandang")
    said = subprocess.run(
        [command, "check", "甲 乙"], capture_output=True, encoding="utf-8", check=True, cwd="/"
    )
    assert said.stdout.strip() == "check 甲 乙"

    mark = tree / ".venv" / "mark"
    mark.touch()
    stamp = (tree / ".venv" / "requirements.stamp").stat().st_mtime_ns
    start.set_up(lock)
    assert (tree / ".venv" / "requirements.stamp").stat().st_mtime_ns == stamp

    lock.write_text("# changed\n", encoding="utf-8")
    start.set_up(lock)  # again, in the same environment
    assert (tree / ".venv" / "requirements.stamp").stat().st_mtime_ns > stamp
    assert mark.exists()

    lock.write_text("# changed again\n", encoding="utf-8")
    (tree / ".venv" / "unfinished").touch()  # as a set-up leaves it that was killed
    start.set_up(lock)
    assert not mark.exists()
    assert not (tree / ".venv" / "unfinished").exists()
