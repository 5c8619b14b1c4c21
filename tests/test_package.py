"""The public face: what can be imported, and how quickly."""

import subprocess
import sys

import patrolroute


def test_every_public_name_can_be_used() -> None:
    for name in patrolroute.__all__:
        assert getattr(patrolroute, name) is not None


def test_public_names_are_sorted_and_match_the_table_of_homes() -> None:
    assert list(patrolroute.__all__) == sorted(patrolroute.__all__) == sorted(patrolroute._HOME)


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
