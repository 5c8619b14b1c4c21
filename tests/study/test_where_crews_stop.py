"""What the doctor says of the streets where crews stop, and of stops that were moved across a river."""

from __future__ import annotations

import pytest

from patrolroute.demand.model import Hotspot
from patrolroute.network.places import nearest_places
from patrolroute.output.web.facts import facts
from patrolroute.output.web.layers import Ground
from patrolroute.output.workbook import xlsx_bytes
from patrolroute.problem.crew import Crew
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.solve import solve
from tests.network.by_hand import Road, build, lonlat

BANKS = {1: (0, 0), 2: (2000, 0), 3: (0, 120), 4: (2000, 120), 5: (1000, 120), 6: (1000, 0)}
"""Two streets, the river between them, 120 m wide, and bridges at its far ends."""


def night(y: float, *, bridges: bool = True, bridge: bool = False, lang: str = "南岸路") -> PatrolProblem:
    """Return a night with one market ``y`` metres north of the southern bank, in the middle of the streets."""
    roads = [Road(1, 6, lang), Road(6, 2, lang), Road(3, 5, "北岸路"), Road(5, 4, "北岸路")]
    roads += [Road(1, 3), Road(2, 4)] if bridges else []
    network = build(BANKS, roads + ([Road(6, 5)] if bridge else []))
    (place,) = nearest_places(network, [lonlat(990, y)])
    spot = Hotspot(id="h", name="夜市", place=place, dwell_s=600)
    crews = Crew.fleet(1, depot=lonlat(0, 0), start="20:30", end="22:30", date="2026-05-08")
    return PatrolProblem(network, [spot], crews)


@pytest.mark.parametrize(("y", "own", "other"), [(40, "南岸路", "北岸路"), (79, "北岸路", "南岸路")])
def test_a_stop_between_two_banks_is_told_with_the_way_by_road(y: float, own: str, other: str):
    (found,) = [one for one in night(y).diagnose().warnings if one.kind == "across"]
    assert found.said == (
        f"hotspot '夜市': the crew stops on {own}, {min(y, 120 - y)} m away; on its other side, {max(y, 120 - y)} m "
        f"away, lies {other}, 2100 m from there by road: a river, railway or wall may lie between"
    )
    (chinese,) = [one for one in night(y).diagnose("zh").warnings if one.kind == "across"]
    assert "两条路之间要开 2100 米" in chinese.said


def test_with_a_bridge_nearby_either_side_will_do():
    assert night(40, bridge=True).diagnose().findings == ()


@pytest.mark.parametrize("y", [14, 38, -30])
def test_a_stop_at_its_own_bank_is_no_matter(y: float):
    """At 14 m the kerb is meant; at 38 m the other bank is more than twice as far; at -30 m nothing lies behind."""
    assert night(y).diagnose().findings == ()


def test_the_doctor_the_map_and_the_workbook_say_on_which_street_a_crew_stops():
    problem = night(-12)
    diagnosis = problem.diagnose()
    assert "note: hotspot '夜市': the crew stops on 南岸路, 12 m from its point" in map(str, diagnosis.notes)
    assert "停靠在 南岸路" in str(problem.diagnose("zh"))
    assert str(diagnosis).endswith("0 errors, 0 warnings")
    plan = solve(problem, work_limit=10, threads=1, goal="points").plan
    assert "南岸路" in _shared_strings(xlsx_bytes(plan))
    assert "停靠道路" in _shared_strings(xlsx_bytes(plan))
    from patrolroute.output.looks.scene import Scene

    scene = Scene(plan)
    assert facts(scene, Ground(scene), "zh")["tasks"][0]["street"] == "南岸路"


def test_a_street_without_a_name_is_called_so():
    assert "the crew stops on unnamed road" in str(night(-12, lang="").diagnose())


def _shared_strings(content: bytes) -> str:
    from io import BytesIO
    from zipfile import ZipFile

    return ZipFile(BytesIO(content)).read("xl/sharedStrings.xml").decode()
