"""The compiled functions of rollouts on the tables of a model, for policies in a table: steps and advantages.

They do what `rollout`, `batch` and `losses.advantages` do with NumPy, in loops over samples. A rollout has n
samples with u distinct observations; samples with the same observation share a row.

Numba compiles these functions at the first call and caches the result on disk. A change of `softmax_row`,
which is in another file, does not renew the cache.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .compiled import compiled
from .gradient_tables import Floats, Ints
from .table_gradients import softmax_row

Bools = NDArray[np.bool_]


class Dynamics(NamedTuple):
    """The tables of a model to sample from; see `model.SamplingTables`.

    Attributes:
        next_state: int64 [S, A, K].
        outcome_ends: float64 [S, A, K].
        reward: float64 [S, A, K].
        terminated: bool [S, A, K].
        score: float64 [S, A, K].
        start_ends: float64 [S].
        several_starts: Whether more than one first state is possible.
        time_limit: The maximum number of actions in an episode, or 0 for no limit.
    """

    next_state: Ints
    outcome_ends: Floats
    reward: Floats
    terminated: Bools
    score: Floats
    start_ends: Floats
    several_starts: bool
    time_limit: int


class Running(NamedTuple):
    """The running episode of each environment.

    Attributes:
        obs: The current states, int64 [E].
        total: The returns so far, float64 [E].
        length: The actions so far, int64 [E].
        active: Whether the steps count, bool [E].
    """

    obs: Ints
    total: Floats
    length: Ints
    active: Bools


class Rows(NamedTuple):
    """The distinct observations of a rollout, in the order of their first visits.

    Attributes:
        number: The row of each state, or -1, int64 [S].
        obs: The state of each row, int64 [u].
        log_probs: The log-probability of each action, float64 [u, A].
        probs: The probability of each action, float64 [u, A].
    """

    number: Ints
    obs: Ints
    log_probs: Floats
    probs: Floats


class RolloutSamples(NamedTuple):
    """The samples of a rollout: one time step after the other, each with its environments in order.

    Attributes:
        env: The number of the environment, int64 [n].
        row: The row of the observation, int64 [n].
        action: int64 [n].
        reward: float64 [n].
        next_obs: The observation after the action, also of an episode that ended, int64 [n].
        terminated: Whether the episode terminated, bool [n].
        ended: Whether the episode terminated or ran out of time, bool [n].
    """

    env: Ints
    row: Ints
    action: Ints
    reward: Floats
    next_obs: Ints
    terminated: Bools
    ended: Bools


class Ended(NamedTuple):
    """Episodes that ended.

    Attributes:
        returns: float64 [k].
        lengths: int64 [k].
        ends: The number of samples of the rollout after the time step that ended the episode, int64 [k].
    """

    returns: Floats
    lengths: Ints
    ends: Ints


@compiled
def choose(probs: Floats, row: int, random: float) -> int:
    """Return the action whose part of [0, 1) contains a random number; the parts are the probabilities."""
    end = 0.0
    last: int = probs.shape[1] - 1
    for action in range(last):
        end += probs[row, action]
        if random < end:
            return action
    return last


@compiled
def choose_outcome(ends: Floats, obs: int, action: int, rng: np.random.Generator) -> int:
    """Return an outcome of an action, given cumulative probabilities [S, A, K]."""
    outcome = 0
    if ends.shape[2] > 1:
        random = rng.random()
        while random >= ends[obs, action, outcome]:
            outcome += 1
    return outcome


@compiled
def first_state(ends: Floats, several: bool, rng: np.random.Generator) -> int:
    """Return the first state of an episode, given cumulative probabilities [S]."""
    random = rng.random() if several else 0.0
    low, high = 0, len(ends) - 1
    while low < high:  # the first state whose end is above the random number
        middle = (low + high) // 2
        if random < ends[middle]:
            high = middle
        else:
            low = middle + 1
    return low


@compiled
def collect(
    dynamics: Dynamics,
    logits: NDArray[Any],
    running: Running,
    rows: Rows,
    samples: RolloutSamples,
    ended: Ended,
    used: int,
    count: int,
    steps: int,
    whole_episodes: bool,
    rng: np.random.Generator,
) -> tuple[int, int, int, int]:
    """Take a number of steps in each environment, with actions from the softmax of a table of logits [S, A].

    An environment draws a random number for its action, also if its steps do not count, then one for the
    outcome and one for the next first state, where several are possible.

    Args:
        dynamics: The model.
        logits: The table.
        running: The running episodes, changed in place.
        rows: The observations of the rollout, filled from row `used` on.
        samples: The samples of the rollout, filled from `count` on.
        ended: Filled with the episodes that end.
        used: The rows so far.
        count: The samples so far.
        steps: The steps of each environment; fewer if no environment is active any more.
        whole_episodes: Whether an environment is no longer active after its episode.
        rng: Random number generator.

    Returns:
        The numbers of rows, of samples, of episodes that ended, and of steps.
    """
    next_state, outcome_ends, reward, terminated, score, start_ends, several, time_limit = dynamics
    obs_of, total, length, active = running
    finished, step, left = 0, 0, 0
    for row in range(used):  # the table may have been edited between two calls
        softmax_row(logits, rows.obs[row], rows.log_probs, rows.probs, row)
    for env in range(len(active)):
        left += active[env]
    while step < steps and left > 0:
        first, step = finished, step + 1
        for env in range(len(obs_of)):
            random, obs = rng.random(), obs_of[env]
            if not active[env]:
                continue
            if rows.number[obs] < 0:
                rows.number[obs], rows.obs[used] = used, obs
                softmax_row(logits, obs, rows.log_probs, rows.probs, used)
                used += 1
            row = rows.number[obs]
            action = choose(rows.probs, row, random)
            k = choose_outcome(outcome_ends, obs, action, rng)
            obs_of[env], stopped = next_state[obs, action, k], terminated[obs, action, k]
            total[env] += score[obs, action, k]
            length[env] += 1
            over = stopped or length[env] == time_limit
            samples.env[count], samples.row[count], samples.action[count] = env, row, action
            samples.reward[count], samples.next_obs[count] = reward[obs, action, k], obs_of[env]
            samples.terminated[count], samples.ended[count] = stopped, over
            count += 1
            if over:
                ended.returns[finished], ended.lengths[finished] = total[env], length[env]
                finished += 1
                total[env], length[env] = 0.0, 0
                if whole_episodes:
                    active[env] = False
                    left -= 1
                else:
                    obs_of[env] = first_state(start_ends, several, rng)
        ended.ends[first:finished] = count
    return used, count, finished, step


@compiled
def advantages(
    samples: RolloutSamples,
    rows: Rows,
    values: NDArray[Any],
    count: int,
    environments: int,
    gamma: float,
    gae_lambda: float,
) -> tuple[Floats, Floats, Floats]:
    """Return advantages, targets of the values, and log-probabilities of the actions of the samples [n].

    Generalised advantage estimation (Schulman et al. 2016, equation 16), as in `losses.advantages`. A next
    state has no value if the episode terminated, but has after a time-out.
    """
    found, targets, log_probs = np.empty(count), np.empty(count), np.empty(count)
    following = np.zeros(environments)  # the advantage of the next step of each environment
    for sample in range(count - 1, -1, -1):
        env, row = samples.env[sample], samples.row[sample]
        value = np.float64(values[rows.obs[row], 0])
        next_value = 0.0 if samples.terminated[sample] else np.float64(values[samples.next_obs[sample], 0])
        error = samples.reward[sample] + gamma * next_value - value
        keep = 0.0 if samples.ended[sample] else gamma * gae_lambda
        following[env] = found[sample] = error + keep * following[env]
        targets[sample] = found[sample] + value
        log_probs[sample] = rows.log_probs[row, samples.action[sample]]
    return found, targets, log_probs
