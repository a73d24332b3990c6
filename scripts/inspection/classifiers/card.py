"""The model card of a classifier."""

import json
from pathlib import Path
from typing import Any

import yaml

from cookie_jar.agents.classifier_run import best_file
from cookie_jar.scripts.common.markdown import INSTALLATION, plain
from cookie_jar.scripts.inspection.classifiers.view import ClassifierView


def classifier_card(folder: Path) -> str:
    """Return the model card of the best epoch of a run.

    Args:
        folder: The folder of the run.

    Raises:
        UsageError: If the data set is missing or is a different one.
    """
    file = best_file(folder)
    view = ClassifierView(file)
    scores, parts = view.scores(), view.data.split
    header = yaml.safe_dump(_header(view), sort_keys=False)
    shape = ", ".join(map(str, view.data.dataset.pictures.shape[1:]))
    kinds = ", ".join(map(plain, view.kinds))
    return f"""---
{header}---

# {type(view.classifier).__name__}: {kinds}

Trained on {len(parts.train):,} labelled pictures for {view.classifier.num_steps:,} gradient steps;
{view.size:,} numbers are learned. The epoch with the lowest loss on the validation part was kept, so that the
scores on that part are slightly too good.

| part | pictures | right | mean cross-entropy |
|---|---|---|---|
| validation | {len(parts.validation):,} | {100 * scores.accuracy:.1f} % | {scores.loss:.4f} |

## Usage

{INSTALLATION}

```python
import numpy as np

from cookie_jar.agents import load_classifier

classifier = load_classifier("FOLDER/{file.name}")  # loading runs no code
pictures = np.zeros((1, {shape}), np.uint8)  # yours, one after the other
print(classifier.predict_proba(pictures))  # for each picture, the probability of each class
```

## Hyperparameters

```json
{json.dumps(view.classifier.settings(), indent=2)}
```
"""


def _header(view: ClassifierView) -> dict[str, Any]:
    """Return the header as the Hugging Face Hub reads it; the owner has to add the licence."""
    task, scores, name = "image-classification", view.scores(), Path(str(view.about["data"])).name
    results = [
        {
            "task": {"type": task, "name": task},
            "dataset": {"name": name, "type": name, "split": "validation"},
            "metrics": [{"type": "accuracy", "value": round(scores.accuracy, 6), "name": "accuracy"}],
        }
    ]
    return {
        "library_name": "cookie-jar",
        "pipeline_tag": task,
        "tags": [task, "cookie-jar"],
        "model-index": [{"name": type(view.classifier).__name__, "results": results}],
    }
