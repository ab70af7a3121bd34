"""One way in: without arguments the window opens, with a command the command runs.

Each command calls one service and prints its result; none holds logic of its own. Exit status:
0 done, 1 done with findings, 2 wrong usage, 3 refused (one sentence says why; nothing was changed).
"""

from app.cli.output import DONE, FINDINGS, REFUSED, USAGE
from app.cli.running import main

__all__ = ["DONE", "FINDINGS", "REFUSED", "USAGE", "main"]
