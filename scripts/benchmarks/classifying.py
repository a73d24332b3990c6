"""Speed of the convolutional network on pictures of cookies, and of the same network in PyTorch as a peer."""

import time
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import ConvClassifier
from cookie_jar.envs import draw_pictures
from cookie_jar.scripts.benchmarks.timing import Measurement, Scale, alternate

NAME, PEER, UNIT = "ConvClassifier", "PyTorch, 1 thread", "pictures/s"
PREDICTED = 2_000  # pictures at once

Array = NDArray[Any]


def training(scale: Scale) -> Measurement:
    """Measure the pictures per CPU second of training with the defaults, beside PyTorch."""
    return _beside_torch(f"{NAME}: training", scale, training_rate, torch_training_rate)


def prediction(scale: Scale) -> Measurement:
    """Measure the pictures per CPU second of prediction, beside PyTorch."""
    return _beside_torch(f"{NAME}: prediction", scale, prediction_rate, torch_prediction_rate)


def _beside_torch(name: str, scale: Scale, ours: Any, theirs: Any) -> Measurement:
    drawn = draw_pictures(np.arange(max(100, scale.steps // 40)))
    mine, peer = (partial(rate, drawn.pictures, drawn.kinds) for rate in (ours, theirs))
    try:
        rates = alternate(scale.rounds, mine, peer)
    except ImportError:
        return Measurement(name, UNIT, [mine()], f"{PEER}: not installed", [])
    return Measurement(name, UNIT, rates[0], PEER, rates[1])


def training_rate(pictures: Array, kinds: Array) -> float:
    """Return the pictures per CPU second of one epoch, after a first step."""
    classifier = ConvClassifier()
    classifier.begin(pictures, kinds)
    classifier.train(pictures, kinds, 1)
    start = time.process_time()
    classifier.train(pictures, kinds, classifier.steps_per_epoch)
    return len(pictures) / (time.process_time() - start)


def prediction_rate(pictures: Array, kinds: Array) -> float:
    """Return the pictures per CPU second of predictions."""
    classifier = ConvClassifier()
    classifier.begin(pictures, kinds)
    classifier.predict_proba(pictures[:100])
    start = time.process_time()
    for first in range(0, len(pictures), PREDICTED):
        classifier.predict_proba(pictures[first : first + PREDICTED])
    return len(pictures) / (time.process_time() - start)


def torch_network() -> Any:
    """Return the network of `ConvClassifier` in PyTorch, with its default initial weights."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    first, second = ConvClassifier().filters
    layers = nn.Conv2d(3, first, 5, 2), nn.ReLU(), nn.Conv2d(first, second, 3), nn.MaxPool2d(2), nn.ReLU()
    network: Any = nn.Sequential(*layers, nn.Flatten(), nn.Linear(36 * second, 3))
    return network.to(memory_format=torch.channels_last)  # faster for these pictures


def torch_training_rate(pictures: Array, kinds: Array) -> float:
    """Return the pictures per CPU second of one epoch in PyTorch: batches, augmentation and Adam as ours."""
    import torch

    ours, network, rng = ConvClassifier(), torch_network(), np.random.default_rng(0)
    optimizer, loss = torch.optim.Adam(network.parameters(), ours.learning_rate), torch.nn.CrossEntropyLoss()
    planes, labels = torch.from_numpy(pictures).permute(0, 3, 1, 2), torch.from_numpy(kinds)

    def step(chosen: Any) -> None:
        x = planes[chosen].float() * (4 / 255) - 2
        x = x.flip([axis for axis, mirrored in zip((2, 3), rng.random(2) < 0.5, strict=True) if mirrored])
        x = x.transpose(2, 3) if rng.random() < 0.5 else x
        optimizer.zero_grad()
        loss(network(x), labels[chosen]).backward()
        optimizer.step()

    batches = torch.split(torch.from_numpy(rng.permutation(len(pictures))), ours.batch_size)
    step(batches[0])
    start = time.process_time()
    for chosen in batches:
        step(chosen)
    return len(pictures) / (time.process_time() - start)


def torch_prediction_rate(pictures: Array, kinds: Array) -> float:
    """Return the pictures per CPU second of predictions in PyTorch."""
    import torch

    network, planes = torch_network(), torch.from_numpy(pictures).permute(0, 3, 1, 2)
    with torch.no_grad():
        network(planes[:100].float())
        start = time.process_time()
        for part in torch.split(planes, 100):  # faster than larger parts
            torch.softmax(network(part.float() * (4 / 255) - 2), dim=1)
    return len(pictures) / (time.process_time() - start)
