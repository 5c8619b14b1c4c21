"""The best plans known, as decisions in JSON files: indices only, no map data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nights import race
from nights.streets import Instance

FOLDER = Path(__file__).parents[1] / "references"


@dataclass(frozen=True)
class Stored:
    """A stored plan: its run, and who found it when and how. ``run`` is None if there is none for this instance."""

    run: race.Run | None
    said: str


def load(instance: Instance, folder: Path = FOLDER) -> Stored:
    """Read the plan of an instance and score it anew; one of another network, recipe or library is stale."""
    path = folder / f"{instance.name}.json"
    if not path.exists():
        return Stored(None, "no stored plan; --reference makes one")
    known = json.loads(path.read_text(encoding="utf-8"))
    if known["fingerprint"] != instance.fingerprint:
        return Stored(None, f"the stored plan of {known['date']} is stale: the instance is another now")
    took = {key: known[key] for key in ("seconds", "cpu_s", "peak_mb", "versions")}
    found = race.judge(instance, known["found_by"], known["seed"], race.read_routes(known["routes"]), took)
    return Stored(found, f"{known['found_by']}, {known['seconds']:.0f} s, seed {known['seed']}, {known['date']}")


def keep(instance: Instance, found: race.Run, folder: Path = FOLDER) -> bool:
    """Store a run's plan if it is better than the stored one, and say whether it was."""
    known = load(instance, folder).run
    if known is not None and tuple(known.score) <= tuple(found.score):
        return False
    folder.mkdir(exist_ok=True)
    path = folder / f"{instance.name}.json"
    path.write_text(_text(instance, found), encoding="utf-8")
    return True


def _text(instance: Instance, found: race.Run) -> str:
    """Write the facts on a line each and the routes crew by crew."""
    facts: dict[str, Any] = {
        "instance": instance.name,
        "fingerprint": instance.fingerprint,
        "found_by": found.tool,
        "seed": found.seed,
        "seconds": round(found.seconds, 1),
        "cpu_s": round(found.cpu_s, 1),
        "peak_mb": round(found.peak_mb),
        "date": datetime.now(UTC).date().isoformat(),
        "versions": found.versions,
        "score": found.score._asdict(),
        "prize": found.prize,
        "prize_total": instance.problem.prize_total,
    }
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in facts.items()]
    routes = [json.dumps([list(visit) for visit in route], separators=(",", ":")) for route in found.solution.routes]
    lines.append(' "routes": [\n  ' + ",\n  ".join(routes) + "\n ]")
    return "{\n" + ",\n".join(lines) + "\n}\n"
