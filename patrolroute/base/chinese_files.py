"""Complaints in Chinese about drawings, map files, plans, and what a command is given; see `base.chinese`."""

from __future__ import annotations

from collections.abc import Mapping

RULES_OF_DRAWINGS: Mapping[str, str] = {
    "is not JSON, or cut off: line {line}, column {column}: {why}": (
        "不是 JSON 或不完整：第 {line} 行第 {column} 列：{why}"
    ),
    "is not JSON: {why}": "不是 JSON：{why}",
    "is not GeoJSON: it holds no object with a type": "不是 GeoJSON：应为带 type 的对象",
    "is not GeoJSON: the FeatureCollection has no list of features": "不是 GeoJSON：FeatureCollection 缺 features 列表",
    "is not GeoJSON: its lists lie too deep inside one another": "不是 GeoJSON：列表嵌套过深",
    "holds no feature": "没有任何要素",
    "has {items} features; at most {most} are read": "有 {items} 个要素，最多读入 {most} 个",
    "names the crs {crs}; GeoJSON is in WGS-84 degrees": "注明坐标系 {crs}，而 GeoJSON 应为 WGS-84 经纬度",
    "has a DOCTYPE, which {what} does not need; it is not read": "含有 DOCTYPE，不予读取",
    "is no GPX, or a damaged one: {error}": "不是 GPX 或已损坏：{error}",
    "holds no track of {fewest} points or more": "没有 {fewest} 个点以上的轨迹",
    "there is no shape": "没有任何图形",
    "has no geometry": "没有图形",
    "is an empty {kind}": "是空的 {kind}",
    "{item} is not a Feature": "{item} 不是 Feature",
    "properties {value} are not an object": "properties {value} 应为对象",
    "properties {same} mean the same; keep one of them": "属性 {same} 意思相同，请只留一个",
    "geometry {value} is not an object": "geometry {value} 应为对象",
    "geometry type {kind} is not one of {known}": "图形类型 {kind} 应为 {known} 之一",
    "is a GeometryCollection; draw each part as a feature of its own": (
        "是 GeometryCollection，请把各部分画成单独的要素"
    ),
    "is a device or a pipe, not a file": "是设备或管道，不是文件",
    "is a {kind} without coordinates": "{kind} 没有坐标",
    "is a {kind} whose coordinates hold {item} instead of a list of positions": (
        "{kind} 的坐标应为点的列表，而不是 {item}"
    ),
    "position {item} is not a longitude and a latitude in degrees; they look swapped": (
        "点 {item} 不是以度为单位的经纬度，像是写反了"
    ),
    "{word} {item} is not a longitude and a latitude in degrees": "{rule_word} {item} 不是以度为单位的经纬度",
    "ring is not closed: it starts at {first} and ends at {last}": "多边形未闭合：起于 {first}，止于 {last}",
    "ring has {number} positions; a closed one has at least {least}": "多边形只有 {number} 个点，闭合时至少 {least} 个",
    "is a line of {number} position; it needs at least {least}": "线只有 {number} 个点，至少要 {least} 个",
    "asks for nothing: give a name, a class or a drawing": "没有要求：请给名称、道路等级或图形",
    "{data} is neither a file nor a shapely geometry nor GeoJSON": "{data} 应为文件名、shapely 图形或 GeoJSON",
    "{item} is not a shapely geometry or GeoJSON": "{item} 应为 shapely 图形或 GeoJSON",
    "is in {own} by its own crs, which crs {given} contradicts; leave one of them out": (
        "自带坐标系 {own}，与所给 crs {given} 矛盾，请只留一个"
    ),
    "{name} names a file; {door} takes data, a file has its own door": "{name} 是文件名；{door} 只收数据，文件另有读法",
    "is a {kind}, not a point; it has {number}, draw each as a feature of its own": (
        "是 {kind}，不是一个点；含 {number} 个，请各画成单独的要素"
    ),
    "is not {word} that can be used: {why}": "图形无法使用：{why}",
    "is not valid: {why}": "图形无效：{why}",
    "workbooks of the kind {kind} are not read; save it as .xlsx": "不读取 {kind} 工作簿，请另存为 .xlsx",
    "the workbook is damaged; open it in Excel and save it anew": "工作簿已损坏，请用 Excel 打开后重新保存",
    "is no workbook, or one with a password; save it as .xlsx without one": (
        "不是工作簿或已加密，请另存为不加密的 .xlsx"
    ),
    "unpacks to more than {most} MiB; at most so much is read": "解压后超过 {most} MiB，最多读取这么多",
    "is empty": "是空的",
    "is {what}, not text; save it as UTF-8 text (Excel: CSV UTF-8)": (
        "是{rule_what}，不是文本，请另存为 UTF-8（Excel：CSV UTF-8）"
    ),
    "is a {kind}, not {wanted}": "是 {kind}，应为{rule_wanted}",
    "a patrol area is one polygon; the file has {number} areas": "一个巡区应为一个多边形，该文件有 {number} 个",
    "the area of the map is one polygon; the file has {number}": "地图范围应为一个多边形，该文件有 {number} 个",
    "points: {value} is not a list of points": "{value} 应为由点组成的列表",
    "its place is none of the network: {why}; patrolroute.snap makes one": (
        "它的位置不在路网上（{rule_why}）；请用 patrolroute.snap 求得"
    ),
    "its numbers {numbers} are not all finite": "{numbers} 应全为有限的数",
    "arc {arc} is not on the network": "路网中没有路段 {arc}",
    "arc {arc} is a tunnel or a motorway, where nobody can stop": "路段 {arc} 是隧道或高速公路，不能停车",
    "fraction {fraction} is not between 0 and 1": "比例 {fraction} 应在 0 和 1 之间",
    "it lies {metres} m from its point on arc {arc}, not {other} m as it says": (
        "离其在路段 {arc} 上的点 {metres} 米，而不是所说的 {other} 米"
    ),
}
"""What is drawn, and places given in memory."""

