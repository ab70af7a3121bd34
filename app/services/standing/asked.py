"""Which figures from outside the scores ask for: what has to be typed, of whom, for which term."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from app.services.standing.figures import Fact

if TYPE_CHECKING:
    from app.services.schemes.schema import Scheme
    from app.services.standing.service import Standing
    from app.services.standing.views import Results


class _Noted(Mapping[Fact, Decimal]):
    """Assumes nothing, but remembers for which figures it was asked whether it does."""

    def __init__(self) -> None:
        self.facts: dict[Fact, None] = {}

    def __contains__(self, fact: object) -> bool:
        if isinstance(fact, Fact):
            self.facts[fact] = None
        return False

    def __getitem__(self, fact: Fact) -> Decimal:
        raise KeyError(fact)

    def __iter__(self) -> Iterator[Fact]:
        return iter(())

    def __len__(self) -> int:
        return 1  # an assumption of nothing would not be looked at


def asked(
    standing: Standing, adoption_id: str, scheme: Scheme, *, assessed: bool = False
) -> tuple[Results, tuple[Fact, ...]]:
    """The results, and every figure that they asked for: inputs, items and groups, rubrics.

    Of whom it cannot be said yet whether a score is meant for them, their own inputs are asked too:
    with the figures at hand the doubt may go.
    """
    noted = _Noted()
    results = standing.results(adoption_id, assume=noted, assessed=assessed)
    scores = {one.key: one for one in scheme.score}
    for (key, subject), result in results.evaluation.results.items():
        if result.points is None and not result.steps:
            for part in scores[key].parts:
                if part.input is not None and part.whose == "own":
                    noted.facts.setdefault(Fact("input", part.input, subject, part.term))
    return results, tuple(noted.facts)
