"""The one clock of an emulator: virtual AWS seconds, and what is due at them.

Nothing here sleeps and no thread ticks. What takes time in AWS is put on the clock with `after`, and
whatever has become due is done, in its order, at the beginning of the next request (`settle`).
So a jump of an hour gives the same history as an hour of waiting.

Only waiting is sped up. A call takes `LONGEST_CALL` of virtual time at most, however long this machine takes for it: on a
busy machine a run would otherwise lose minutes between two calls that AWS answers within a second.
"""

import contextlib
import heapq
import itertools
import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

#: Seconds of virtual time. Most of AWS's calls are answered faster; those that describe much take as long.
LONGEST_CALL = 0.5


class Clock:
    """Virtual time that runs `factor` times as fast as the real one, and can be moved forward."""

    def __init__(self, factor: float = 1.0) -> None:
        self.factor = factor
        self._file: int | None = None
        self._written = itertools.count()
        self._lock = threading.RLock()
        self._answering = 0
        #: At this real instant it was that virtual one; and it gets no later than `_limit` while a call is answered.
        self._real = self._virtual = time.time()
        self._limit = math.inf
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._instant: float | None = None

    def now(self) -> float:
        """Seconds since the epoch, virtual; while something due is being done, the instant it was due at."""
        if self._instant is not None:
            return self._instant
        with self._lock:
            return min(self._virtual + (time.time() - self._real) * self.factor, self._limit)

    def date(self) -> datetime:
        """`now` as AWS's answers carry it."""
        return datetime.fromtimestamp(int(self.now()), UTC)

    def start(self, factor: float, file: str | None) -> None:
        """From now on with this factor, and with this file in which other processes read what time it is."""
        with self._lock:
            self.factor = factor
            self._file = os.open(file, os.O_CREAT | os.O_WRONLY) if file else None
            self._note()
            self._write()

    def advance(self, seconds: float) -> None:
        """Jump forward; what became due is done by the next `settle`."""
        with self._lock:
            self._note()
            self._virtual += seconds
            self._limit += seconds
            self._write()

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        """While a call is answered. Of several at once each may take as long as it may alone."""
        with self._lock:
            self._answering += 1
            self._note()
            self._limit = self._virtual + LONGEST_CALL
            self._write()
        try:
            yield
        finally:
            with self._lock:
                self._answering -= 1
                self._note()
                if self._answering == 0:
                    self._limit = math.inf
                self._write()

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

    def _note(self) -> None:
        real = time.time()
        self._virtual = min(self._virtual + (real - self._real) * self.factor, self._limit)
        self._real = real

    def _write(self) -> None:
        """`<n> <virtual> <real> <factor> <limit> <n>`, in seconds; who reads another number at the end read half of it."""
        if self._file is not None:
            n = next(self._written)
            line = f"{n} {self._virtual!r} {self._real!r} {self.factor!r} {self._limit!r} {n}"
            os.pwrite(self._file, line.ljust(160).encode(), 0)


#: The emulator's clock. `server.serve` starts it once, before the first request.
clock = Clock()
