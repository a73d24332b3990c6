from itertools import product

import numpy as np
import pytest

from cookie_jar.agents import AgentError
from cookie_jar.agents.ranking import (
    ORDERS,
    auc,
    auc_error,
    belief_ranking,
    likely_order,
    order_beliefs,
    place_beliefs,
    score_ranking,
)
from cookie_jar.envs.dynamics import ARRANGEMENTS

LIKED = 1


def test_the_orders_are_the_arrangements_of_the_environment():
    np.testing.assert_array_equal(ORDERS, ARRANGEMENTS)


def test_the_auc_counts_pairs_and_halves_of_ties():
    # 3 > 1, 3 > 2, 2 > 1 and the tie of 2 and 2
    assert auc([3.0, 2.0], [1.0, 2.0]) == pytest.approx(3.5 / 4)
    assert auc([0.0], [1.0]) == 0
    assert auc([1.0], [-np.inf]) == 1


def test_the_error_of_the_auc_is_its_spread_over_test_sets():
    rng = np.random.default_rng(0)
    sets = [(rng.normal(1, 1, 60), rng.normal(0, 1, 40)) for _ in range(400)]
    spread = np.std([auc(*one) for one in sets])
    # The relative standard error of a spread over 400 sets is 1 / sqrt(800) = 3.5 %; 15 % are four of them.
    assert np.mean([auc_error(*one) for one in sets]) == pytest.approx(spread, rel=0.15)


def test_the_wrong_picks_of_a_score_are_counted_by_hand():
    scores = np.array([0.9, 0.5, 0.1, 0.7])
    labels = np.array([1, 1, 0, 2])
    # Liked 0.9: nothing above. Liked 0.5: below the plain 0.7. Mean over the two: 0.5.
    assert score_ranking(scores, labels, LIKED).wrong_picks == pytest.approx(0.5)
    assert score_ranking(np.zeros(4), labels, LIKED).wrong_picks == pytest.approx(1)  # blind


def classified(number: int, seed: int, signal: float = 1.0):
    """Log-probabilities of a mediocre classifier [n, 3], and labels [n]."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(3, size=number)
    logits = rng.normal(0, 1, (number, 3)) + signal * np.eye(3)[labels]
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)), labels


@pytest.mark.parametrize("liked", range(3))
def test_the_wrong_picks_of_beliefs_are_those_of_all_triples(liked):
    logs, labels = classified(24, 1)
    others = [kind for kind in range(3) if kind != liked]
    wrong = []
    for triple in product(*(logs[labels == kind] for kind in (liked, *others))):
        beliefs = place_beliefs(np.stack(triple), liked)
        wrong.append((beliefs[1:] > beliefs[0]).sum())
    assert belief_ranking(logs, labels, liked).wrong_picks == pytest.approx(np.mean(wrong), abs=1e-12)


def test_equal_pictures_count_half():
    logs, labels = np.log(np.tile([0.2, 0.5, 0.3], (6, 1))), np.array([0, 1, 2] * 2)
    assert belief_ranking(logs, labels, LIKED).wrong_picks == pytest.approx(1)


def test_probabilities_of_0_do_not_matter():
    with np.errstate(divide="ignore"):
        logs = np.log(np.eye(3))
    perfect = belief_ranking(logs, np.arange(3), LIKED)
    assert perfect.wrong_picks == 0
    np.testing.assert_array_equal(place_beliefs(logs, LIKED), [0, 1, 0])
    contradictory = np.tile(logs[1], (3, 1))  # all three look like the liked kind
    np.testing.assert_allclose(place_beliefs(contradictory, LIKED), 1 / 3)


def test_the_formula_agrees_with_play():
    logs, labels = classified(600, 2)
    ranking = belief_ranking(logs, labels, LIKED)
    rng, number = np.random.default_rng(3), 100_000
    orders = ORDERS[rng.integers(6, size=number)]
    rows = np.stack([rng.choice(np.flatnonzero(labels == kind), number) for kind in range(3)], axis=1)
    pictures = logs[np.take_along_axis(rows, orders, axis=1)]
    eaten, wrong = np.zeros((number, 3), bool), np.zeros(number)
    left = np.arange(number)
    for _ in range(3):
        place = place_beliefs(pictures[left], LIKED, eaten[left]).argmax(axis=1)
        eaten[left, place] = True
        left = left[orders[left, place] != LIKED]
        wrong[left] += 1
    assert not len(left)
    error = wrong.std() / np.sqrt(number)
    assert abs(wrong.mean() - ranking.wrong_picks) < 4 * error  # error probability 6e-5
    assert ranking.wrong_picks < score_ranking(logs[:, LIKED], labels, LIKED).wrong_picks


def test_the_error_of_the_wrong_picks_is_their_spread_over_test_sets():
    rankings = [belief_ranking(*classified(150, seed, 2.0), LIKED) for seed in range(300)]
    spread = np.std([ranking.wrong_picks for ranking in rankings])
    # The relative standard error of the spread is 4 %, of the mean error less; 17 % are four of them.
    assert np.mean([ranking.error for ranking in rankings]) == pytest.approx(spread, rel=0.17)


def test_beliefs_are_products_of_probabilities_given_what_was_eaten():
    probabilities = np.array([[0.1, 0.6, 0.3], [0.2, 0.5, 0.3], [0.5, 0.1, 0.4]])
    products = np.array([np.prod(probabilities[range(3), order]) for order in ORDERS])
    logs = np.log(probabilities)
    np.testing.assert_allclose(order_beliefs(logs, LIKED), products / products.sum())
    eaten = np.array([True, False, False])
    products[ORDERS[:, 0] == LIKED] = 0
    beliefs = order_beliefs(logs, LIKED, eaten)
    np.testing.assert_allclose(beliefs, products / products.sum())
    places = place_beliefs(logs, LIKED, eaten)
    assert places[0] == 0
    assert places.sum() == pytest.approx(1)
    order = ORDERS[likely_order(logs, LIKED, eaten)]
    assert order[places.argmax()] == LIKED


def test_the_order_to_act_on_has_the_liked_kind_at_the_most_probable_place():
    logs = classified(9_000, 4)[0].reshape(-1, 3, 3)
    places = ORDERS[likely_order(logs, LIKED)].argmax(axis=1)
    orders = ORDERS[likely_order(logs, LIKED)]
    best = place_beliefs(logs, LIKED).argmax(axis=1)
    assert (orders[np.arange(len(orders)), best] == LIKED).all()
    most_probable = ORDERS[order_beliefs(logs, LIKED).argmax(axis=1)]
    differ = most_probable[np.arange(len(orders)), best] != LIKED
    assert differ.any()  # so the most probable order would pick elsewhere
    assert len(places) == 3_000


def test_all_places_eaten_leaves_no_belief():
    assert place_beliefs(np.zeros((3, 3)), LIKED, np.ones(3, bool)).sum() == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda: auc([], [1.0]),
        lambda: auc([np.nan], [1.0]),
        lambda: score_ranking(np.zeros(2), np.array([0, 1]), LIKED),
        lambda: score_ranking(np.zeros(3), np.array([0, 1]), LIKED),
        lambda: belief_ranking(np.zeros((3, 2)), np.arange(3), LIKED),
        lambda: belief_ranking(np.full((3, 3), np.nan), np.arange(3), LIKED),
    ],
)
def test_impossible_inputs_are_refused(call):
    with pytest.raises(AgentError, match="expected"):
        call()
