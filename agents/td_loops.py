"""The compiled functions of tabular agents: choosing actions, targets, updates, and the loop over steps.

Numba compiles these functions at the first call and caches the result on disk. All are in one file because a
change of another file would not renew the cache. They take the whole table and a row number, because making a
row in a loop costs reference counting. The loops of `planning_loops` and `multi_step_loops` repeat the lines
that draw numbers and step: a function that takes the model and the generator triples the time of a step.
"""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from .compiled import compiled
from .packed import PackedModel
from .td_methods import EXPECTED_SARSA, SARSA

NO_ACTION = -1  # no action chosen in advance


@compiled
def linear_schedule(step: int, steps: float, initial: float, final: float) -> float:
    """Return the value at a step of a linear change from `initial` to `final` over `steps` steps."""
    return final if step >= steps else initial + (final - initial) * (step / steps)


@compiled
def choose(q_table: NDArray[np.float64], obs: int, epsilon: float, random: float) -> int:
    """Return an epsilon-greedy action for a row of the table [S, A]; ties are broken at random.

    A single random number in [0, 1) makes the choice: below epsilon, it selects among all actions, otherwise
    among the best actions.
    """
    actions = q_table.shape[1]
    if random < epsilon:
        return min(int(random / epsilon * actions), actions - 1)
    best, ties = q_table[obs, 0], 0
    for action in range(actions):
        if q_table[obs, action] > best:
            best, ties = q_table[obs, action], 1
        elif q_table[obs, action] == best:
            ties += 1
    skip = 0 if ties == 1 else min(int((random - epsilon) / (1 - epsilon) * ties), ties - 1)
    for action in range(actions):
        if q_table[obs, action] == best:
            if skip == 0:
                return action
            skip -= 1
    return 0


@compiled
def choose_by_bound(
    q_table: NDArray[np.float64],
    visits: NDArray[np.int64],
    obs: int,
    epsilon: float,
    bonus: float,
    random: float,
) -> int:
    """Return an action as `choose`, after adding an exploration bonus to the values of the row.

    The bonus is that of UCB1 (Auer, Cesa-Bianchi and Fischer 2002; Sutton and Barto 2018, equation 2.10):
    bonus sqrt(ln N(s) / N(s, a)), where N counts visits. An action that was never tried comes first.
    """
    actions = q_table.shape[1]
    total = 0
    for action in range(actions):
        total += visits[obs, action]
    bounds = np.full((1, actions), np.inf)
    for action in range(actions):
        if visits[obs, action] > 0:
            width = np.sqrt(np.log(total) / visits[obs, action])
            bounds[0, action] = q_table[obs, action] + bonus * width
    return choose(bounds, 0, epsilon, random)


@compiled
def choose_action(
    q_table: NDArray[np.float64],
    visits: NDArray[np.int64],
    obs: int,
    epsilon: float,
    bonus: float,
    random: float,
) -> int:
    """Return an action: by `choose_by_bound` with a bonus, otherwise by `choose`."""
    if visits is not None and bonus > 0:
        return choose_by_bound(q_table, visits, obs, epsilon, bonus, random)
    return choose(q_table, obs, epsilon, random)


@compiled
def q_target(
    q_table: NDArray[np.float64], reward: float, next_obs: int, terminated: bool, gamma: float
) -> float:
    """Return the target of Q-learning, R + gamma max_a Q(S', a) (Sutton and Barto 2018, equation 6.8).

    The target is R if the episode terminated. After a time-out, the value of the next state still counts.
    """
    if terminated:
        return reward
    best = q_table[next_obs, 0]
    for action in range(1, q_table.shape[1]):
        if q_table[next_obs, action] > best:
            best = q_table[next_obs, action]
    return reward + gamma * best


@compiled
def sarsa_target(
    q_table: NDArray[np.float64],
    reward: float,
    next_obs: int,
    next_action: int,
    terminated: bool,
    gamma: float,
) -> float:
    """Return the target of SARSA, R + gamma Q(S', A') (Sutton and Barto 2018, equation 6.7)."""
    return reward if terminated else reward + gamma * q_table[next_obs, next_action]


@compiled
def expected_sarsa_target(
    q_table: NDArray[np.float64],
    reward: float,
    next_obs: int,
    terminated: bool,
    epsilon: float,
    gamma: float,
) -> float:
    """Return the target of Expected SARSA (Sutton and Barto 2018, equation 6.9).

    R + gamma sum_a pi(a|S') Q(S', a), where pi is epsilon-greedy.
    """
    if terminated:
        return reward
    actions = q_table.shape[1]
    best, total = q_table[next_obs, 0], 0.0
    for action in range(actions):
        total += q_table[next_obs, action]
        if q_table[next_obs, action] > best:
            best = q_table[next_obs, action]
    return reward + gamma * ((1 - epsilon) * best + epsilon * total / actions)


