"""A plan as an interactive map in a notebook, through geopandas and folium."""

from __future__ import annotations

import html
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from patrolroute.errors import PatrolRouteError
from patrolroute.output.frames import legs_frame
from patrolroute.output.picture.teams import colours_of
from patrolroute.output.stamp import stamp
from patrolroute.plan.records import PatrolPlan
from patrolroute.words import Lang, label, require_lang

if TYPE_CHECKING:
    import geopandas

COLUMNS = ("crew", "leg", "kind", "street", "depart", "arrive", "length_m")
TITLES: dict[Lang, tuple[str, ...]] = {
    "zh": ("车组", "序号", "动作", "路段或场所", "开始", "结束", "米"),
    "en": ("crew", "leg", "action", "street or place", "begins", "ends", "metres"),
}
LINE_WIDTH = 4

NEEDED = ("folium", "mapclassify")
"""What geopandas' maps are made with; it asks for both whatever is drawn."""


def explore(plan: PatrolPlan, *, lang: Lang = "zh", tiles: Any = None) -> Any:
    """Give the legs as an interactive map, coloured by crew, with a tooltip for each.

    The page that folium makes fetches its scripts from public servers (CDN) when it is shown, so it needs a network
    and tells those servers that somebody looks; nothing of the plan is sent. For a map that opens anywhere use
    ``plan.save``.

    Parameters
    ----------
    plan
        The plan.
    lang
        Of the words.
    tiles
        A background as `geopandas.GeoDataFrame.explore` takes it, such as ``"OpenStreetMap"``. None by default: a
        tile server learns which places are looked at.

    Returns
    -------
    folium.Map
        Shown by a notebook when it is a cell's last value; ``.save("map.html")`` writes it. Coordinates are WGS-84.

    Raises
    ------
    InputError
        If there is no such language.
    PatrolRouteError
        If folium or mapclassify is not installed.
    """
    require_lang(lang)
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise PatrolRouteError(f"plan.explore() needs {' and '.join(missing)}: pip install 'patrolroute[notebook]'")
    import folium

    frame = _frame(plan, lang)
    known = {html.escape(crew): colour for crew, colour in colours_of(plan.crews).items()}
    crews = list(dict.fromkeys(frame[TITLES[lang][0]]))
    colours = [known[crew] for crew in crews]
    drawn = folium.Map(tiles=tiles) if frame.empty else frame.explore(
        column=TITLES[lang][0], categories=crews, cmap=colours, categorical=True, tiles=tiles,
        tooltip=list(TITLES[lang]), style_kwds={"weight": LINE_WIDTH}, marker_kwds={"radius": LINE_WIDTH},
    )  # fmt: skip
    page: Any = drawn.get_root()
    page.html.add_child(folium.Element(_said(plan, lang)))
    return drawn


def _frame(plan: PatrolPlan, lang: Lang) -> geopandas.GeoDataFrame:
    """Give the legs with places, in words; what would act in a page is escaped."""
    frame = legs_frame(plan)
    frame = frame[frame.geometry.notna()][[*COLUMNS, "geometry"]]
    for name in ("crew", "street"):
        frame[name] = [html.escape(text) for text in frame[name]]
    frame["kind"] = [label(kind, lang) for kind in frame["kind"]]
    for name in ("depart", "arrive"):
        frame[name] = [f"{moment:%H:%M:%S}" for moment in frame[name]]
    return frame.rename(columns=dict(zip(COLUMNS, TITLES[lang], strict=True)))


def _said(plan: PatrolPlan, lang: Lang) -> str:
    lines = "<br>".join(html.escape(line) for line in stamp(plan, lang, "wgs84"))
    return f'<p style="font: 12px sans-serif; margin: 4px">{lines}</p>'
