"""The contents of the panel: the three phases of an action, its numbers, and the action values."""

from collections.abc import Sequence
from math import floor, isnan, log10

from cookie_jar.envs import Event
from cookie_jar.envs.rendering.episode import TimeStep
from cookie_jar.envs.rendering.frame import FELT
from cookie_jar.envs.rendering.words import PHRASES, colour_of, number, signed
from cookie_jar.scripts.common.bars import Bars, signed_with
from cookie_jar.scripts.viewer.observation_text import describe_observation, describe_state
from cookie_jar.scripts.viewer.probes import MAX_STATES, best_from, make_batch
from cookie_jar.scripts.viewer.replays import ReplayedAgent
from cookie_jar.scripts.viewer.training_phases import TrainingPhases
from cookie_jar.scripts.viewer.widgets.panel import TRAINING, Fact, Panel

SENSE, ACT, CHECK = range(3)
SENSING = 0.25  # the progress of an action up to which its state is sensed


def make_panel(
    replay: ReplayedAgent, act: int, progress: float, training: TrainingPhases | None = None
) -> Panel:
    """Return the contents of the panel.

    Args:
        replay: The agent and its episode.
        act: The index of the current time step, as returned by `Playhead.place`.
        progress: The progress of the action that led there, 0 to 1.
        training: The phases of an agent that is being trained.
    """
    time_steps = replay.episode.time_steps
    act = min(act, replay.episode.last)
    now, before = time_steps[act], time_steps[max(0, act - 1)]
    felt = progress >= FELT
    acting = act > 0 and (SENSING <= progress < 1 or now.terminated)
    seen = replay.decision_step(act, progress)
    counted = now if felt or act == 0 else before
    facts = (
        *step_facts(now, felt=felt, total=counted.total),
        Fact(_format_return(best_return(replay)), "optimum"),
    )
    bars, note = _bars(replay, seen, now.action if acting else None)
    if training is not None:
        probe = replay.probe
        shown = probe.action_values(make_batch(seen.obs))[0] if probe.has_probabilities else None
        texts = training.texts(shown)
        subtitle = f"{type(replay.agent).__name__}; the picture shows its greedy policy"
        return Panel(replay.name, training.current, texts, facts, bars, note, TRAINING, subtitle)
    phase = SENSE if act == 0 or progress < SENSING else CHECK if felt else ACT
    check = _check_text(replay, before, now) if felt and act > 0 else ""
    phases = _sense_text(replay, seen), _action_text(now, felt), check
    return Panel(replay.name, phase, phases, facts, bars, note, subtitle=_subtitle(replay))


def step_facts(time_step: TimeStep, *, felt: bool, total: float) -> tuple[Fact, Fact, Fact]:
    """Return the number of actions, the happiness of the last action, and the sum of happiness.

    Args:
        time_step: The current time step.
        felt: Whether the happiness of its action is known already.
        total: The sum to show.
    """
    reward = time_step.reward if felt else 0.0
    return (
        Fact(str(time_step.steps), "act" if time_step.steps == 1 else "acts"),
        Fact(signed(time_step.reward) if felt else "...", "this act", colour_of(reward)),
        Fact(signed(total), "so far", colour_of(total)),
    )


def best_return(replay: ReplayedAgent) -> float:
    """Return the optimal return from the start of the episode; NaN if unknown."""
    episode, evaluator = replay.episode, replay.evaluator
    frame = episode.time_steps[0].frame
    if episode.world is not None and frame is not None and episode.world.num_states <= MAX_STATES:
        start = episode.world.number(frame.state)
        return best_from(episode.world, start, evaluator.horizon).mean_return
    return float("nan") if evaluator.optimum is None else evaluator.optimum.mean_return


def action_names(replay: ReplayedAgent) -> list[str]:
    """Return the names of the actions."""
    world = replay.episode.world
    if world is not None:
        return [action.label for action in world.actions]
    return [f"action {number}" for number in range(int(replay.runner.env.action_space.n))]  # type: ignore


def _sense_text(replay: ReplayedAgent, seen: TimeStep) -> str:
    """Return the text of the first phase: the observation, and in a kitchen what it means."""
    observed = describe_observation(seen.obs, replay.runner.env.observation_space)
    world = replay.episode.world
    if world is None or seen.frame is None or not replay.can_walk:
        return observed
    return f"{observed}: {describe_state(world.config.kitchen, seen.frame.state)}"


def _kind(replay: ReplayedAgent) -> str:
    """Return the class of the agent, if its values or probabilities are shown."""
    return type(replay.agent).__name__ if replay.probe.readable else ""


def _subtitle(replay: ReplayedAgent) -> str:
    """Return what the agent is, and how long it was trained."""
    if not replay.has_policy:
        return "a saved episode"
    kind, steps = _kind(replay), replay.steps
    trained = f"trained for {steps:,} steps" if steps else "not trained yet" if kind else ""
    return ", ".join(filter(None, (kind, trained)))


def _action_text(now: TimeStep, felt: bool) -> str:
    """Return the text of the second phase: the action and, at its end, the event."""
    if now.action is None:
        return "about to act"
    if now.frame is None or now.frame.action is None:
        return now.words
    done = now.frame.action.label
    return f"{done}: {PHRASES[now.frame.event or Event.NOTHING]}" if felt else f"{done} ..."


def _check_text(replay: ReplayedAgent, before: TimeStep, now: TimeStep) -> str:
    """Return the text of the third phase: what was expected, what came, and the difference."""
    probe = replay.probe
    if not probe.readable or not probe.has_state_values or now.action is None:
        unknown = "; its expectation is not known" if replay.has_policy else ""
        return f"got {signed(now.reward)}{unknown}"
    gamma = float(getattr(replay.agent, "gamma", 1.0))
    both = make_batch(before.obs, now.obs)
    values, actions = probe.state_values(both), probe.action_values(both)
    expected = float(values[0] if probe.has_probabilities else actions[0, now.action])
    target = now.env_reward + (0.0 if now.terminated else gamma * float(values[1]))
    digits = _decimals(expected, target)
    expected, target = round(expected, digits), round(target, digits)
    got = f"got {signed_with(target, digits)}"
    if not probe.tried(both)[0, now.action]:
        return f"expected nothing (never tried), {got}"
    surprise = signed_with(round(target - expected, digits), digits)  # agrees with the numbers beside it
    return f"expected {signed_with(expected, digits)}, {got}, surprise {surprise}"


def _decimals(*values: float) -> int:
    """Return the decimals with which values are written: two, or more if all are small."""
    largest = max(map(abs, values))
    return 2 if largest >= 0.01 or largest == 0 else 1 - floor(log10(largest))


def _bars(replay: ReplayedAgent, seen: TimeStep, chosen: int | None) -> tuple[Bars | None, str]:
    """Return the action values or probabilities at a time step, or a note in their place."""
    probe = replay.probe
    if not probe.readable:
        return None, "This agent has no action values or probabilities to show."
    batch = make_batch(seen.obs)
    if not probe.known(batch)[0]:
        return None, "Nothing is known in this state yet."
    values = tuple(probe.action_values(batch)[0].tolist())
    names: Sequence[str] = action_names(replay)
    if probe.has_probabilities:
        return Bars(names, values, chosen, "probability of each action", True), ""
    tried = tuple(probe.tried(batch)[0].tolist())
    return Bars(names, values, chosen, "expected discounted return of each action", tried=tried), ""


def _format_return(value: float) -> str:
    return "?" if isnan(value) else number(value)