@partial(compiled, inline=True)
def update(
    q_table: NDArray[np.float64],
    method: int,
    obs: int,
    action: int,
    reward: float,
    next_obs: int,
    terminated: bool,
    next_action: int,
    epsilon: float,
    learning_rate: float,
    gamma: float,
) -> None:
    """Move one number of the table [S, A] towards the target of a method."""
    if method == SARSA:
        target = sarsa_target(q_table, reward, next_obs, next_action, terminated, gamma)
    elif method == EXPECTED_SARSA:
        target = expected_sarsa_target(q_table, reward, next_obs, terminated, epsilon, gamma)
    else:
        target = q_target(q_table, reward, next_obs, terminated, gamma)
    q_table[obs, action] += learning_rate * (target - q_table[obs, action])


@compiled
def unpacked(word: int, bits: int) -> tuple[int, int, bool]:
    """Return the next state, the index of the rewards and the termination of a word of `PackedModel`."""
    return word >> bits, (word & ((1 << bits) - 1)) >> 1, word & 1 == 1


@compiled
def pick(upper_ends: NDArray[np.float64], random: float) -> int:
    """Return the index of the interval that contains a random number in [0, 1), given the upper ends."""
    k = 0
    while random >= upper_ends[k]:
        k += 1
    return k


@compiled
def learn_on_model(
    q_table: NDArray[np.float64],
    visits: NDArray[np.int64],
    method: int,
    model: PackedModel,
    rng: np.random.Generator,
    first_step: int,
    schedule: tuple[float, float, float],
    bonus: float,
    learning_rate: float,
    gamma: float,
    episode: tuple[int, int, float, int],
    returns: NDArray[np.float64],
    lengths: NDArray[np.int64],
) -> tuple[tuple[int, int, float, int], int]:
    """Learn from n steps on the tables of a model.

    Each step draws its random numbers in the same order, whether they are used or not: for the action; for
    SARSA, also for the next action; for a random model, in any case four: for the action, the next action,
    the outcome and the first state.

    Args:
        q_table: The action values [S, A], changed in place.
        visits: How often each action was taken [S, A], changed in place; unused without a bonus.
        method: `Q_LEARNING`, `SARSA` or `EXPECTED_SARSA` of `td_methods`.
        model: The tables.
        rng: The random number generator.
        first_step: The step of the schedule at the first of the n steps.
        schedule: Steps, initial and final value of epsilon.
        bonus: The exploration bonus, or 0 for none; see `choose_by_bound`.
        learning_rate: Step size of an update.
        gamma: Discount factor.
        episode: State, action chosen in advance, return and length of the running episode.
        returns: Filled with the returns of the episodes that end [n].
        lengths: Filled with their lengths [n].

    Returns:
        The running episode, and the number of episodes that ended.
    """
    obs, chosen, total, length = episode
    steps, initial, final = schedule
    actions, outcomes = q_table.shape[1], model.outcomes.shape[1]
    ended = 0
    for step in range(first_step, first_step + len(returns)):
        epsilon = linear_schedule(step, steps, initial, final)
        draw = rng.random()
        next_draw = rng.random() if model.random or method == SARSA else 0.0
        outcome_draw = rng.random() if model.random else 0.0
        start_draw = rng.random() if model.random else 0.0
        action = chosen
        if chosen == NO_ACTION:
            action = choose_action(q_table, visits, obs, epsilon, bonus, draw)
        if visits is not None:
            visits[obs, action] += 1
        row = obs * actions + action
        k = pick(model.outcome_ends[row], outcome_draw) if outcomes > 1 else 0
        word = np.int64(model.outcomes[row, k])
        next_obs, rewards, over = unpacked(word, model.bits)
        chosen = NO_ACTION
        if method == SARSA and not over:
            chosen = choose_action(q_table, visits, next_obs, epsilon, bonus, next_draw)
        reward = model.rewards[rewards, 0]
        update(q_table, method, obs, action, reward, next_obs, over, chosen, epsilon, learning_rate, gamma)
        total += model.rewards[rewards, 1]
        length += 1
        obs = next_obs
        if over or length == model.time_limit:
            returns[ended], lengths[ended] = total, length
            ended += 1
            obs = int(np.searchsorted(model.start_ends, start_draw, side="right"))
            chosen, total, length = NO_ACTION, 0.0, 0
    return (obs, chosen, total, length), ended