RULES_OF_TABLES: Mapping[str, str] = {
    "column {column} is not known; did you mean {close}? Begin its title with # to leave it aside": (
        "不认识 {column} 这一列，是否为 {listed_close}？不需要的列请在表头前加 #"
    ),
    "column {column} is not known; there are {known}; begin its title with # to leave it aside": (
        "不认识 {column} 这一列；可用的列有 {known}；不需要的列请在表头前加 #"
    ),
    "column {column} has no title, but holds {cell}; give it one": "{column} 列没有表头，却填有 {cell}，请补上表头",
    "property {name} is not known; did you mean {close}?": "不认识属性 {name}，是否为 {close}？",
    "is a sum by its name, but has coordinates; give the place its name, or leave the line out": (
        "从名称看是合计行，却填了坐标；请写场所名称，或删去此行"
    ),
    "looks like an export of AMap, whose coordinates are GCJ-02 unless somebody has moved them; say which they are: "
    'crs = "gcj02" or crs = "wgs84"': (
        '像是高德导出的表，坐标一般为 GCJ-02，除非有人转换过；请注明 crs = "gcj02" 或 crs = "wgs84"'
    ),
    "is in {own} by its titles, which crs {given} contradicts; leave one of them out": (
        "表头注明坐标系 {own}，与所给 crs {given} 矛盾，请只留一个"
    ),
    "longitude and latitude look swapped in {some} of {all} rows: {rows}": (
        "{all} 行中有 {some} 行像是经纬度写反了：{rule_rows}"
    ),
    "longitude and latitude look swapped in all {all} rows; write the longitude first, or call the column 纬度,经度 "
    "instead of {title}": "{all} 行全都像是经纬度写反了；请先写经度，或把表头 {title} 改为“纬度,经度”",
    "longitude and latitude look swapped in all {all} rows; exchange the titles {titles}": (
        "{all} 行全都像是经纬度写反了；请对调表头 {titles}"
    ),
    "{far} of {all} places lie more than {most} m from every street; {fit} would fit as coordinates of {name}: give "
    'crs="{crs}"': '{all} 处中有 {far} 处离道路超过 {most} 米；按{name}坐标有 {fit} 处相符，请写 crs="{crs}"',
    "{title} holds {cell}: a formula that Excel could not work out": "{title} 为 {cell}，公式出错",
    "sheet {name} is hidden; show it, or delete it": "工作表 {name} 被隐藏，请取消隐藏或删除",
    "there is no sheet {name}; it has {known}": "没有名为 {name} 的工作表，现有 {known}",
    "the sheets {names} all have the columns; say which one, as in {first}": (
        "工作表 {names} 都有所需的列，请写明用哪一张，如 {first}"
    ),
    "{what} is not a whole number between {low} and {high}, or 高, 中, 低": (
        "{what} 应为 {low} 到 {high} 的整数，或高、中、低"
    ),
    "{what} is not a longitude and a latitude, such as 116.99,32.63": "{what} 应为经度和纬度，如 116.99,32.63",
    "{what} is not a yes or no (是 or 否)": "{what} 应为是或否",
}
"""Columns, sheets and places of tables; taken before all others."""

