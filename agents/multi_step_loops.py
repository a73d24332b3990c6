"""The compiled functions of multi-step methods: eligibility traces, n-step returns, and the loop over steps.

Numba renews the cache on disk when this file changes: after a change of a function that is imported from
`td_loops`, change this file too.
"""

import numpy as np
from numpy.typing import NDArray

from .compiled import compiled
from .packed import PackedModel
from .past import Past
from .td_loops import NO_ACTION, choose_action, linear_schedule, pick, q_target, sarsa_target, unpacked
from .td_methods import SARSA

SMALLEST = 1e-10  # smaller traces count as 0, so that the list of pairs with a trace stays short


@compiled
def clear(past: Past) -> None:
    """Forget the episode."""
    if past.traces.size:
        for place in range(past.sizes[0]):
            past.traces.flat[past.traced[place]] = 0.0
    past.sizes[0] = 0


@compiled
def mark(
    q_table: NDArray[np.float64], past: Past, obs: int, action: int, replacing: bool, cuts: bool
) -> None:
    """Make an action eligible for updates: set its trace to 1, or add 1 if traces accumulate.

    If traces are cut, as in Watkins's Q(lambda), an action that is not greedy first sets all others to 0.
    """
    if cuts and q_table[obs, action] < q_table[obs].max():
        clear(past)
    if past.traces[obs, action] == 0.0:
        past.traced[past.sizes[0]] = obs * q_table.shape[1] + action
        past.sizes[0] += 1
    past.traces[obs, action] = 1.0 if replacing else past.traces[obs, action] + 1.0


@compiled
def move_traced(q_table: NDArray[np.float64], past: Past, change: float, decay: float) -> None:
    """Move the value of each pair by its trace times `change`, and multiply the traces by `decay`."""
    kept = 0
    for place in range(past.sizes[0]):
        pair = past.traced[place]
        state, action = divmod(pair, q_table.shape[1])
        q_table[state, action] += change * past.traces[state, action]
        past.traces[state, action] *= decay
        if past.traces[state, action] < SMALLEST:
            past.traces[state, action] = 0.0
        else:
            past.traced[kept] = pair
            kept += 1
    past.sizes[0] = kept


@compiled
def n_step_target(past: Past, value: float, gamma: float) -> float:
    """Return the target of the first waiting step (Sutton and Barto 2018, equation 7.4).

    The discounted sum of the waiting rewards and of `value`, that of the last action.
    """
    target = value
    for step in range(past.sizes[0] - 1, -1, -1):
        target = past.rewards[step] + gamma * target
    return target


@compiled
def update_waiting(
    q_table: NDArray[np.float64], past: Past, value: float, over: bool, learning_rate: float, gamma: float
) -> None:
    """Update the value of the first waiting step when n steps wait, or of all if the episode is over."""
    while past.sizes[0] == len(past.steps) or (over and past.sizes[0] > 0):
        state, action = past.steps[0]
        target = n_step_target(past, value, gamma)
        q_table[state, action] += learning_rate * (target - q_table[state, action])
        past.sizes[0] -= 1
        for step in range(past.sizes[0]):
            past.steps[step], past.rewards[step] = past.steps[step + 1], past.rewards[step + 1]


@compiled
def learn(
    q_table: NDArray[np.float64],
    past: Past,
    method: int,
    obs: int,
    action: int,
    reward: float,
    next_obs: int,
    terminated: bool,
    over: bool,
    next_action: int,
    learning_rate: float,
    gamma: float,
    trace_decay: float,
    replacing: bool,
) -> None:
    """Learn from a step; `over` says whether the episode ended, also by a time limit."""
    if past.traces.size:
        mark(q_table, past, obs, action, replacing, method != SARSA)
        if method == SARSA:
            target = sarsa_target(q_table, reward, next_obs, next_action, terminated, gamma)
        else:
            target = q_target(q_table, reward, next_obs, terminated, gamma)
        change = learning_rate * (target - q_table[obs, action])
        move_traced(q_table, past, change, gamma * trace_decay)
        if over:
            clear(past)
    else:
        past.steps[past.sizes[0], 0], past.steps[past.sizes[0], 1] = obs, action
        past.rewards[past.sizes[0]] = reward
        past.sizes[0] += 1
        value = 0.0 if terminated else q_table[next_obs, next_action]
        update_waiting(q_table, past, value, over, learning_rate, gamma)


@compiled
def learn_multi_step(
    q_table: NDArray[np.float64],
    visits: NDArray[np.int64] | None,
    past: Past,
    method: int,
    model: PackedModel,
    rng: np.random.Generator,
    first_step: int,
    schedule: tuple[float, float, float],
    bonus: float,
    learning_rate: float,
    gamma: float,
    trace_decay: float,
    replacing: bool,
    episode: tuple[int, int, float, int],
    returns: NDArray[np.float64],
    lengths: NDArray[np.int64],
) -> tuple[tuple[int, int, float, int], int]:
    """Learn from n steps on the tables of a model; see `td_loops.learn_on_model`."""
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
        action, chosen = chosen, NO_ACTION
        if action == NO_ACTION:
            action = choose_action(q_table, visits, obs, epsilon, bonus, draw)
        if visits is not None:
            visits[obs, action] += 1
        row = obs * actions + action
        k = pick(model.outcome_ends[row], outcome_draw) if outcomes > 1 else 0
        next_obs, rewards, terminated = unpacked(np.int64(model.outcomes[row, k]), model.bits)
        if method == SARSA and not terminated:
            chosen = choose_action(q_table, visits, next_obs, epsilon, bonus, next_draw)
        total += model.rewards[rewards, 1]
        length += 1
        over = terminated or length == model.time_limit
        learn(
            q_table, past, method, obs, action, model.rewards[rewards, 0], next_obs, terminated, over, chosen,
            learning_rate, gamma, trace_decay, replacing,
        )  # fmt: skip
        obs = next_obs
        if over:
            returns[ended], lengths[ended] = total, length
            ended += 1
            obs = int(np.searchsorted(model.start_ends, start_draw, side="right"))
            chosen, total, length = NO_ACTION, 0.0, 0
    return (obs, chosen, total, length), ended
