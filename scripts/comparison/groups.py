"""Groups of records that may be averaged: runs of the same thing, which differ in their seeds alone."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from cookie_jar.scripts.comparison.algorithms import ALGORITHMS
from cookie_jar.scripts.comparison.settings import canonical
from cookie_jar.scripts.comparison.trials import Trial, TrialRecord
from cookie_jar.scripts.sb3.training import LIBRARY

PACKAGES = ("cookie-jar", "gymnasium", "numpy")  # whose versions results depend on
SB3_PACKAGES = ("stable-baselines3", "torch")


class Group(NamedTuple):
    """What the runs of a group have in common.

    Attributes:
        env_id: Id of the environment.
        algorithm: Name of the algorithm.
        settings: The settings, as canonical text.
        timesteps: Steps of each run.
        n_evaluations: Number of evaluations of each run.
        method: How the policies were evaluated.
        versions: The packages that results depend on, with their versions.
        scale: The returns of the random policy and of the optimum, or None if the optimum is unknown.
    """

    env_id: str
    algorithm: str
    settings: str
    timesteps: int
    n_evaluations: int
    method: str = ""
    versions: tuple[tuple[str, str], ...] = ()
    scale: tuple[float, float] | None = None


class Members(NamedTuple):
    """The runs of a group by seed: the records of those that finished, and of all others."""

    finished: dict[int, TrialRecord]
    failed: dict[int, TrialRecord]

    @property
    def trial(self) -> Trial:
        """One of the trials."""
        return next(iter((self.finished or self.failed).values())).trial


def group_records(records: Iterable[TrialRecord]) -> dict[Group, Members]:
    """Group records.

    A failed run does not say under which versions it was made: it belongs to all groups of its trial in which
    its seed has not finished.
    """
    groups: dict[Group, Members] = {}
    failed = []
    for record in records:
        if record.error is None:
            groups.setdefault(group_of(record), Members({}, {})).finished[record.trial.seed] = record
        else:
            failed.append(record)
    for record in failed:
        specification = group_of(record)[:5]
        if not any(group[:5] == specification for group in groups):
            groups[Group(*specification)] = Members({}, {})
        for group, members in groups.items():
            known = members.finished if record.was_run else members.finished | members.failed
            if group[:5] == specification and record.trial.seed not in known:
                members.failed[record.trial.seed] = record
    return dict(sorted(groups.items(), key=lambda item: repr(item[0])))


def group_of(record: TrialRecord) -> Group:
    """Return the group of a record."""
    trial = record.trial
    scale = None
    if record.is_exact and record.optimum is not None:
        scale = round(record.random, 6), round(record.optimum, 6)
    return Group(
        trial.env_id,
        trial.algorithm,
        canonical(trial.settings),
        trial.timesteps,
        trial.n_evaluations,
        record.method,
        versions_of(record),
        scale,
    )


def versions_of(record: TrialRecord) -> tuple[tuple[str, str], ...]:
    """Return the packages, with their versions, that the results of a record depend on."""
    found = dict(re.findall(r"([\w.-]+) ([^\s,;]+)", record.made_with))
    return tuple((name, found[name]) for name in packages_of(record.trial.algorithm) if name in found)


def packages_of(algorithm: str) -> tuple[str, ...]:
    """Return the packages that the results of an algorithm depend on."""
    kind = ALGORITHMS[algorithm].kind
    if not isinstance(kind, str):
        return PACKAGES
    return (*PACKAGES, *SB3_PACKAGES, *(("sb3-contrib",) if LIBRARY[kind] == "sb3_contrib" else ()))


def variants(groups: Mapping[Group, Members]) -> dict[Group, str]:
    """Return a text for each group that tells it apart from the others of its environment.

    The text has the varied settings of a sweep, and what else differs; it is empty where nothing does.
    """
    aspects: list[Callable[[Group], str]] = [
        lambda group: f"{group.timesteps:,} steps",
        lambda group: f"{group.n_evaluations:,} checks",
        lambda group: group.method or "method unknown",
        lambda group: "no optimum" if group.scale is None else f"optimum {group.scale[1]:g}",
    ]
    texts: dict[Group, list[str]] = {}
    for env_id in dict.fromkeys(group.env_id for group in groups):
        mine = {group: members for group, members in groups.items() if group.env_id == env_id}
        texts |= {group: [*_settings(group, mine)] for group in mine}
        known = [group for group, members in mine.items() if members.finished]
        for number, aspect in enumerate(aspects):
            of = [*mine] if number < 2 else known  # failed runs have no results
            if len({aspect(group) for group in of}) > 1:
                for group in of:
                    texts[group].append(aspect(group))
        _add_versions(texts, known)
    return {group: ", ".join(word for word in words if word) for group, words in texts.items()}


def _settings(group: Group, groups: Mapping[Group, Members]) -> Sequence[str]:
    """Return the varied settings, and those that differ from groups with the same varied ones."""
    trial = groups[group].trial
    same = [
        members.trial.settings
        for other, members in groups.items()
        if other.algorithm == group.algorithm and members.trial.variant == trial.variant
    ]
    names = dict.fromkeys(name for settings in same for name in settings)
    different = [name for name in names if len({_shown(settings, name) for settings in same}) > 1]
    return [trial.variant, *(f"{name}={_shown(trial.settings, name)}" for name in different)]


def _shown(settings: Mapping[str, Any], name: str) -> str:
    return canonical(settings[name]) if name in settings else "default"


def _add_versions(texts: Mapping[Group, list[str]], groups: Sequence[Group]) -> None:
    """Add the versions of those packages of which there are several versions."""
    for package in dict.fromkeys(package for group in groups for package, _ in group.versions):
        found = {
            group: dict(group.versions).get(package, "unknown")
            for group in groups
            if package in packages_of(group.algorithm)
        }
        if len(set(found.values())) > 1:
            for group, version in found.items():
                texts[group].append(f"{package} {version}")