RULES_OF_WORKBOOKS: Mapping[str, str] = {
    "the workbook has none of the sheets of a night; `patrolroute new` writes one": (
        "工作簿中没有方案的任何一张表；可用 patrolroute new 生成模板"
    ),
    "sheet {name} is not known; did you mean {near}?": "没有 {name} 这张表，是否为 {near}？",
    "sheet {name} is not known; there are {known}": "没有 {name} 这张表；可用的表有 {known}",
    "sheet {name} is not known; empty it, or keep it in another file": (
        "没有 {name} 这张表，不会读取；请清空，或另存到别的文件"
    ),
    "sheets {same} mean the same; keep one of them": "{same} 几张表意思相同，请只留一张",
    "the sheet has no header; it needs {needed}": "表中没有表头；需要 {needed}",
    "column {column} is not known; did you mean {near}?": "没有 {column} 这一列，是否为 {near}？",
    "column {column} is not known; there are {known}": "没有 {column} 这一列；可用的列有 {known}",
    "column {column} is not known": "没有 {column} 这一列",
    "{cell} stands under no title; give the column one, or empty the cell": (
        "{cell} 这一列没有表头；请补上表头，或清空该格"
    ),
    "entry {name} is not known; did you mean {near}?": "没有 {name} 这一项，是否为 {near}？",
    "entry {name} is not known; there are {known}": "没有 {name} 这一项；可填的有 {known}",
    "entry {name} is not known": "没有 {name} 这一项",
    "entries {same} mean the same; keep one of them": "{same} 几项意思相同，请只留一项",
    "the area has no name; give it one by which other sheets name it": "巡区没有名称，其他表要按名称引用它",
    "the area {name} is also that of {place}": "巡区 {name} 已见于 {place}",
    "the area {name} is empty; give it corners, GeoJSON or a file": "巡区 {name} 没有范围；请填顶点、GeoJSON 或文件名",
    "depots are in a file; leave the other cells and rows out": "集结点已用文件，请清空其他格和行",
    "names a file; leave the other cells out": "本行已用文件，请清空其他格",
    "entry {path} is no path such as {example}": "条目 {path} 应写成 {example} 这样的路径",
    "the entry is written twice; keep one of them": "这一项写了两次，请只留一处",
    "the entry does not fit: the list before it is shorter, or it is no list": (
        "这一项没有位置：前面的列表没有这么多项，或不是列表"
    ),
    "holds a formula that was never worked out; open it in Excel or WPS and save it, or write the value itself": (
        "公式还没有算出结果，请用 Excel 或 WPS 打开并保存一次，或直接填写数值"
    ),
    "is what a formula came to that failed; write the value itself": "是出错的公式结果，请直接填写数值",
    "does not fit into a workbook; write a .json file": "工作簿放不下，请改存 .json",
    "is null, which TOML does not know; write a .json or .xlsx file": "值为 null，TOML 无法表示；请改存 .json 或 .xlsx",
    "is there already; --force writes over it": "文件已存在；加 --force 才覆盖",
    "a night's file ends in .toml, .json or .xlsx, not {form}": (
        "当晚文件的扩展名应为 .toml、.json 或 .xlsx，而不是 {form}"
    ),
    "officers is no list of names": "officers 应为姓名的列表",
    "an officer, the plate, the call sign or the telephone is no text": "民警、车牌、呼号、电话应为文字",
}
"""What is wrong with a night's workbook, and with turning a night into another form."""

