"""The compiled functions of Dyna-Q: a learned model, a priority queue, planning, and the loop over steps.

Numba renews the cache on disk when this file changes: after a change of a function that is imported from
`td_loops`, change this file too.
"""

import numpy as np
from numpy.typing import NDArray

from .compiled import compiled
from .packed import PackedModel
from .plan import ACTION, COUNT, ENDED, NEXT, NONE, QUEUED, ROWS, STATE, Plan
from .td_loops import NO_ACTION, choose_action, linear_schedule, pick, q_target, unpacked


@compiled
def record(
    plan: Plan, actions: int, obs: int, action: int, reward: float, next_obs: int, terminated: bool
) -> None:
    """Count a transition; the outcomes must have room for another row."""
    row = plan.of_pair[obs * actions + action]
    while row != NONE:
        if plan.outcomes[row, NEXT] == next_obs and plan.outcomes[row, ENDED] == terminated:
            break
        row = plan.same_pair[row]
    if row == NONE:
        row = plan.sizes[ROWS]
        plan.sizes[ROWS] += 1
        plan.outcomes[row] = np.array((obs, action, next_obs, int(terminated), 0))
        plan.rewards[row] = 0.0
        pair = obs * actions + action
        plan.same_pair[row], plan.of_pair[pair] = plan.of_pair[pair], row
        if not terminated:
            plan.same_next[row], plan.into[next_obs] = plan.into[next_obs], row
    plan.outcomes[row, COUNT] += 1
    plan.rewards[row] += (reward - plan.rewards[row]) / plan.outcomes[row, COUNT]


@compiled
def expected_target(q_table: NDArray[np.float64], plan: Plan, pair: int, gamma: float) -> float:
    """Return the expected target of Q-learning over the outcomes of a pair, weighted by their counts."""
    target, total = 0.0, 0
    row = plan.of_pair[pair]
    while row != NONE:
        ended, count = plan.outcomes[row, ENDED] == 1, plan.outcomes[row, COUNT]
        total += count
        outcome = q_target(q_table, plan.rewards[row], plan.outcomes[row, NEXT], ended, gamma)
        target += (outcome - target) * (count / total)
        row = plan.same_pair[row]
    return target


@compiled
def swap(plan: Plan, one: int, other: int) -> None:
    """Exchange two places of the queue."""
    queue, priority = plan.queue, plan.priority
    queue[one], queue[other] = queue[other], queue[one]
    priority[one], priority[other] = priority[other], priority[one]
    plan.place[queue[one]], plan.place[queue[other]] = one, other


