"""The example service under load: clients ask for nights and cancel some; memory stays flat, no plan is lost.

``python tests/benchmarks/service_load.py --minutes 180 --clients 4 --pool processes``. Ends with 1 if a plan was lost
or memory grew. Memory is that of the service and all of its processes, without what they share counted twice.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).parents[2]
SERVICE = ROOT / "examples" / "service"
CLASSES = ("primary", "secondary")
PATIENCE_S = 300
"""Of a client, and with a service that compiles first."""


def night(rng: random.Random) -> dict[str, Any]:
    """Return a night that takes a few seconds, another each time."""
    return {
        "date": "2026-05-08",
        "map": {"source": "bundled"},
        "shift": {"start": "20:30", "end": "22:30"},
        "depots": [{"id": "bureau", "lon": 117.0035, "lat": 32.6249}],
        "crews": [{"depot": "bureau", "count": rng.randint(2, 6), "prefix": "A"}],
        "streets": [{"classes": [rng.choice(CLASSES)], "priority": 3, "visits": rng.randint(1, 2)}],
        "solve": {"work_limit": rng.randint(200, 1500), "seed": rng.randint(0, 10**6), "goal": "points"},
    }


def events(url: str) -> Iterator[dict[str, Any]]:
    """Yield what a stream of server-sent events tells, until it ends."""
    with requests.get(url, stream=True, timeout=PATIENCE_S) as stream:
        lines = (line.decode() for line in stream.iter_lines())
        yield from (json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))


class Client(threading.Thread):
    """Asks for one night after the other until the time is over; some are cancelled after a moment."""

    def __init__(self, url: str, number: int, *, end: float, cancelled: float, pause_s: float) -> None:
        super().__init__()
        self.counted, self.lost = Counter[str](), list[str]()
        self._url, self._rng = f"{url}/nights", random.Random(number)  # noqa: S311
        self._end, self._cancelled, self._pause_s = end, cancelled, pause_s

    def run(self) -> None:
        while time.monotonic() < self._end:
            job = self._asked("post", "", json=night(self._rng)).json()["id"]
            stopped = self._rng.random() < self._cancelled
            if stopped:
                time.sleep(self._rng.uniform(0, 6))
                stopped = self._asked("delete", f"/{job}").json()["was_open"]
            self._judge(job, self._last(job), stopped=stopped)
            time.sleep(self._rng.uniform(0, 2 * self._pause_s))

    def _last(self, job: str) -> str:
        """Watch a job to its end and return its last state."""
        states = [event["state"] for event in events(f"{self._url}/{job}/events")]
        return states[-1] if states else "unknown"

    def _asked(self, method: str, path: str, **given: Any) -> requests.Response:
        # a connection each: one that is kept may be closed by the service in the very moment of the next request
        answer = requests.request(method, self._url + path, timeout=PATIENCE_S, **given)
        answer.raise_for_status()
        return answer

    def _file(self, job: str, name: str) -> requests.Response:
        return requests.get(f"{self._url}/{job}/{name}", timeout=PATIENCE_S)

    def _judge(self, job: str, state: str, *, stopped: bool) -> None:
        """Count what came of a job; a plan that should be there and is not is lost."""
        self.counted[state] += 1
        answer = self._file(job, "plan")
        has_plan = answer.status_code == 200 and bool(answer.json()["routes"])
        has_plan = has_plan and self._file(job, "map").status_code == 200
        self.counted["plans"] += has_plan
        expected = has_plan if state == "done" else state == "cancelled" and stopped
        if not expected:
            self.lost.append(f"{job}: {state}, plan: {has_plan}")


def family(pid: int) -> Iterator[int]:
    """Yield a process and all that it started."""
    yield pid
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text().split():
            yield from family(int(child))


def memory_mb(pid: int) -> float:
    """Return the memory of a process and all that it started: of shared pages each its share."""
    total = 0
    for one in family(pid):
        try:
            total += int(Path(f"/proc/{one}/smaps_rollup").read_text().split("Pss:")[1].split()[0])
        except (OSError, IndexError):  # it has just ended
            continue
    return total / 1024


def started(folder: str, pool: str, workers: int) -> tuple[subprocess.Popen[bytes], str]:
    """Start the service on a free port and wait until it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": os.environ.get("DATABASE_URL", f"sqlite:///{folder}/nights.db"),
        "POOL": pool,
        "WORKERS": str(workers),
        "PYTHONPATH": f"{ROOT}:{SERVICE}",
    }
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "--factory",
        "app:create_app",
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    service = subprocess.Popen(command, env=environment)
    url, last = f"http://127.0.0.1:{port}", time.monotonic() + PATIENCE_S
    while True:
        try:
            requests.get(f"{url}/docs", timeout=PATIENCE_S)
        except requests.ConnectionError:
            if service.poll() is not None or time.monotonic() > last:
                raise
            time.sleep(0.2)
        else:
            return service, url


def watched(service: subprocess.Popen[bytes], clients: list[Client], *, minutes: float) -> list[float]:
    """Return the service's memory from time to time until all clients are done; a line twelve times on the way."""
    seen, began, shown = list[float](), time.monotonic(), 0.0
    while any(client.is_alive() for client in clients):
        time.sleep(max(1.0, 60 * minutes / 400))
        seen.append(memory_mb(service.pid))
        so_far = (time.monotonic() - began) / 60
        if so_far >= shown + minutes / 12:
            shown = so_far
            plans = sum(client.counted["plans"] for client in clients)
            print(f"{so_far:6.1f} min  {plans:6} plans  {seen[-1]:6.0f} MB", flush=True)
    return seen


def main() -> int:
    """Put the service under load and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=180)
    parser.add_argument("--pool", choices=["threads", "processes"], default="threads")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--cancelled", type=float, default=0.3, help="share of the nights that are cancelled")
    parser.add_argument(
        "--pause", type=float, default=0, help="seconds that a client waits before its next, on average"
    )
    text = "of memory that is accepted: the last quarter of the run beside the second, for the first fills caches"
    parser.add_argument("--growth", type=float, default=1.1, help=text)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        service, url = started(folder, args.pool, args.workers)
        try:
            end = time.monotonic() + 60 * args.minutes
            clients = [
                Client(url, number, end=end, cancelled=args.cancelled, pause_s=args.pause)
                for number in range(args.clients)
            ]
            for client in clients:
                client.start()
            seen = watched(service, clients, minutes=args.minutes)
        finally:
            service.terminate()
            service.wait(60)
    counted = sum((client.counted for client in clients), Counter[str]())
    lost = [one for client in clients for one in client.lost]
    quarter = max(1, len(seen) // 4)
    before, after = statistics.median(seen[quarter : 2 * quarter] or seen), statistics.median(seen[-quarter:])
    print(f"{args.pool}: {dict(counted)}, lost {len(lost)}", *lost[:10], sep="\n  ")
    print(f"memory: {before:.0f} MB in the second quarter, {after:.0f} MB in the last, {max(seen):.0f} MB at most")
    return int(bool(lost) or after > args.growth * before)


if __name__ == "__main__":
    sys.exit(main())