RULES_OF_FILES: Mapping[str, str] = {
    **RULES_OF_WORKBOOKS,
    # Files of any kind
    "is neither UTF-8 nor GBK text; save it as UTF-8 text (Excel: CSV UTF-8)": (
        "不是 UTF-8 或 GBK 编码的文本，请另存为 UTF-8（Excel：CSV UTF-8）"
    ),
    "is not text: it holds the control character {letter}; save it as UTF-8 text": (
        "不是文本：含有控制字符 {letter}，请另存为 UTF-8 文本"
    ),
    "has {size} MiB; at most {most} MiB are read": "有 {size} MiB，最多读入 {most} MiB",
    "is UTF-8 text, but damaged or cut off at byte {place}": "是 UTF-8 文本，但在第 {place} 字节处损坏或截断",
    "cannot be written: there is no folder {folder}": "无法写入：没有文件夹 {folder}",
    "cannot be written: {cause} ({where})": "无法写入：{rule_cause}（{where}）",
    "cannot be written: {cause}": "无法写入：{rule_cause}",
    "is of an earlier plan and cannot be removed: {cause}": "属于上一次的方案，无法删除：{rule_cause}",
    "{value} is not a port from 0 to {most}": "{value} 应为 0 到 {most} 的端口号",
    "cannot be listened at: {cause}": "端口无法使用：{rule_cause}",
    "output folder: {name} is no name; the current folder is '.'": "输出文件夹 {name} 不是名称；当前文件夹写作 '.'",
    "lang {lang} is not one of {known}": "语言 {lang} 应为 {known} 之一",
    # Maps
    "is a drawn map, and what it says of itself would be lost; it is small as it is": (
        "是示意图，截取后会丢失其说明；它本来就不大，不必截取"
    ),
    "the file to write ends in one of {known}": "要写的文件扩展名应为 {known} 之一",
    "the file to write ends in .graphml": "要写的文件扩展名应为 .graphml",
    "area: is cut out of a file, not of the bundled map": "只能从地图文件中截取范围，不能从随附的地图截取",
    "an area is one polygon; the file has {number}": "范围应为一个多边形，该文件有 {number} 个",
    "bbox {west} {south} {east} {north}: must be west < east and south < north, in degrees on earth": (
        "bbox {west} {south} {east} {north} 应为经纬度，且西 < 东、南 < 北"
    ),
    "give a valid shapely Polygon or MultiPolygon in WGS-84 degrees": "应为有效的 WGS-84 经纬度多边形",
    "edge {tail}, {head}, {key} is patrolled in {patrol} s, driven in {travel} s, and {more} more so": (
        "路段 {tail}, {head}, {key} 巡逻用 {patrol} 秒，少于行驶的 {travel} 秒，另有 {more} 条"
    ),
    "edge {tail}, {head}, {key} is patrolled in {patrol} s, driven in {travel} s": (
        "路段 {tail}, {head}, {key} 巡逻用 {patrol} 秒，少于行驶的 {travel} 秒"
    ),
    "the list of dropped streets is damaged: {text}": "舍去道路的清单已损坏：{text}",
    "crs {crs} is not in degrees; project it back with osmnx.project_graph(to_latlong=True)": (
        "坐标系 {crs} 不是经纬度，请用 osmnx.project_graph(to_latlong=True) 转回"
    ),
    "node id {name} is not a whole number, as OpenStreetMap's are": "节点编号 {name} 应为整数",
    "{number} edges have a geometry that is no line in degrees, {edge} is one": (
        "{number} 条边的形状不是经纬度折线，如 {edge}"
    ),
    "has {columns} columns, not the {number} of {header}": "有 {columns} 列，应为 {header} 这 {number} 列",
    "seconds {text} is neither a whole number from 1 to {most} nor {barred}": (
        "秒数 {text} 应为 1 到 {most} 的整数或 {barred}"
    ),
    "the turn from {before} into {after} is listed twice": "从 {before} 转入 {after} 列了两次",
    "a chain of arcs can only be {barred}, not take {seconds} s": "连续路段只能写 {barred}，不能写 {seconds} 秒",
    # Servers
    "timeout {seconds} s is not above 0": "等待时限 {seconds} 秒应大于 0",
    "{name} {address}: is not an address that begins with http:// or https://": (
        "{name} {address} 应为以 http:// 或 https:// 开头的地址"
    ),
    # Plans
    "--out: the outputs of a plan.json are beside it; give --night for a plan made by hand": (
        "--out：plan.json 的成果就在其旁边；手工方案请加 --night"
    ),
    "is not UTF-8 text": "不是 UTF-8 编码的文本",
    "is not valid JSON, or is cut off: {error}": "不是有效的 JSON 或不完整：{error}",
    "schema_version {version} is not {known}, the version that this library reads": (
        "schema_version {version} 不是本程序能读的 {known} 版"
    ),
    "output {name} is not one of {known}": "输出 {name} 应为 {known} 之一",
    "output {name} is a file for each crew; {door} returns them by name": (
        "输出 {name} 每车组一个文件；请用 {door}，按文件名给出"
    ),
    "holds what JSON cannot: {cause}": "含有 JSON 写不了的内容：{cause}",
    "network: is a {kind}, not a RoadNetwork or a dict of them": "network 是 {kind}，应为 RoadNetwork 或由其组成的字典",
    "network: is for {mode}, and is given for {key}": "network 是 {mode} 的路网，却按 {key} 给出",
    "network: two are named for {mode}": "{mode} 的路网写了两次",
    "network: none is given for {mode}, which the plan needs": "缺少方案所需的 {mode} 路网",
    "network: is not the one for {mode} whose sha256 is in the plan; a plan's own networks are split where people "
    "stop, see plan.networks": "不是方案所记 sha256 的 {mode} 路网；方案自己的路网在停靠处断开，见 plan.networks",
    "schema_version {version} is of a later major version than {last}, the last that this library reads": (
        "schema_version {version} 比本程序能读的 {last} 新，请升级程序"
    ),
    "settings: holds a number that is not finite": "settings 含有不是有限值的数",
    "is not the network of the plan: its sha256 is not the one in {plan}": "不是该方案的路网：sha256 与 {plan} 不符",
    "is not the table of the plan: its sha256 is not the one in {plan}": "不是该方案的转弯表：sha256 与 {plan} 不符",
    "is a network for {mode}, where the plan needs one for {other}": "是{rule_mode}路网，而方案要用{rule_other}路网",
    "{more} more complaints": "另有 {more} 处问题",
    # Plans made by hand
    "crew {crew} is none of the night's; did you mean {near}?": "当晚没有车组 {crew}，是否为 {near}？",
    "crew {crew} is none of the night's; the night has {known}": "当晚没有车组 {crew}，现有 {known}",
    "is no plan.json; {hint}": "不是 plan.json",
    "no way leads there from where the crew is": "车组从所在处无路可到那里",
    "no way leads home from its last stop": "最后一站之后无路返回",
    "{street} leads both ways from {place}; say to where, or in which direction": (
        "{street} 从 {place} 起两个方向都有，请写明到哪里或朝哪个方向"
    ),
    "{name} does not meet this street where the night asks for it; {crossing} do": (
        "{name} 与该路当晚要巡的一段不相交，相交的有 {crossing}"
    ),
    "direction {direction} is none; write it as north, or as 由南向北": "没有方向 {direction}，请写成“由南向北”",
    "{street} does not lead {direction} there": "{street} 在那里不朝 {direction}",
    "ends at {end}, not after it begins at {begin}": "结束于 {end}，不晚于开始 {begin}",
    "no break was agreed with this crew; say when it begins and ends": "该车组没有约定休息，请写明起止时间",
    "{what} is for the mode {other}; the crew goes by {mode}": "{what} 属于{rule_other}，而该车组是{rule_mode}",
    "{what} may mean {number} things; give the id of one: {ids}": "{what} 可指 {number} 项，请写其中一项的编号：{ids}",
    "{what} is a place, not a street; it has no cross streets": "{what} 是场所，不是路段，没有相交道路",
    "{what} is on the map, but the night does not ask for it; add it to the night's streets": (
        "地图上有 {what}，但当晚没有要求巡，请加入当晚的路段"
    ),
    "{what} is no street, hotspot or task of the night; did you mean {near}?": (
        "{what} 不是当晚的路段、场所或任务，是否为 {near}？"
    ),
    "{what} is no street, hotspot or task of the night": "{what} 不是当晚的路段、场所或任务",
    "{begin} and {end} meet {street} at the same junction": "{begin} 和 {end} 与 {street} 交于同一路口",
    "names no routes; {form}": "没有路线：请给出 routes 列表，每项含 crew 和 stops",
    "{value} is neither a name nor a table of entries": "{value} 应为名称或由条目组成的表",
    "{title} is empty, and there is no row above it that names one": "{title} 是空的，上面也没有写明的行",
    "is not valid {form}: {error}": "不是有效的 {form}：{error}",
    "{value} is no route; {form}": "{value} 不是路线：请给出 routes 列表，每项含 crew 和 stops",
    "no such entry: {name}; {form}": "没有 {name} 这一项：请给出 routes 列表，每项含 crew 和 stops",
    "no such entry: {name}": "没有 {name} 这一项",
    "{time} is not an aware datetime in whole seconds": "{time} 应为带时差、整秒的时间",
    "time {text}: write it as 20:50 or 2026-05-08 20:50": "时间 {text} 请写成 20:50 或 2026-05-08 20:50",
    "{date} is not a day of the calendar": "历法中没有 {date} 这一天",
    # What-if
    "ends: the list is empty; give [0] for the night as it is": "结束时间的列表是空的；不变请写 [0]",
    "end {wish} is not a whole number of minutes from {last}, when the night ends": (
        "结束时间 {wish} 与原结束时间 {last} 相差的不是整分钟"
    ),
    "end {wish} is neither minutes, a clock time such as '23:15' nor an aware datetime": (
        "结束时间 {wish} 应为分钟数、23:15 这样的钟点或带时差的时间"
    ),
    # PDF
    "pdf: no Chromium, Chrome or Edge found on this computer; open the HTML page in any browser and print it, or save "
    "it as PDF there": "pdf：本机没有 Chromium、Chrome 或 Edge；请用任意浏览器打开 HTML 页面，打印或另存为 PDF",
    "pdf: {browser} printed nothing: {why}": "pdf：{browser} 没有输出：{why}",
    "pdf: {browser} did not end within {seconds} s": "pdf：{browser} 在 {seconds} 秒内没有结束",
    "pdf: {browser} cannot be started: {why}": "pdf：{browser} 无法启动：{why}",
}
"""Taken after those of `patrolroute.base.chinese`."""

