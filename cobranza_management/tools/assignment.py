"""Hand cases out to collectors by their load and capacity."""

import heapq
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
