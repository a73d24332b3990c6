import sys

import numpy as np
import pytest

from cookie_jar.agents import ConvClassifier
from cookie_jar.scripts.benchmarks import classifying
from cookie_jar.scripts.benchmarks.timing import Scale


@pytest.mark.parametrize("measure", [classifying.training, classifying.prediction])
def test_without_torch_only_ours_is_measured(measure, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    row = measure(Scale(rounds=2, steps=500))
    assert row.peer_name.endswith("not installed")
    assert row.ours[0] > 0
    assert row.ratio is None


def test_the_peer_is_the_same_network():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    X, y = rng.integers(0, 256, (6, 32, 32, 3)).astype(np.uint8), np.arange(6) % 3
    classifier, network = ConvClassifier(epochs=1).fit(X, y), classifying.torch_network()
    arrays = {name: torch.from_numpy(array.copy()) for name, array in classifier.arrays().items()}
    with torch.no_grad():
        for layer, number, size in ((0, 0, 5), (2, 2, 3)):
            weight = arrays[f"{number}.weight"]
            planes = weight.reshape(size, size, -1, weight.shape[1]).permute(3, 2, 0, 1)
            network[layer].weight.copy_(planes)
            network[layer].bias.copy_(arrays[f"{number}.bias"])
        last = arrays["6.weight"].reshape(6, 6, 16, 3).permute(3, 2, 0, 1).reshape(3, -1)
        network[6].weight.copy_(last)
        network[6].bias.copy_(arrays["6.bias"])
        found = network(torch.from_numpy(X).permute(0, 3, 1, 2).float() * (4 / 255) - 2)
    np.testing.assert_allclose(found.numpy(), classifier.logits(X), atol=1e-4)
