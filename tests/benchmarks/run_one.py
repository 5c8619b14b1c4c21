"""One tool, one night, one seed, in a process of its own: ``python run_one.py NIGHT TOOL SECONDS SEED VARIANT``.

The night comes as a pickle with its matrix. The clock starts when the tool gets it: laying out its own model counts,
loading the library and compiling do not. The answer goes to standard output as JSON, on the last line.
"""

from __future__ import annotations

import importlib
import json
import pickle
import resource
import sys
import time
from importlib.metadata import version
from pathlib import Path


def peak_mb() -> float:
    """Return this process's peak memory; ``ru_maxrss`` would inherit the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Run the tool and print what it found and what it took."""
    path, name, seconds, seed, variant = sys.argv[1:]
    tool = importlib.import_module(f"solvers.with_{name}")
    problem = pickle.loads(Path(path).read_bytes())  # noqa: S301 - the parent wrote it a moment ago
    tool.warm_up()
    began, began_cpu = time.perf_counter(), time.process_time()
    solution = tool.run(problem, float(seconds), int(seed), variant)
    took = {"seconds": time.perf_counter() - began, "cpu_s": time.process_time() - began_cpu, "peak_mb": peak_mb()}
    routes = [[list(map(int, visit)) for visit in route] for route in solution.routes]
    versions = {package: version(package) for package in tool.PACKAGES}
    print(json.dumps({"routes": routes, **took, "versions": versions}))


if __name__ == "__main__":
    main()
