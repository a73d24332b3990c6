"""The compiled functions of tabular agents: choosing actions, targets, updates, and the loop over steps.

Numba compiles these functions at the first call and caches the result on disk. All are in one file because a
change of another file would not renew the cache. They take the whole table and a row number, because making a
row in a loop costs reference counting.
"""

import numpy as np
from numpy.typing import NDArray

from .compiled import compiled
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
    if bonus > 0:
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


@compiled
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
    """Move one number of the table [S, A] towards its target.

    The target is chosen here, because another function call would cost a quarter of the speed.
    """
    if method == SARSA:
        target = sarsa_target(q_table, reward, next_obs, next_action, terminated, gamma)
    elif method == EXPECTED_SARSA:
        target = expected_sarsa_target(q_table, reward, next_obs, terminated, epsilon, gamma)
    else:
        target = q_target(q_table, reward, next_obs, terminated, gamma)
    q_table[obs, action] += learning_rate * (target - q_table[obs, action])


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
    next_state: NDArray[np.int64],
    outcome_ends: NDArray[np.float64],
    reward: NDArray[np.float64],
    terminated: NDArray[np.bool_],
    score: NDArray[np.float64],
    start_ends: NDArray[np.float64],
    time_limit: int,
    draws: NDArray[np.float64],
    step: int,
    schedule: tuple[float, float, float],
    bonus: float,
    learning_rate: float,
    gamma: float,
    episode: tuple[int, int, float, int],
    returns: NDArray[np.float64],
    lengths: NDArray[np.int64],
) -> tuple[tuple[int, int, float, int], int]:
    """Learn from n steps on the tables of a model.

    Args:
        q_table: The action values [S, A], changed in place.
        visits: How often each action was taken [S, A], changed in place; unused without a bonus.
        method: `Q_LEARNING`, `SARSA` or `EXPECTED_SARSA` of `td_methods`.
        next_state: The next states of the model [S, A, K].
        outcome_ends: Cumulative probabilities of the outcomes [S, A, K].
        reward: The rewards of the model [S, A, K].
        terminated: The terminations of the model [S, A, K].
        score: The rewards that episode returns add up [S, A, K].
        start_ends: Cumulative probabilities of the first state [S].
        time_limit: The maximum number of actions in an episode, or less than 1 for no limit.
        draws: Random numbers: [n, 1] for the action; [n, 2] for SARSA, also for the next action; [n, 4] for
            stochastic models, also for the outcome and the first state.
        step: The step of the schedule at the first row of `draws`.
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
    ended = 0
    chance = draws.shape[1] > 2
    for row in range(len(draws)):
        epsilon = linear_schedule(step + row, steps, initial, final)
        action = chosen
        if chosen == NO_ACTION:
            action = choose_action(q_table, visits, obs, epsilon, bonus, draws[row, 0])
        if bonus > 0:
            visits[obs, action] += 1
        k = pick(outcome_ends[obs, action], draws[row, 2]) if chance else 0
        next_obs, over = next_state[obs, action, k], terminated[obs, action, k]
        chosen = NO_ACTION
        if method == SARSA and not over:
            chosen = choose_action(q_table, visits, next_obs, epsilon, bonus, draws[row, 1])
        update(
            q_table, method, obs, action, reward[obs, action, k], next_obs, over, chosen, epsilon,
            learning_rate, gamma,
        )  # fmt: skip
        total += score[obs, action, k]
        length += 1
        obs = next_obs
        if over or length == time_limit:
            returns[ended], lengths[ended] = total, length
            ended += 1
            obs = pick(start_ends, draws[row, 3]) if chance else pick(start_ends, 0.0)
            chosen, total, length = NO_ACTION, 0.0, 0
    return (obs, chosen, total, length), ended
