"""One crew's way through a few minutes, found anew: labels over the states of the road and the seconds of the night.

Between two things that stay (a visit, the depot) a crew may drive where it likes. A *label* is a way that it may have
taken so far: the state it has led to, the second, and how much less the streets miss by it. Labels go forward along
arcs; of those that reach one state within `BUCKET_S` seconds the one that gains most is kept. A way dies when it can no
longer be in time where the window ends. Driving through a street, patrolling one that must be patrolled and standing at
a hotspot are moves like any other.
"""

from __future__ import annotations

import numpy as np

from patrolroute.base.jit import NONE, ONE, ZERO, fixed, kernel
from patrolroute.base.vocabulary import IntArray
from patrolroute.search.arrays import ProblemArrays
from patrolroute.search.presence.labels import BUCKET_S, WORST, Labels
from patrolroute.search.presence.roads import Roads
from patrolroute.search.presence.tally import WEIGHT, Streets, Tally, gain_of

USUAL = fixed(WEIGHT)
"""What a second weighs that lies in no key hour."""

NOT_A_PASS = fixed(-9)

FAR_S = fixed(2**30)


@kernel
def find_way(data: ProblemArrays, roads: Roads, streets: Streets, tally: Tally, labels: Labels) -> bool:
    """Find the way through a window by which most is seen; False if there is none."""
    window = labels.window
    kind, rows = window.kind, data.matrix.shape[1]
    base = roads.base[kind]
    states = roads.base[kind + 1] - base
    _measure_home(roads, labels, base, states, kind * rows + window.target)
    window.count, window.best, window.best_at = 0, -1, -1
    source = kind * rows + window.source
    for place in range(roads.seed_first[source], roads.seed_first[source + 1]):
        seed = roads.seed[place]
        _begin(labels, seed.state, window.from_s + seed.at)
    buckets = (window.horizon_s - window.from_s) // BUCKET_S + 1
    for bucket in range(buckets):
        while labels.head[bucket] >= 0:
            one = labels.head[bucket]
            labels.head[bucket] = labels.label[one].after
            if labels.best[bucket, labels.label[one].state] == one:
                _go_on(data, roads, streets, tally, labels, one)
    labels.top[:states] = WORST
    for number in range(window.count):
        one = labels.label[number]
        labels.best[(one.at - window.from_s) // BUCKET_S, one.state] = -1
    return bool(window.best >= 0)


@kernel
def _measure_home(roads: Roads, labels: Labels, base: int, states: int, target: int) -> None:
    """Work out the seconds from each state to the window's end, as far as its length (Dial 1969)."""
    limit = labels.window.until_s - labels.window.from_s
    bucket, link, home = labels.bucket, labels.link, labels.home_s
    home[:states] = FAR_S
    for place in range(roads.end_first[target], roads.end_first[target + 1]):
        end = roads.end[place]
        if end.turn_s <= limit and end.turn_s < home[end.state]:
            home[end.state] = end.turn_s
    for place in range(roads.end_first[target], roads.end_first[target + 1]):
        end = roads.end[place]
        if end.turn_s == home[end.state]:
            link[end.state] = bucket[end.turn_s]
            bucket[end.turn_s] = end.state
            home[end.state] = end.turn_s
    for now in range(limit + 1):
        while bucket[now] >= 0:
            state = bucket[now]
            bucket[now] = link[state]
            for move in range(roads.back.first[base + state], roads.back.first[base + state + 1]):
                other, there = roads.back.target[move], now + roads.back.seconds[move]
                if there <= limit and there < home[other]:
                    if home[other] <= limit:
                        _unlink(bucket, link, home[other], other)
                    home[other] = there
                    link[other] = bucket[there]
                    bucket[there] = other


@kernel
def _unlink(bucket: IntArray, link: IntArray, at: int, state: int) -> None:
    """Take a state out of its bucket."""
    one = bucket[at]
    if one == state:
        bucket[at] = link[state]
        return
    while link[one] != state:
        one = link[one]
    link[one] = link[state]


@kernel
def _begin(labels: Labels, state: int, at: int) -> None:
    """Set out in a state."""
    _add(labels, state, at, ZERO, NONE, NONE, NONE, ZERO, ZERO, ZERO, np.uint64(0))


@kernel
def _add(
    labels: Labels,
    state: int,
    at: int,
    value: int,
    before: int,
    move: int,
    task: int,
    way: int,
    slot: int,
    begin: int,
    mask: np.uint64,
) -> None:
    """Keep a label if it is in time and the best of its bucket and state."""
    window = labels.window
    home = labels.home_s[state]
    if home >= FAR_S or at > window.horizon_s or at + home > window.until_s or window.count >= len(labels.label):
        return
    bucket = (at - window.from_s) // BUCKET_S
    known = labels.best[bucket, state]
    if known >= 0:
        other = labels.label[known]
        if other.value > value or (other.value == value and other.at <= at):
            return
    number = window.count
    window.count += 1
    one = labels.label[number]
    one.value, one.mask, one.state, one.at, one.before, one.move = value, mask, state, at, before, move
    one.task, one.way, one.slot, one.begin = task, way, slot, begin
    one.after = labels.head[bucket]
    labels.head[bucket] = number
    labels.best[bucket, state] = number


@kernel
def _close(roads: Roads, data: ProblemArrays, labels: Labels, number: int) -> None:
    """Let a label be the end of the best way, if it is where the window ends and gains more."""
    window, one = labels.window, labels.label[number]
    target = window.kind * data.matrix.shape[1] + window.target
    for place in range(roads.end_first[target], roads.end_first[target + 1]):
        end = roads.end[place]
        if end.state == one.state:
            at = one.at + end.turn_s
            if window.early_s <= at <= window.until_s:
                best = labels.label[window.best].value if window.best >= 0 else NONE
                if window.best < 0 or one.value > best or (one.value == best and at > window.best_at):
                    window.best, window.best_at = number, at


@kernel
def _go_on(data: ProblemArrays, roads: Roads, streets: Streets, tally: Tally, labels: Labels, number: int) -> None:
    """Follow every move out of a label's state, and stand where there is something to stand for."""
    window, one = labels.window, labels.label[number]
    if window.is_open:
        if window.best < 0 or one.value > labels.label[window.best].value:
            window.best, window.best_at = number, one.at
    elif labels.home_s[one.state] < BUCKET_S * 16:
        _close(roads, data, labels, number)
    if one.value <= labels.top[one.state]:
        return
    labels.top[one.state] = one.value
    state = roads.base[window.kind] + one.state
    for move in range(roads.onward.first[state], roads.onward.first[state + 1]):
        at = one.at + roads.onward.seconds[move]
        target = roads.onward.target[move]
        if at > window.horizon_s or at + labels.home_s[target] > window.until_s:
            continue
        _drive(data, roads, streets, tally, labels, number, move, target, at)
        arc = roads.arc[move]
        for place in range(roads.open_first[arc], roads.open_first[arc + 1]):
            _patrol(data, roads, streets, tally, labels, number, move, roads.open[place])
    for place in range(roads.stop_first[state], roads.stop_first[state + 1]):
        _stand(data, streets, labels, tally, number, roads.stop[place].task, roads.stop[place].number)


@kernel
def _drive(
    data: ProblemArrays,
    roads: Roads,
    streets: Streets,
    tally: Tally,
    labels: Labels,
    number: int,
    move: int,
    target: int,
    at: int,
) -> None:
    """Drive an arc; where a street ends with it, that is a pass."""
    one, arc = labels.label[number], roads.arc[move]
    value, mask, task, way, begin = one.value, one.mask, NONE, ZERO, ZERO
    for place in range(roads.done_first[arc], roads.done_first[arc + 1]):
        chain = roads.done[place]
        first, came = roads.chain_first[chain], number
        begin = at - roads.arc_s[arc]
        entered = target
        whole = True
        for link in range(roads.chain_first[chain + 1] - 2, first - 1, -1):
            if came < 0 or labels.label[came].move < 0 or roads.arc[labels.label[came].move] != roads.chain[link]:
                whole = False
                break
            begin = labels.label[came].at - roads.arc_s[roads.chain[link]]
            entered = labels.label[came].state
            came = labels.label[came].before
        owner = roads.way[roads.way_first[chain]].task
        if not whole or begin < labels.window.from_s or not data.allowed[labels.window.route, owner]:
            continue
        way = _way(roads, chain, entered, target)
        task = owner
        own = _own_pass(labels, number, mask, owner)
        value += gain_of(streets, tally, owner, begin, own) - streets.away[labels.window.route, owner]
        mask |= np.uint64(1) << np.uint64(owner & 63)
        break
    _add(labels, target, at, value, number, move, task, way, NOT_A_PASS if task < 0 else NONE - 1, begin, mask)


@kernel
def _way(roads: Roads, chain: int, entered: int, left: int) -> int:
    """Return the number of the way in which a chain was driven."""
    first, last = roads.way_first[chain], roads.way_first[chain + 1]
    for place in range(first, last):
        one = roads.way[place]
        if one.leave == left and (one.entry < 0 or one.entry == entered):
            return int(one.number)
    return int(roads.way[first].number)


@kernel
def _own_pass(labels: Labels, number: int, mask: np.uint64, task: int) -> int:
    """Return when a way has passed a street last, -1 if it has not; the mask says of most streets that it has not."""
    if not (mask >> np.uint64(task & 63)) & np.uint64(1):
        return -1
    while number >= 0:
        one = labels.label[number]
        if one.task == task:
            return int(one.begin)
        number = one.before
    return -1


@kernel
def _patrol(
    data: ProblemArrays,
    roads: Roads,
    streets: Streets,
    tally: Tally,
    labels: Labels,
    number: int,
    move: int,
    chain: int,
) -> None:
    """Patrol a street that must be patrolled and is not yet."""
    one, arc = labels.label[number], roads.arc[move]
    task = roads.way[roads.way_first[chain]].task
    if not data.task[task].required or tally.served[task] or not data.allowed[labels.window.route, task]:
        return
    begin = one.at + roads.onward.seconds[move] - roads.arc_s[arc]
    entered = roads.onward.target[move]
    for place in range(roads.way_first[chain], roads.way_first[chain + 1]):
        way = roads.way[place]
        if way.entry >= 0 and way.entry != entered:
            continue
        if _is_served(labels, number, task):
            return
        own = _own_pass(labels, number, one.mask, task)
        value = one.value + tally.must[task] + gain_of(streets, tally, task, begin, own)
        value -= streets.away[labels.window.route, task]
        mask = one.mask | (np.uint64(1) << np.uint64(task & 63))
        _add(labels, way.leave, begin + way.service_s, value, number, NONE, task, way.number, NONE, begin, mask)
        return


@kernel
def _is_served(labels: Labels, number: int, task: int) -> bool:
    """Whether a way has patrolled a street."""
    if not (labels.label[number].mask >> np.uint64(task & 63)) & np.uint64(1):
        return False
    while number >= 0:
        one = labels.label[number]
        if one.task == task and one.slot >= -1:
            return True
        number = one.before
    return False


@kernel
def _stand(
    data: ProblemArrays, streets: Streets, labels: Labels, tally: Tally, number: int, task: int, way: int
) -> None:
    """Stand at a hotspot in a slot in which nobody else does, in its key hours if they are as good otherwise."""
    one = labels.label[number]
    if not data.allowed[labels.window.route, task]:
        return
    for slot in range(data.task[task].first_slot, data.task[task].end_slot):
        if tally.made[slot]:
            continue
        for span in range(data.slot[slot].first_span, data.slot[slot].end_span):
            if data.span[span].first <= one.at <= data.span[span].last and not _stood(labels, number, slot):
                service_s = data.direction[labels.window.kind, task, way].service_s
                must = tally.must[task] if data.task[task].required and not tally.served[task] else ZERO
                value = one.value + must + streets.point * (data.slot[slot].worth + ONE)
                value += streets.stay[task] * _key_s(streets, task, one.at, one.at + service_s)
                _add(labels, one.state, one.at + service_s, value, number, NONE, task, way, slot, one.at, one.mask)


@kernel
def _key_s(streets: Streets, task: int, begin: int, end: int) -> int:
    """Return what the seconds of a stay weigh more than those of other hours."""
    weighed = streets.weighed_s[streets.hours[task]]
    end = min(end, streets.window_s)
    return int(weighed[end] - weighed[begin] - USUAL * (end - begin))


@kernel
def _stood(labels: Labels, number: int, slot: int) -> bool:
    """Whether a way has stood in a slot."""
    while number >= 0:
        if labels.label[number].slot == slot and labels.label[number].task >= 0:
            return True
        number = labels.label[number].before
    return False


@kernel
def trace(labels: Labels) -> int:
    """List what is passed and served along the best way, first first; return how much."""
    length, number = 0, labels.window.best
    while number >= 0:
        if labels.label[number].task >= 0 and length < len(labels.found):
            labels.found[length] = number
            length += 1
        number = labels.label[number].before
    for place in range(length // 2):
        other = length - 1 - place
        labels.found[place], labels.found[other] = labels.found[other], labels.found[place]
    labels.window.length = length
    return length
