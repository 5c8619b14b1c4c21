"""Call the library from a duty scheduling system: JSON in, JSON out.

``python examples/scheduling_system.py < night.json > answer.json``, or without input for a small night of its own.
"""

import json
import sys
from typing import Any

import patrolroute as pr

NIGHT: dict[str, Any] = {
    "date": "2026-05-08",
    "map": {"source": "bundled"},
    "shift": {"start": "20:30", "end": "22:00"},
    "depots": [{"id": "bureau", "name": "淮南市公安局", "lon": 117.0035, "lat": 32.6249}],
    "crews": [{"depot": "bureau", "count": 3, "prefix": "A"}],
    "streets": [{"names": ["龙湖路", "学院路", "广场路"], "priority": 5, "required": True, "visits": 2}],
    "solve": {"work_limit": 2000, "seed": 1},
}


def plan_night(request: dict[str, Any]) -> dict[str, Any]:
    """Answer a request with the plan, or with everything that is wrong with the request."""
    try:
        run = pr.NightRun(pr.night_from(request, source="request"))
        plan = run.solve().plan
    except pr.InputError as error:
        return {"ok": False, "complaints": list(error.complaints)}
    return {"ok": True, "required_missed": plan.objective.required_missed, "plan": plan.to_dict()}


def main() -> None:
    """Read a request from standard input, if there is any, and write the answer."""
    text = "" if sys.stdin.isatty() else sys.stdin.read()
    answer = plan_night(json.loads(text) if text.strip() else NIGHT)
    if answer["ok"]:
        routes = answer["plan"]["routes"]
        answer = {
            "required_missed": answer["required_missed"],
            "prize": [answer["plan"]["objective"][key] for key in ("prize_collected", "prize_total")],
            "routes": {route["crew"]: [len(route["legs"]), route["length_m"], route["end"]] for route in routes},
        }
    json.dump(answer, sys.stdout, ensure_ascii=False, indent=2)
    print()


if __name__ == "__main__":
    main()
