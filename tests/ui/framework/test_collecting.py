"""No garbage is collected while the program works in another thread."""

import gc
import threading

from app.ui.framework.collecting import GuiCollector


class _Ring:
    """Garbage that only the collector can free."""

    def __init__(self, freed: list[str]) -> None:
        self.itself = self
        self._freed = freed

    def __del__(self) -> None:
        self._freed.append(threading.current_thread().name)


def test_garbage_of_a_busy_thread_waits_for_the_gui(qapp) -> None:
    was_on, freed = gc.isenabled(), []
    collector = GuiCollector()
    try:
        _Ring(freed)
        kept: list[list[int]] = []
        work = lambda: kept.extend([number] for number in range(200_000))  # noqa: E731
        worker = threading.Thread(target=work, name="job")
        worker.start()
        worker.join()
        assert freed == []
        collector.collect()
        assert freed == [threading.main_thread().name]
    finally:
        collector.deleteLater()
        if was_on:
            gc.enable()
