"""The help of the options for hyperparameters: what they do, and which learners have which default."""

from collections.abc import Collection, Mapping

from cookie_jar.agents import Agent, Classifier
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.agents.temporal_difference import TemporalDifference

Learners = Mapping[str, type[Agent] | type[Classifier]]

FAMILIES = {
    "Q-table agents": TemporalDifference,
    "policy gradients": OnPolicy,
}  # by the class of their members
MOST = 3  # members of a family from which on it is named, if others of its members are named beside it
NONE = {"final_learning_rate": "the learning rate"}  # the meaning of a default of None


def families(kinds: Learners) -> dict[str, list[str]]:
    """Return the members of each family among learners, by its name."""
    found = {
        family: [name for name, kind in kinds.items() if issubclass(kind, base)]
        for family, base in FAMILIES.items()
    }
    return {family: members for family, members in found.items() if members}


def families_text(kinds: Learners) -> str | None:
    """Return a sentence that says who belongs to each family, or None without families."""
    found = families(kinds)
    return "; ".join(f"{family}: {', '.join(found[family])}" for family in found) or None


def help_text(name: str, kinds: Learners, plural: str) -> str:
    """Return the help of a hyperparameter: its descriptions and its defaults.

    Args:
        name: The hyperparameter.
        kinds: The classes of the learners by name.
        plural: What the learners are called.
    """
    return f"{_description(name, kinds)} ({_defaults(name, kinds, plural)})"


def _description(name: str, kinds: Learners) -> str:
    """Return the description of a hyperparameter, and other descriptions with the learners they are for."""
    owners: dict[str, list[str]] = {}
    for learner, kind in kinds.items():
        if name in kind.hyperparameters:
            text = kind.hyperparameters[name].description
            owners.setdefault(f"{text[:1].lower()}{text[1:]}", []).append(learner)
    first, *others = owners
    return "; ".join([first, *(f"for {_named(owners[text], kinds)}: {text}" for text in others)])


def _defaults(name: str, kinds: Learners, plural: str) -> str:
    """Return the defaults of a hyperparameter, and the learners that have them."""
    owners: dict[str, list[str]] = {}
    for learner, kind in kinds.items():
        if name in kind.hyperparameters:
            owners.setdefault(_default(name, kind), []).append(learner)
    if len(owners) == 1:
        [(value, learners)] = owners.items()
        who = f"all {plural}" if len(learners) == len(kinds) else _named(learners, kinds)
        return f"default for {who}: {value}"
    named = [learner for learners in owners.values() for learner in learners]
    listed = sorted(owners.items(), key=lambda owned: "other " in _named(owned[1], kinds, named))
    return "defaults: " + "; ".join(f"{_named(who, kinds, named)} {value}" for value, who in listed)


def _default(name: str, kind: type[Agent] | type[Classifier]) -> str:
    value = kind.hyperparameters[name].default
    if name == "learning_rate" and value is None:
        rates = getattr(kind, "learning_rates", {})
        value = " or ".join(f"{rate:g} for a {policy}" for policy, rate in rates.items())
    if value is None:
        return NONE.get(name, "depends on the observations")
    return str(value).strip("()").rstrip(",").replace("True", "yes").replace("False", "no")


def _named(learners: list[str], kinds: Learners, beside: Collection[str] = ()) -> str:
    """Return the names of learners, with whole families by their name.

    Args:
        learners: The learners.
        kinds: The classes of all learners by name.
        beside: Learners that are named in the same text, so that "other" can stand for the rest of a family.
    """
    names = learners.copy()
    for family, members in families(kinds).items():
        missing = set(members) - set(learners)
        if not missing or (len(members) - len(missing) >= MOST and missing <= set(beside)):
            place = names.index(next(name for name in members if name in names))
            names = [name for name in names if name not in members]
            names.insert(place, f"other {family}" if missing else family)
    return ", ".join(names)
