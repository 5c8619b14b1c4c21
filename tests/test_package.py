"""The public face: what can be imported, and how quickly."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

import patrolroute

ROOT = Path(__file__).parents[1]


def test_every_public_name_can_be_used() -> None:
    for name in patrolroute.__all__:
        assert getattr(patrolroute, name) is not None


def test_public_names_are_sorted_and_match_the_table_of_homes() -> None:
    names = list(patrolroute.__all__)
    assert names == sorted(names) == sorted([*patrolroute._HOME, *patrolroute._MODULES])


def test_what_a_search_is_told_and_tells_is_public() -> None:
    from patrolroute.search import params, stopping

    assert patrolroute.SearchParams is params.SearchParams
    assert (patrolroute.Progress, patrolroute.Callback) == (stopping.Progress, stopping.Callback)


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(patrolroute, "no_such_name")


def test_importing_the_package_stays_under_half_a_second_and_loads_nothing_heavy() -> None:
    code = (
        "import sys, time; began = time.perf_counter(); import patrolroute; took = time.perf_counter() - began;"
        "heavy = {'numpy', 'osmnx', 'numba', 'matplotlib', 'pandas', 'scipy'} & set(sys.modules);"
        "print(took); sys.exit(bool(heavy) or took > 0.5)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_solver_is_a_function_even_after_its_rooms_were_imported() -> None:
    code = "import patrolroute.search.stopping; import patrolroute as pr; assert callable(pr.solve)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_program_that_keeps_no_log_prints_nothing_of_ours() -> None:
    code = "import patrolroute, logging; logging.getLogger('patrolroute.search.engine').warning('not for planners')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def checked(code: str, folder: Path) -> str:
    """Return what mypy says of a program."""
    if importlib.util.find_spec("mypy") is None:
        pytest.skip("mypy is not installed")
    path = folder / "program.py"
    path.write_text(code, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT).stdout


def test_a_type_checker_knows_what_is_public_and_what_is_not(tmp_path: Path) -> None:
    found = checked("import patrolroute as pr\n\npr.nothing()\nreveal_type(pr.prepare())\n", tmp_path)
    assert 'program.py:3: error: Module has no attribute "nothing"' in found
    assert 'Revealed type is "float"' in found or 'Revealed type is "builtins.float"' in found
    assert "Found 1 error" in found
