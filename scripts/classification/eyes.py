"""Eyes: a classifier that looks into the jar, and an agent that picks by what the classifier believes."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import AgentError, Classifier
from cookie_jar.agents.losses import log_softmax
from cookie_jar.agents.ranking import KINDS, Ranking, belief_ranking, likely_order, place_beliefs
from cookie_jar.agents.temporal_difference import TemporalDifference
from cookie_jar.envs import Action, Cookie, State, World, draw_pictures
from cookie_jar.envs.cookies.pictures import TEST_PICTURES
from cookie_jar.envs.cookies.strip import SIZE, filled_places, place_pictures
from cookie_jar.envs.dynamics import ARRANGEMENTS, CLOSED
from cookie_jar.envs.observations import FactorsObservation, shared_state_features
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.viewer.jar_view import JarView, jar_pictures

ANY_ORDER = 0  # the arrangement that stands for all of them while the jar is closed

Array = NDArray[Any]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Look(NamedTuple):
    """What is known about the cookies in n jars.

    Attributes:
        log_probabilities: The log-probability of each kind at each place [n, 3, 3]; 0 if it was never seen.
        eaten: Whether each place is empty [n, 3]; not in a closed jar.
        opened: Whether the jar is open [n].
    """

    log_probabilities: Floats
    eaten: NDArray[np.bool_]
    opened: NDArray[np.bool_]


class Remembered(NamedTuple):
    """What was last seen at each place of n jars.

    Attributes:
        pictures: The pictures, uint8 [n, 3, 32, 32, 3].
        log_probabilities: As in `Look`.
        known: Whether there is a picture [n, 3].
    """

    pictures: Array
    log_probabilities: Floats
    known: NDArray[np.bool_]

    @classmethod
    def nothing(cls, jars: int) -> "Remembered":
        """Return the memory of n jars that were never opened."""
        shapes = (jars, KINDS, SIZE, SIZE, 3), (jars, KINDS, KINDS), (jars, KINDS)
        return cls(np.zeros(shapes[0], np.uint8), np.zeros(shapes[1]), np.zeros(shapes[2], np.bool_))


class Eyes:
    """A classifier of the cookies in the jar.

    The pictures of eaten cookies are remembered until the jar shows other pictures, in another episode.

    Args:
        classifier: A classifier of the three kinds, for pictures of 32 x 32 pixels.
        liked: The number of the cookie that the child likes.
        name: The name of its run, for messages.

    Raises:
        UsageError: If the classifier has other classes, or takes other pictures.
    """

    def __init__(self, classifier: Classifier, liked: int, name: str = "--eyes") -> None:
        self.classifier, self.liked = classifier, int(liked)
        self._columns = _columns(classifier, name)
        try:
            classifier.logits(np.zeros((1, SIZE, SIZE, 3), np.uint8))
        except AgentError as error:
            raise UsageError(f"{name}: expected a classifier of {SIZE} x {SIZE} pictures; {error}") from None
        self._memories: dict[int, Remembered] = {}  # by the number of jars that are looked into at a time

    def log_probabilities(self, pictures: Array) -> Floats:
        """Return the log-probability of each `Cookie` [n, 3] for pictures [n, 32, 32, 3]."""
        logs: Floats = log_softmax(self.classifier.logits(pictures)[:, self._columns])
        return logs

    def look(self, strips: Array) -> Look:
        """Look into n jars, given their strips [n, 36, 108, 3]; jar i is that of environment i each time."""
        jars = len(strips)
        opened = strips[:, 0, 0].any(axis=1)  # the corner of a closed jar is black, as the rest
        logs, eaten = np.zeros((jars, KINDS, KINDS)), np.zeros((jars, KINDS), np.bool_)
        if opened.any():
            memory = self._memories.setdefault(jars, Remembered.nothing(jars))
            pictures, known_logs, known = memory
            now = self._seen(strips[opened], Remembered(pictures[opened], known_logs[opened], known[opened]))
            for part, new in zip(memory, now, strict=True):
                part[opened] = new
            logs[opened], eaten[opened] = now.log_probabilities, ~filled_places(strips[opened])
        return Look(logs, eaten, np.asarray(opened))

    def _seen(self, strips: Array, before: Remembered) -> Remembered:
        """Return what is remembered after a look into open jars."""
        pictures, filled = place_pictures(strips), filled_places(strips)
        same = before.known & (pictures == before.pictures).all(axis=(2, 3, 4))
        known = before.known & (same | ~filled).all(axis=1)[:, None]  # otherwise in another episode
        logs = np.where(known[..., None], before.log_probabilities, 0.0)
        new = filled & ~known
        logs[new] = self.log_probabilities(pictures[new])
        pictures[known] = before.pictures[known]
        return Remembered(pictures, logs, known | new)

    def beliefs(self, look: Look) -> Floats:
        """Return the probability that each place holds the liked cookie [n, 3]."""
        return place_beliefs(look.log_probabilities, self.liked, look.eaten)

    def ranking(self, number: int) -> Ranking:
        """Return the expected number of wrong picks in a jar, measured on a number of test pictures."""
        test = draw_pictures(np.arange(TEST_PICTURES[0], TEST_PICTURES[0] + number))
        return belief_ranking(self.log_probabilities(test.pictures), test.kinds, self.liked)


class SeeingAgent:
    """Acts as an agent of state numbers until the jar is open, then picks by belief.

    While the jar is closed, the order of the cookies does not matter, and the agent acts as in the first one.
    When the jar is open and within reach, the place that most probably holds the liked cookie is picked. Has
    `predict` and `jar_view`, for observations with pictures; actions are always greedy.

    Args:
        agent: An agent that was trained on the state numbers of the same kitchen, with shuffled cookies.
        eyes: The classifier.
        world: The tables of the kitchen.
    """

    def __init__(self, agent: TemporalDifference, eyes: Eyes, world: World) -> None:
        self.agent, self.eyes, self.world = agent, eyes, world
        self._numbers = StateNumbers(world)

    @property
    def num_timesteps(self) -> int:
        """The steps that the agent was trained for."""
        return self.agent.num_timesteps

    @property
    def gamma(self) -> float:
        """The discount factor of the agent."""
        return self.agent.gamma

    def restore(self, path: Any, arrays: dict[str, Array]) -> None:
        """Replace the learned arrays of the agent; see `Agent.restore`."""
        self.agent.restore(path, arrays)

    def states(self, observations: dict[str, Array]) -> Ints:
        """Return the number of the state to act on [n], for a batch of observations."""
        return self._states(observations, self.eyes.look(observations["jar"]))

    def _states(self, observations: dict[str, Array], look: Look) -> Ints:
        order = likely_order(look.log_probabilities, self.eyes.liked, look.eaten)
        return self._numbers.find(observations["factors"], np.where(look.opened, order, ANY_ORDER))

    def predict(
        self,
        observation: dict[str, Array],
        state: Any = None,
        episode_start: Any = None,
        deterministic: bool = True,
    ) -> tuple[Ints, Any]:
        """Return the action for an observation, or the actions [n] for a batch, and `state` unchanged."""
        batch = _batch(observation)
        states = self.states(batch)
        picks = liked_picks(self.world, self.eyes.liked)[states]
        actions: Ints = np.where(picks >= 0, picks, self.agent.best(states))
        return actions.reshape(np.shape(observation["jar"])[:-3]), state

    def action_values(self, observations: dict[str, Array]) -> Floats:
        """Return the action values of the agent [n, A] in the states that it acts on."""
        values: Floats = self.agent.q_table[self.states(observations)]
        return values

    def jar_view(self, observation: dict[str, Array]) -> JarView | None:
        """Return the pictures in the jar, the belief and the next pick; None while the jar is closed."""
        pictures = jar_pictures(observation)
        if pictures is None:
            return None
        batch = _batch(observation)
        look = self.eyes.look(batch["jar"])
        pick = int(liked_picks(self.world, self.eyes.liked)[self._states(batch, look)][0])
        belief = tuple(self.eyes.beliefs(look)[0].tolist())
        return JarView(pictures, belief, pick - Action.PICK_LEFT if pick >= 0 else None)

    def policy_with_perfect_sight(self) -> Ints:
        """Return the action in each state [S] if the agent knew the order in the open jar.

        The return of this policy, plus that of the wrong picks, is the return with these eyes.
        """
        states = self.world.states
        order = np.where(states.jar == CLOSED, ANY_ORDER, states.arrangement)
        seen = self.world.numbers(State(states.child, states.chair, states.standing, states.jar, order))
        picks = liked_picks(self.world, self.eyes.liked)
        actions: Ints = np.where(picks >= 0, picks, self.agent.best(seen))
        return actions


class StateNumbers:
    """Finds the number of a state from its factors and an order of the cookies.

    Args:
        world: The tables of the kitchen.
    """

    def __init__(self, world: World) -> None:
        factors = FactorsObservation(world.config.kitchen, KINDS * (KINDS - 1))
        self._sizes = tuple(factors.space.nvec.tolist())
        codes = np.ravel_multi_index(tuple(factors.observe(shared_state_features(world)).T), self._sizes)
        self._order = np.argsort(codes)
        self._codes = codes[self._order]

    def find(self, factors: Ints, arrangement: Ints) -> Ints:
        """Return the numbers [n] for factors without the arrangement [n, 4], and arrangements [n]."""
        code = np.ravel_multi_index((*factors.T, arrangement), self._sizes)
        place = np.searchsorted(self._codes, code).clip(0, len(self._codes) - 1)
        if (self._codes[place] != code).any():
            raise AgentError("expected factors of a state that can be reached")
        numbers: Ints = self._order[place]
        return numbers


def liked_picks(world: World, liked: int) -> Ints:
    """Return the action that eats the liked cookie in each state [S], or -1 if none does."""
    states = world.states
    place = np.equal(ARRANGEMENTS, liked).argmax(axis=1)[states.arrangement]
    there = (states.jar != CLOSED) & (states.jar >> place & 1 == 1)
    near = (states.standing == 1) & world.config.kitchen.beside_jar[states.child]
    return np.where(there & near, Action.PICK_LEFT + place, -1)


def _batch(observation: dict[str, Array]) -> dict[str, Array]:
    """Return an observation as a batch of one; a batch unchanged."""
    if np.ndim(observation["jar"]) == 4:
        return observation
    return {name: np.asarray(part)[None] for name, part in observation.items()}


def _columns(classifier: Classifier, name: str) -> list[int]:
    """Return the column of each `Cookie` in the outputs of a classifier."""
    classes, kinds = classifier.classes_.tolist(), [cookie.label for cookie in Cookie]
    data = classifier.notes.get("data", {})
    known = data.get("kinds", kinds) if isinstance(data, dict) else kinds
    if classes == list(range(len(kinds))) and known is not None:
        classes = known
    if not isinstance(classes, (list, tuple)) or sorted(map(str, classes)) != sorted(kinds):
        found = ", ".join(map(str, classes)) if isinstance(classes, (list, tuple)) else str(classes)
        raise UsageError(f"{name}: expected a classifier of {', '.join(kinds)}, got {found:.200}")
    return [list(classes).index(kind) for kind in kinds]
