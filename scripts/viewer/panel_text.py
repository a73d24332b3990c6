"""What the panel says about a moment: the three phases with their numbers, and what the memory holds."""

from collections.abc import Sequence
from math import isnan

import numpy as np

from cookie_jar.envs import Action, Event
from cookie_jar.envs.rendering.episode import TimeStep
from cookie_jar.envs.rendering.frame import FELT
from cookie_jar.envs.rendering.words import PHRASES, colour_of, signed
from cookie_jar.scripts.viewer.episode_files import Record
from cookie_jar.scripts.viewer.probes import best_from
from cookie_jar.scripts.viewer.replays import Exhibit
from cookie_jar.scripts.viewer.widgets.panel import Bars, Fact, Panel

INITIALISATION, DOING, LEARNING = range(3)
LARGE = 20_000  # states from which on the optimum of one start takes too long to be worked out in between


def make_panel(exhibit: Exhibit, act: int, progress: float, *, learns: bool = False) -> Panel:
    """What there is to say when an act of the episode has gone so far.

    Args:
        exhibit: what is watched.
        act: the number of the act, as `Playhead.place` has it.
        progress: from 0 to 1.
        learns: whether it learns meanwhile.
    """
    time_steps = exhibit.episode.time_steps
    act = min(act, exhibit.episode.last)
    time_step, before = time_steps[act], time_steps[max(0, act - 1)]
    felt = progress >= FELT
    acting = act > 0 and progress < 1
    phase = INITIALISATION if act == 0 else LEARNING if felt else DOING
    phases = (
        _memory(exhibit),
        _deed(time_step, felt),
        _lesson(exhibit, before, time_step, learns) if felt else "",
    )
    told = time_step if felt or act == 0 else before
    facts = (
        Fact(str(time_step.steps), "act" if time_step.steps == 1 else "acts"),
        Fact(
            signed(time_step.reward) if felt else "...",
            "this act",
            colour_of(time_step.reward if felt else 0.0),
        ),
        Fact(signed(told.total), "so far", colour_of(told.total)),
        Fact(_number(best_possible(exhibit)), "optimum"),
    )
    bars, note = _bars(exhibit, seen_at(exhibit, act, progress), time_step.action if acting else None)
    return Panel(_title(exhibit), phase, phases, facts, bars, note)


def seen_at(exhibit: Exhibit, act: int, progress: float) -> TimeStep:
    """The shot in which the agent chooses, or has chosen, what is to be seen: not the one after the end."""
    time_steps = exhibit.episode.time_steps
    return (
        time_steps[act - 1] if act > 0 and (progress < 1 or time_steps[act].terminated) else time_steps[act]
    )


def best_possible(exhibit: Exhibit) -> float:
    """The most happiness that is possible from where the episode started; nan where nobody knows."""
    episode, evaluator = exhibit.episode, exhibit.evaluator
    frame = episode.time_steps[0].frame
    if episode.world is not None and frame is not None and episode.world.num_states <= LARGE:
        start = episode.world.number(frame.state)
        return best_from(episode.world, start, evaluator.horizon).mean_return
    return float("nan") if evaluator.optimum is None else evaluator.optimum.mean_return


def action_names(exhibit: Exhibit) -> list[str]:
    """The names of the actions."""
    if exhibit.episode.world is not None:
        return [action.label for action in Action]
    return [f"action {number}" for number in range(int(exhibit.runner.env.action_space.n))]  # type: ignore


def _title(exhibit: Exhibit) -> str:
    kind = type(exhibit.agent).__name__
    return f"{exhibit.name} ({kind})" if exhibit.mind.tells else exhibit.name


def _memory(exhibit: Exhibit) -> str:
    """What it brings along."""
    if isinstance(exhibit, Record):
        return "a saved episode"
    return f"what {exhibit.steps:,} steps have left behind" if exhibit.steps else "it knows nothing yet"


def _deed(time_step: TimeStep, felt: bool) -> str:
    """What was done, and what it led to."""
    if time_step.action is None:
        return "about to act"
    if time_step.frame is None or time_step.frame.action is None:
        return time_step.words
    done = time_step.frame.action.label
    return f"{done}: {PHRASES[time_step.frame.event or Event.NOTHING]}" if felt else f"{done} ..."


def _lesson(exhibit: Exhibit, before: TimeStep, time_step: TimeStep, learns: bool) -> str:
    """How far the expectation was wrong: the error that learning would make smaller."""
    mind = exhibit.mind
    if time_step.action is None or not mind.tells:
        return "learns while it acts" if learns else "off: one watches what was learned"
    gamma = float(getattr(exhibit.agent, "gamma", 1.0))
    both = np.stack([np.asarray(before.obs), np.asarray(time_step.obs)])
    values, actions = mind.values(both), mind.actions(both)
    expected = values[0] if mind.has_probabilities else actions[0, time_step.action]
    came = time_step.reward + (0.0 if time_step.terminated else gamma * values[1])
    error = round(came, 2) - round(expected, 2)  # as the numbers beside it, for those who check
    return f"expected {signed(expected)}, came {signed(came)}: error {signed(error)}"


def _bars(exhibit: Exhibit, seen: TimeStep, chosen: int | None) -> tuple[Bars | None, str]:
    """What the memory holds about a moment, or why there is nothing to be seen."""
    if not exhibit.mind.tells:
        return None, "This agent does not tell what it expects of its actions."
    values = exhibit.mind.actions(np.asarray(seen.obs)[None])
    chances = exhibit.mind.has_probabilities
    label = "how likely it does each action" if chances else "what it expects of each action"
    names: Sequence[str] = action_names(exhibit)
    return Bars(names, tuple(values[0].tolist()), chosen, label, chances), ""


def _number(value: float) -> str:
    return "?" if isnan(value) else f"{value:.2f}"
