"""KML for Google Earth and Ovi: a folder a crew, numbers of the order sheet, times, colours, and no name that acts."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

import numpy as np
import pytest

from patrolroute.base.vocabulary import Lang
from patrolroute.network.coordinates import from_wgs84
from patrolroute.output.itinerary import itinerary
from patrolroute.output.kml import NAMESPACE, kml_bytes
from patrolroute.output.looks.clock import in_datum, stamp
from patrolroute.plan.model import PatrolPlan
from tests.output.plans import HOSTILE, NOTICE, drawn_plan, renamed, resting_plan
from tests.output.test_sheets_orders import named_plan
from tests.plan.hand_made import place, with_route


def parsed(plan: PatrolPlan, lang: Lang = "en") -> Element:
    """Return the document of a plan."""
    document = fromstring(kml_bytes(plan, lang)).find(f"{{{NAMESPACE}}}Document")  # noqa: S314 - our own
    assert document is not None
    return document


def kml(name: str = "A", lang: Lang = "en") -> Element:
    """Return the document of a night in which crew A is called otherwise."""
    return parsed(renamed(drawn_plan(), name), lang)


def folders(document: Element) -> dict[str, Element]:
    """Return the folder of each crew by its name."""
    return {texts(one, "name")[0]: one for one in document.findall(f"{{{NAMESPACE}}}Folder")}


def texts(element: Element, path: str) -> list[str]:
    """Return the texts at a path, ``Folder/name``."""
    found = element.iterfind("/".join(f"{{{NAMESPACE}}}{tag}" for tag in path.split("/")))
    return [one.text or "" for one in found]


def test_each_crew_is_a_folder_with_its_stops_and_two_folders_of_drives() -> None:
    assert texts(kml(), "Folder/name") == ["A", "B"]
    assert texts(kml(lang="zh"), "Folder/Folder/name") == ["巡逻", "途中"] * 2
    first = kml().find(f"{{{NAMESPACE}}}Folder")
    assert first is not None
    assert texts(first, "Placemark/name") == ["depot 1-4 and A 20:00", "2 A", "2 A", "3 return 1-4 and A 20:23"]
    assert texts(first, "Placemark/description")[2] == "A · 2 A · dwell 20:10:00-20:20:00 · visit 1/1"


@pytest.mark.parametrize("plan", [named_plan(), named_plan(resting_plan())], ids=["a wait", "a break"])
def test_every_order_of_the_sheet_is_there_under_its_number_and_there_is_no_other_number(plan: PatrolPlan) -> None:
    for crew, folder in folders(parsed(plan)).items():
        orders = itinerary(plan).orders(crew)
        names = [name for path in ("Placemark/name", "Folder/Placemark/name") for name in texts(folder, path)]
        numbers = {int(found[0]) for name in names if (found := re.match(r"\d+(?= )", name))}
        assert numbers == {order.number for order in orders}
        patrols = {
            name for line in folder.findall(f"{{{NAMESPACE}}}Folder")[:1] for name in texts(line, "Placemark/name")
        }
        said = {f"{order.number} {order.street or 'unnamed road'}" for order in orders if order.kind == "patrol"}
        assert patrols == said


def test_each_stop_lies_where_the_crew_stands_and_the_times_are_those_of_the_plan() -> None:
    plan = named_plan(resting_plan())
    folder = folders(parsed(plan))["A"]
    stops = list(zip(*(texts(folder, f"Placemark/{tag}") for tag in ("styleUrl", "description")), strict=True))
    spots = [tuple(map(float, text.split(","))) for text in texts(folder, "Placemark/Point/coordinates")]
    assert [style for style, _ in stops] == ["#depot", "#break", "#dwell", "#return"]
    assert "break 20:07:00-20:10:00" in stops[1][1]
    assert "dwell 20:10:00-20:20:00" in stops[2][1]
    assert spots == [pytest.approx(place(node), abs=1e-7) for node in (1, 5, 5, 1)]


def test_coordinates_are_those_of_the_plan_in_the_datum_that_is_stamped() -> None:
    moved = in_datum(drawn_plan(), "gcj02")
    document = fromstring(kml_bytes(moved, "en", "gcj02"))  # noqa: S314 - our own
    first = next(document.iter(f"{{{NAMESPACE}}}coordinates")).text or ""
    assert [float(part) for part in first.split(",")] == pytest.approx(
        [float(x) for x in from_wgs84(*place(1), "gcj02")]
    )
    assert "GCJ-02" in texts(document, "Document/description")[0]


def test_what_is_required_is_said_and_a_crew_that_stays_has_no_folder() -> None:
    plan = named_plan()
    said = texts(folders(parsed(plan))["A"], "Folder/Placemark/description")
    assert [text.endswith("required") for text in said] == [True, False, False, False]
    idle = with_route(plan, 1, legs=(), end=plan.routes[1].start)
    assert set(folders(parsed(idle))) == {"A"}


def test_a_plan_without_coordinates_is_a_document_without_shapes() -> None:
    plan = drawn_plan()
    bare = [tuple(replace(leg, coordinates=()) for leg in route.legs) for route in plan.routes]
    routes = tuple(replace(route, legs=legs) for route, legs in zip(plan.routes, bare, strict=True))
    document = parsed(replace(plan, routes=routes))
    assert not list(document.iter(f"{{{NAMESPACE}}}LineString"))


@pytest.mark.parametrize("name", ["<b>&</b>", "]]>", "\x00\x07", "\ud800"])
def test_names_with_markup_or_letters_that_xml_lacks_stay_readable_xml(name: str) -> None:
    assert len(texts(kml(name), "Folder/name")) == 2


def test_every_arc_that_is_driven_is_on_a_line() -> None:
    for route, folder in zip(drawn_plan().routes, kml().findall(f"{{{NAMESPACE}}}Folder"), strict=True):
        drawn = {point for line in texts(folder, "Folder/Placemark/LineString/coordinates") for point in line.split()}
        driven = {f"{lon:.7f},{lat:.7f}" for leg in route.legs if leg.arcs for lon, lat in leg.coordinates}
        assert drawn == driven


def test_a_crew_has_one_colour_and_every_style_that_is_named_is_there() -> None:
    document = kml()
    known = {f"#{style.get('id')}" for style in document.iterfind(f"{{{NAMESPACE}}}Style")}
    named = [one.text for one in document.iter(f"{{{NAMESPACE}}}styleUrl")]
    assert set(named) <= known
    assert len({one for one in named if one and one.startswith("#patrol-")}) == len(drawn_plan().routes)


def test_the_view_looks_down_on_everything() -> None:
    document = kml()
    lon, lat = float(texts(document, "LookAt/longitude")[0]), float(texts(document, "LookAt/latitude")[0])
    assert (lon, lat) == pytest.approx((np.mean([place(1)[0], place(5)[0]]), np.mean([place(1)[1], place(5)[1]])))
    assert float(texts(document, "LookAt/range")[0]) == 1500


def test_elements_come_in_the_order_that_the_format_asks_for() -> None:
    order = [
        "name", "open", "description", "LookAt", "styleUrl", "Style", "Point", "LineString", "Placemark", "Folder",
    ]  # fmt: skip
    for holder in (kml(), *(one for kind in ("Placemark", "Folder") for one in kml().iter(f"{{{NAMESPACE}}}{kind}"))):
        tags = [order.index(child.tag.rpartition("}")[2]) for child in holder]
        assert tags == sorted(tags)


def test_nothing_is_fetched_from_a_server() -> None:
    content = kml_bytes(drawn_plan()).decode()
    assert "href" not in content
    assert content.count("http") == content.count(NAMESPACE) == 1


def test_the_document_says_who_made_it_and_that_the_map_is_schematic() -> None:
    (said,) = texts(kml(), "description")
    assert said.splitlines() == list(stamp(renamed(drawn_plan(), "A"), "en", "wgs84"))
    assert NOTICE in said


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_click_shows_runs_nothing(name: str) -> None:
    document = kml(name)
    for balloon in document.iter(f"{{{NAMESPACE}}}BalloonStyle"):
        assert texts(balloon, "text") == ["$[description]"]
    for said in document.iter(f"{{{NAMESPACE}}}description"):
        assert "<" not in (said.text or "")
    assert len(texts(document, "Folder/name")) == 2
