"""The one clock of an emulator: virtual AWS seconds, and what is due at them.

Nothing here sleeps and no thread ticks. What takes time in AWS is put on the clock with `after`, and
whatever has become due is done, in its order, at the beginning of the next request (`settle`).
So a jump of an hour gives the same history as an hour of waiting.
"""

import heapq
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """Virtual time that runs `factor` times as fast as the real one, and can be moved forward."""

    def __init__(self, factor: float = 1.0) -> None:
        self.factor = factor
        self._started = time.time()
        self._monotonic = time.monotonic()
        self._jumped = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._instant: float | None = None

    def now(self) -> float:
        """Seconds since the epoch, virtual; while something due is being done, the instant it was due at."""
        if self._instant is not None:
            return self._instant
        return self._started + (time.monotonic() - self._monotonic) * self.factor + self._jumped

    def date(self) -> datetime:
        """`now` as AWS's answers carry it."""
        return datetime.fromtimestamp(int(self.now()), UTC)

    def advance(self, seconds: float) -> None:
        """Jump forward; what became due is done by the next `settle`."""
        self._jumped += seconds

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Do `action` when `seconds` AWS seconds have passed."""
        heapq.heappush(self._due, (self.now() + seconds, next(self._order), action))

    def settle(self) -> None:
        """Do everything that is due, in its order; each action sees the instant it was due at."""
        until = self.now()
        while self._due and self._due[0][0] <= until:
            self._instant, _, action = heapq.heappop(self._due)
            try:
                action()
            finally:
                self._instant = None


#: The emulator's clock. `server.serve` sets its factor once, before the first request.
clock = Clock()
