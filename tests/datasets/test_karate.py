import numpy as np

from dlcourse import datasets


def test_the_club_is_that_of_zachary():
    club = datasets.karate_club()
    degrees = club.adjacency.sum(axis=1)
    assert degrees.sum() == 2 * 78
    np.testing.assert_array_equal(club.adjacency, club.adjacency.T)
    assert not club.adjacency.diagonal().any()
    assert degrees[[0, 33, 32, 2, 1]].tolist() == [16, 17, 12, 10, 9]
    assert degrees.min() == 1
    assert (club.side[0], club.side[33]) == (0, 1)
    assert np.bincount(club.side).tolist() == [17, 17]


def test_what_a_learner_writes_into_the_club_stays_in_that_copy():
    first = datasets.karate_club()
    first.adjacency[0, 33] = first.side[0] = 1
    again = datasets.karate_club()
    assert again.adjacency[0, 33] == 0
    assert again.side[0] == 0