PARTS_OF_ANSWERS: Mapping[str, str] = {
    "an Excel workbook or a zip archive": " Excel 工作簿或压缩包",
    "an old Excel workbook": "旧版 Excel 工作簿",
    "a PDF": " PDF 文件",
    "a compressed file": "压缩文件",
    "a picture": "图片",
    "a folder of that name is in the way": "已有同名的文件夹",
    "No such file or directory": "没有这个文件或文件夹",
    "Permission denied": "没有权限",
    "Operation not permitted": "系统不允许",
    "File exists": "已有同名的文件",
    "Is a directory": "是文件夹，不是文件",
    "Not a directory": "不是文件夹",
    "No space left on device": "磁盘已满",
    "Disk quota exceeded": "磁盘配额已用完",
    "Read-only file system": "磁盘只读",
    "File name too long": "文件名太长",
    "Too many open files": "打开的文件太多",
    "Input/output error": "磁盘读写出错",
    "Address already in use": "已被占用",
    "the answer did not come in time": "没有及时答复",
    "connection refused": "拒绝连接",
    "its name cannot be looked up": "查不到该主机名",
    "its certificate is not accepted": "证书不被接受",
    "the answer was cut off": "答复中断",
    "it hung up without an answer": "未答复即断开",
    "it hung up": "连接断开",
    "it answered {status}, moved to {address}": "答复 {status}，已迁至 {address}",
    "it answered {status}": "答复 {status}",
    "the answer is not JSON, or was cut off": "答复不是 JSON 或不完整",
    "the answer is not a map": "答复不是地图",
    "the answer is a damaged map": "答复的地图已损坏",
    "the answer is not a list of places": "答复不是地名列表",
    "the answer is incomplete: nodes of streets are missing": "答复不完整：缺少道路的节点",
    "the answer is incomplete: {remark}": "答复不完整：{remark}",
    "it knows no street in that area": "该范围内没有道路",
}
"""Why a download failed."""
