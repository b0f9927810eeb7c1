"""A karate club that fell in two: who met whom, and who went where."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# For each member the later ones that he met outside the club; counted from 0.
_TIES = {
    0: (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31),
    1: (2, 3, 7, 13, 17, 19, 21, 30),
    2: (3, 7, 8, 9, 13, 27, 28, 32),
    3: (7, 12, 13),
    4: (6, 10),
    5: (6, 10, 16),
    6: (16,),
    8: (30, 32, 33),
    9: (33,),
    13: (33,),
    14: (32, 33),
    15: (32, 33),
    18: (32, 33),
    19: (33,),
    20: (32, 33),
    22: (32, 33),
    23: (25, 27, 29, 32, 33),
    24: (25, 27, 31),
    25: (31,),
    26: (29, 33),
    27: (33,),
    28: (31, 33),
    29: (32, 33),
    30: (32, 33),
    31: (32, 33),
    32: (33,),
}
_WITH_THE_INSTRUCTOR = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 16, 17, 19, 21)


class Club(NamedTuple):
    """A graph of members and the side that each took."""

    adjacency: NDArray[np.int64]  # (34, 34), symmetric: 1 where two met outside the club
    side: NDArray[np.int64]  # (34,): 0 went with the instructor, 1 stayed with the administrator


def karate_club() -> Club:
    """Return the 34 members of a karate club, their 78 ties, and the side they took [1]_.

    Zachary watched the club of a university from 1970 to 1972, until a quarrel split it. The
    members are counted from 0 here: 0 is the instructor, called Mr. Hi, and 33 the administrator,
    called John A. Zachary counts from 1.

    Returns
    -------
    club : Club

    References
    ----------
    .. [1] W. W. Zachary, "An information flow model for conflict and fission in small groups",
       Journal of Anthropological Research 33, 1977, 452-473.

    Examples
    --------
    >>> club = karate_club()
    >>> int(club.adjacency.sum()) // 2, np.bincount(club.side).tolist()
    (78, [17, 17])
    """
    adjacency = np.zeros((34, 34), dtype=np.int64)
    for member, others in _TIES.items():
        adjacency[member, list(others)] = adjacency[list(others), member] = 1
    side = np.ones(34, dtype=np.int64)
    side[list(_WITH_THE_INSTRUCTOR)] = 0
    return Club(adjacency, side)
