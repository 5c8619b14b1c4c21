"""What is known of the place, as far as the bundled data must agree with it; WGS-84 degrees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import shapely

DATA = Path(__file__).resolve().parents[2] / "patrolroute" / "data"

RIVER = [(116.91, 32.662), (116.96, 32.678), (117.00, 32.669), (117.04, 32.686)]
"""The south bank of the Huai."""

NORTHERNMOST = 32.69
RIDGE_LAT = 32.60

RIDGE_CROSSINGS = {"淮河大道", "西支一路", "中兴路", "淮舜南路"}

TUNNEL_M = 916

OLD_TOWN_STREETS = {
    *("淮滨路", "朝阳西路", "朝阳中路", "朝阳东路", "国庆西路", "国庆中路", "国庆东路", "舜耕西路", "舜耕中路"),
    *("舜耕东路", "洞山西路", "洞山中路", "洞山东路", "惠利路", "湖滨路", "青年路", "香港街", "淮河大道", "龙湖路"),
    *("广场路", "学院路", "人民路", "泉山路", "淮舜北路", "淮舜南路", "林场路", "柳郢路", "洛九路"),
}
EAST_WEST = {"淮滨路", "朝阳中路", "国庆中路", "舜耕中路", "洞山中路", "惠利路", "湖滨路", "青年路", "香港街"}
NORTH_SOUTH = {"龙湖路", "广场路", "学院路", "人民路", "泉山路", "淮舜北路", "淮舜南路", "林场路", "柳郢路", "洛九路"}

SHANNAN_STREETS = {
    *("泰丰大街", "和风大街", "和悦街", "玉兰大道", "瓦埠湖路", "民惠街", "民裕大街", "国槐路", "淮河大道"),
    *("沿山路", "南环山路", "南纬一路", "南纬七路"),
}

FOOD_CLUSTERS = {"洞泉美食城", "四季美食广场", "淮河嘉苑美食城", "湖滨美食排档", "商贸文化广场"}

POLICE = {
    *("淮南市公安局", "特警支队", "田家庵分局", "国庆路派出所", "舜耕派出所", "新淮村派出所"),
    *("山南新区分局", "交警支队山南公巡大队"),
}


def beyond_the_river() -> Any:
    """Return everything north of the bank, from the bank's first anchor to its last."""
    west, east = RIVER[0][0], RIVER[-1][0]
    return shapely.Polygon([*RIVER, (east, NORTHERNMOST + 1), (west, NORTHERNMOST + 1)])
