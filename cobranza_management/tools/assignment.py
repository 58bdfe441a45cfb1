"""Hand cases out to collectors by their load and capacity."""

import heapq
import math
from collections import deque
from typing import NamedTuple


class Member(NamedTuple):
    """A collector: open cases in hand and how many they can carry (0: no limit)."""

    id: int
    load: int
    capacity: int = 0


def distribute(cases, members):
    """Give each case to the member with the least load for their capacity.

    Members at capacity get nothing; cases left over are not in the answer.

    :param list[int] cases: in the order in which they are handed out
    :param list[Member] members:
    :return: {case: member id}

    >>> distribute([1, 2, 3], [Member(10, 0, 2), Member(20, 0, 4)])
    {1: 10, 2: 20, 3: 20}
    >>> distribute([1, 2], [Member(10, 1, 1)])
    {}
    """
    # A member without a limit counts as one with the largest.
    largest = max((member.capacity for member in members), default=0) or 1
    heap = [
        (member.load / (member.capacity or largest), order, member.load, member)
        for order, member in enumerate(members)
        if not member.capacity or member.load < member.capacity
    ]
    heapq.heapify(heap)
    handed = {}
    for case in cases:
        if not heap:
            break
        _share, order, load, member = heapq.heappop(heap)
        handed[case] = member.id
        load += 1
        if not member.capacity or load < member.capacity:
            heapq.heappush(heap, (load / (member.capacity or largest), order, load, member))
    return handed


def take_turns(cases, members):
    """Deal the cases one by one in a circle; members at capacity sit out.

    Members at capacity get nothing; cases left over are not in the answer.

    :param list[int] cases: in the order in which they are dealt
    :param list[Member] members: in the order of their turns
    :return: {case: member id}

    >>> take_turns([1, 2, 3], [Member(10, 5), Member(20, 0)])
    {1: 10, 2: 20, 3: 10}
    >>> take_turns([1, 2, 3], [Member(10, 5, 6), Member(20, 0)])
    {1: 10, 2: 20, 3: 20}
    """
    turns = deque(
        (member.id, member.capacity - member.load if member.capacity else math.inf)
        for member in members
        if not member.capacity or member.load < member.capacity
    )
    handed = {}
    for case in cases:
        if not turns:
            break
        member_id, room = turns.popleft()
        handed[case] = member_id
        if room > 1:
            turns.append((member_id, room - 1))
    return handed
