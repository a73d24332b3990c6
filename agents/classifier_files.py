"""Classifiers in memory files: saving, and loading files that can hold anything."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .description import (
    MACHINE,
    MAX_COUNT,
    checked_machine,
    checked_notes,
    checked_random_state,
    checked_settings,
    table,
)
from .errors import AgentError, MemoryFileError
from .files import with_suffix
from .machine import machine
from .memory import check_shapes, read_memory, replace_arrays, version, write_memory
from .preprocessing import Inputs, PictureInputs, RowInputs
from .samples import MAX_CLASSES, MAX_SIDE

if TYPE_CHECKING:
    from .classifier import Classifier

Arrays = dict[str, NDArray[Any]]
NETWORK = "these hyperparameters"


def save(classifier: "Classifier", path: str | Path, notes: Mapping[str, Any] | None) -> Path:
    """Write a classifier to a file. See `Classifier.save`."""
    trainer, path = classifier._fitted(), with_suffix(path)
    if notes is not None:
        classifier.notes = dict(notes)
    description = {
        "algorithm": type(classifier).__name__,
        "hyperparameters": trainer.settings,
        "classes": classifier.classes_.tolist(),
        "input_shape": list(classifier._inputs.shape),
        "num_timesteps": trainer.num_steps,
        "random_state": trainer.rng.bit_generator.state,
        "progress": trainer.progress()
        | {"best_epoch": classifier.best_epoch_, "validation_curve": classifier.validation_curve_},
        "notes": checked_notes(path, classifier.notes),
        "versions": {name: version(name) for name in ("cookie-jar", "numpy")},
        MACHINE: machine(),
    }
    arrays = classifier.arrays() | classifier.constants() | classifier.optimizer_state()
    write_memory(path, arrays, description)
    return path


def load(kind: type["Classifier"], path: str | Path) -> "Classifier":
    """Return the classifier of a file. See `Classifier.load`."""
    path = with_suffix(path)
    arrays, found = read_memory(path)
    if found.get("algorithm") != kind.__name__:
        raise MemoryFileError(f"{path}: expected a {kind.__name__}, got {found.get('algorithm')!r:.100}")
    settings = checked_settings(path, found, kind.hyperparameters)
    checked_machine(path, found)
    classes, shape = _classes(path, found), _input_shape(path, found)
    steps: Any = found.get("num_timesteps")
    progress = table(path, found, "progress")
    samples: Any = progress.get("samples")
    if not _is_count(steps) or not _is_count(samples) or samples == 0:
        found_counts = f"{steps!r:.50} and {samples!r:.50}"
        raise MemoryFileError(f"{path}: expected numbers of steps and of samples, got {found_counts}")
    try:
        check_shapes(path, kind.array_shapes(shape, len(classes), settings), arrays, NETWORK)
        classifier = kind(**settings)
        classifier._build(settings, classes, _inputs(path, shape, arrays, kind), samples)
        trainer = classifier._fitted()
        trainer.rng.bit_generator.state = checked_random_state(path, table(path, found, "random_state"))
        trainer.set_progress(progress, steps)
        checked_random_state(path, progress["before_epoch"])
        mine = classifier.arrays() | classifier.constants() | classifier.optimizer_state()
        replace_arrays(path, mine, arrays, NETWORK)
        classifier.best_epoch_ = progress["best_epoch"]
        classifier.validation_curve_ = list(progress["validation_curve"])
        classifier._notes = checked_notes(path, table(path, found, "notes"))
    except MemoryFileError:
        raise
    except AgentError as error:
        raise MemoryFileError(f"{path}: {error!s:.300}") from None
    except Exception as error:  # an unknown description can raise anything
        raise MemoryFileError(f"{path}: the description is damaged; {error!r:.300}") from error
    return classifier


def _classes(path: Path, found: Mapping[str, Any]) -> NDArray[Any]:
    classes: Any = found.get("classes")
    kinds = {type(label) for label in classes} if isinstance(classes, list) else set()
    if len(kinds) != 1 or not kinds <= {str, int, float, bool} or not 2 <= len(classes) <= MAX_CLASSES:
        raise MemoryFileError(f"{path}: expected 2 to {MAX_CLASSES:,} classes, got {classes!r:.100}")
    array = np.array(classes)
    if array.dtype.kind not in "biufU" or not np.array_equal(np.unique(array), array):
        raise MemoryFileError(f"{path}: expected sorted classes, each once, got {classes!r:.100}")
    return array


def _input_shape(path: Path, found: Mapping[str, Any]) -> tuple[int, ...]:
    shape: Any = found.get("input_shape")
    is_shape = isinstance(shape, list) and len(shape) in (1, 3) and all(map(_is_count, shape)) and all(shape)
    if not is_shape or (len(shape) == 3 and (max(shape) > MAX_SIDE or shape[2] != 3)):
        raise MemoryFileError(f"{path}: expected the shape of a sample, got {shape!r:.100}")
    return tuple(shape)


def _inputs(path: Path, shape: tuple[int, ...], arrays: Arrays, kind: type["Classifier"]) -> Inputs:
    """Return the encoding of samples of a shape."""
    if len(shape) == 3:
        return PictureInputs(shape, kind.dtype)
    check_shapes(path, {"inputs.mean": shape, "inputs.scale": shape}, arrays, NETWORK)
    if (arrays["inputs.scale"] == 0).any():
        raise MemoryFileError(f"{path}: expected scales of columns other than 0")
    return RowInputs(arrays["inputs.mean"].copy(), arrays["inputs.scale"].copy(), kind.dtype)


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < MAX_COUNT
