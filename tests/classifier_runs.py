"""Small data sets of pictures, and runs of classifiers on them."""

from pathlib import Path

import numpy as np

from cookie_jar.agents.classifier_run import ClassifierRun
from cookie_jar.agents.classifiers import CLASSIFIERS
from cookie_jar.scripts.common.dataset import Dataset, write_dataset
from cookie_jar.scripts.common.split import about_data, make_split, write_split

SIDE, PICTURES = 12, 90
KINDS = ("raisin", "chocolate chip", "plain")
BATCH = 7  # does not divide the number of training pictures


def small_dataset(pictures=PICTURES, seed=0):
    """Noisy pictures in which dots of a kind lie in a part of their own, some with wrong labels."""
    rng = np.random.default_rng(seed)
    labels = np.arange(pictures) % len(KINDS)
    found = rng.integers(120, 256, (pictures, SIDE, SIDE, 3)).astype(np.uint8)
    for picture, label in zip(found, labels, strict=True):
        picture[4 * label : 4 * label + 3, 2:10] //= 3
    mistaken = rng.random(pictures) < 0.15
    labels = np.where(mistaken, rng.permutation(labels), labels)
    return Dataset(found, labels.astype(np.int64), np.arange(pictures), None, KINDS, {})


def write_small_dataset(folder, **options):
    """Write a small data set and its split, and return them."""
    dataset = small_dataset(**options)
    split = make_split(dataset, 20, 20)
    write_dataset(folder, dataset)
    write_split(folder, dataset, split)
    return dataset, split


def classifier_run(folder, data, classifier=None, model="softmax", epochs=None, about=None, **options):
    """Return a run on a small data set in the folder `data`, which is written if it does not exist."""
    dataset = small_dataset()
    split = make_split(dataset, 20, 20)
    if classifier is None:
        classifier = CLASSIFIERS[model](epochs=epochs or 3, batch_size=BATCH, **options)
    parts = ((dataset.pictures[index], dataset.labels[index]) for index in split[:2])
    about = about_data(Path(data), dataset, split) if about is None else about
    return ClassifierRun(classifier, folder, *parts, about, epochs)


def finished_run(folder, data, draw=None, **options):
    """Train a classifier on a small data set, and return the folder of the run."""
    run = classifier_run(folder, data, **options)
    run.begin()
    run.learn()
    run.finish(draw)
    return folder