@compiled
def push(plan: Plan, pair: int, priority: float) -> None:
    """Add a pair to the queue, or raise its priority."""
    place = plan.place[pair]
    if place == NONE:
        place = plan.sizes[QUEUED]
        plan.sizes[QUEUED] += 1
        plan.queue[place], plan.place[pair], plan.priority[place] = pair, place, priority
    plan.priority[place] = max(priority, plan.priority[place])
    while place > 0 and plan.priority[place] > plan.priority[(place - 1) // 2]:
        swap(plan, place, (place - 1) // 2)
        place = (place - 1) // 2


@compiled
def pop(plan: Plan) -> int:
    """Remove the pair of the highest priority from the queue, and return it."""
    last = plan.sizes[QUEUED] - 1
    swap(plan, 0, last)
    pair = plan.queue[last]
    plan.place[pair], plan.sizes[QUEUED] = NONE, last
    place = 0
    while True:
        largest = place
        for child in range(2 * place + 1, min(2 * place + 3, last)):
            if plan.priority[child] > plan.priority[largest]:
                largest = child
        if largest == place:
            return pair
        swap(plan, place, largest)
        place = largest


@compiled
def prioritise(
    q_table: NDArray[np.float64], plan: Plan, pair: int, gamma: float, min_priority: float
) -> None:
    """Add a pair to the queue if planning would move its value by more than `min_priority`."""
    state, action = divmod(pair, q_table.shape[1])
    change = abs(expected_target(q_table, plan, pair, gamma) - q_table[state, action])
    if change > min_priority:
        push(plan, pair, change)


@compiled
def move(
    q_table: NDArray[np.float64],
    plan: Plan,
    state: int,
    action: int,
    value: float,
    gamma: float,
    min_priority: float,
) -> None:
    """Change a value, and queue the pairs that lead to its state, if the best value there has changed."""
    before = q_table[state].max()
    q_table[state, action] = value
    if q_table[state].max() == before:
        return
    row = plan.into[state]
    while row != NONE:
        pair = plan.outcomes[row, STATE] * q_table.shape[1] + plan.outcomes[row, ACTION]
        prioritise(q_table, plan, pair, gamma, min_priority)
        row = plan.same_next[row]


@compiled
def sweep(q_table: NDArray[np.float64], plan: Plan, gamma: float, min_priority: float) -> int:
    """Set the value of the most urgent pair to its expected target; return the pair, or `NONE`."""
    if plan.sizes[QUEUED] == 0:
        return NONE
    pair = pop(plan)
    state, action = divmod(pair, q_table.shape[1])
    target = expected_target(q_table, plan, pair, gamma)
    move(q_table, plan, state, action, target, gamma, min_priority)
    return pair


@compiled
def learn_directly(
    q_table: NDArray[np.float64],
    plan: Plan,
    obs: int,
    action: int,
    reward: float,
    next_obs: int,
    terminated: bool,
    learning_rate: float,
    gamma: float,
    min_priority: float,
) -> None:
    """Update a value as Q-learning does, count the transition, and queue the pairs that are concerned."""
    actions = q_table.shape[1]
    record(plan, actions, obs, action, reward, next_obs, terminated)
    target = q_target(q_table, reward, next_obs, terminated, gamma)
    value = q_table[obs, action] + learning_rate * (target - q_table[obs, action])
    move(q_table, plan, obs, action, value, gamma, min_priority)
    prioritise(q_table, plan, obs * actions + action, gamma, min_priority)


@compiled
def learn_and_plan(
    q_table: NDArray[np.float64],
    plan: Plan,
    obs: int,
    action: int,
    reward: float,
    next_obs: int,
    terminated: bool,
    learning_rate: float,
    gamma: float,
    planning_steps: int,
    min_priority: float,
) -> None:
    """Learn from a step, then from the model (Sutton and Barto 2018, sections 8.2 and 8.4)."""
    learn_directly(
        q_table, plan, obs, action, reward, next_obs, terminated, learning_rate, gamma, min_priority
    )
    for _ in range(planning_steps):
        if sweep(q_table, plan, gamma, min_priority) == NONE:
            break


@compiled
def plan_on_model(
    q_table: NDArray[np.float64],
    visits: NDArray[np.int64] | None,
    plan: Plan,
    model: PackedModel,
    rng: np.random.Generator,
    first_step: int,
    schedule: tuple[float, float, float],
    bonus: float,
    learning_rate: float,
    gamma: float,
    planning_steps: int,
    min_priority: float,
    episode: tuple[int, int, float, int],
    returns: NDArray[np.float64],
    lengths: NDArray[np.int64],
) -> tuple[tuple[int, int, float, int], int]:
    """Learn from n steps on the tables of a model, and plan after each; see `td_loops.learn_on_model`."""
    obs, chosen, total, length = episode
    steps, initial, final = schedule
    actions, outcomes = q_table.shape[1], model.outcomes.shape[1]
    ended = 0
    for step in range(first_step, first_step + len(returns)):
        epsilon = linear_schedule(step, steps, initial, final)
        draw = rng.random()
        if model.random:
            rng.random()  # as every agent with a table, for the next action of SARSA
        outcome_draw = rng.random() if model.random else 0.0
        start_draw = rng.random() if model.random else 0.0
        action, chosen = chosen, NO_ACTION
        if action == NO_ACTION:
            action = choose_action(q_table, visits, obs, epsilon, bonus, draw)
        if visits is not None:
            visits[obs, action] += 1
        row = obs * actions + action
        k = pick(model.outcome_ends[row], outcome_draw) if outcomes > 1 else 0
        next_obs, rewards, over = unpacked(np.int64(model.outcomes[row, k]), model.bits)
        learn_and_plan(
            q_table, plan, obs, action, model.rewards[rewards, 0], next_obs, over, learning_rate, gamma,
            planning_steps, min_priority,
        )  # fmt: skip
        total += model.rewards[rewards, 1]
        length += 1
        obs = next_obs
        if over or length == model.time_limit:
            returns[ended], lengths[ended] = total, length
            ended += 1
            obs = int(np.searchsorted(model.start_ends, start_draw, side="right"))
            total, length = 0.0, 0
    return (obs, chosen, total, length), ended
