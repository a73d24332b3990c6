"""Write a model card for the Hugging Face Hub, with exact scores; nothing is uploaded."""

import json
import math
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from cookie_jar.agents import Agent, Evaluation, load
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.files import write_atomically
from cookie_jar.agents.run_files import CARD_FILE, remove_card, sealed
from cookie_jar.agents.run_kinds import CLASSIFIER, run_kind
from cookie_jar.scripts.common.argument_types import Parser, add_run, new_file, run_folder
from cookie_jar.scripts.common.console import Console, UsageError, printable, run
from cookie_jar.scripts.common.env_modules import add_module_option
from cookie_jar.scripts.common.markdown import plain
from cookie_jar.scripts.common.output_files import MODEL_CARD
from cookie_jar.scripts.common.run_folders import given_or_newest
from cookie_jar.scripts.inspection.classifiers.card import classifier_card


def parser() -> Parser:
    """Return the command-line parser."""
    parser = Parser(prog="cookie-jar card", description=__doc__)
    add_run(parser, run_folder)
    parser.add_argument(
        "-o",
        "--output",
        type=partial(new_file, beginning=MODEL_CARD),
        metavar="FILE",
        help=f"file to write (default: RUN/{CARD_FILE})",
    )
    add_module_option(parser)
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    folder = given_or_newest(args.run, kind=None)
    if run_kind(folder) == CLASSIFIER:
        text = classifier_card(folder)
    else:
        agent = load(folder)
        text = model_card(agent, Evaluator(agent.env))
    card = sealed(text.encode())
    path = args.output or make_room(folder)
    write_atomically(path, card)
    Console().out(f"wrote {path}")


def make_room(folder: Path) -> Path:
    """Return the path of the model card of a run, where no other file is lost.

    Raises:
        UsageError: If the file of that name is no model card.
    """
    path, aside = folder / CARD_FILE, remove_card(folder)
    if aside is not None:
        Console().out(f"the edited {path} is now {aside}")
    if os.path.lexists(path):
        raise UsageError(f"{path} is not a model card, and is kept: choose another file with -o")
    return path


def model_card(agent: Agent, evaluator: Evaluator) -> str:
    """Return the model card of an agent."""
    score = evaluator.greedy(agent)
    spec = agent.env.spec
    env_id = printable(type(agent.env).__name__ if spec is None else spec.id, 100)
    name = printable(getattr(agent, "algorithm", type(agent).__name__), 100)
    header = yaml.safe_dump(_header(name, env_id, score), sort_keys=False)
    return f"""---
{header}---

# {plain(name)} in {plain(env_id)}

Trained for {agent.num_timesteps:,} steps. Scores: {evaluator.how};
episodes of at most {evaluator.horizon} actions.

{_scores(score, evaluator)}

## Usage

```python
import cookie_jar.envs  # registers the environments
from cookie_jar.agents import load

agent = load("FOLDER")  # from a safetensors file: loading runs no code
```

## Hyperparameters

```json
{json.dumps(agent.settings(), indent=2)}
```
"""


def _scores(score: Evaluation, evaluator: Evaluator) -> str:
    """Return the scores as a table, and success rate and length as sentences."""
    returns = {"random": evaluator.random.mean_return, "learned (greedy)": score.mean_return}
    if evaluator.optimum is not None:
        returns["optimum"] = evaluator.optimum.mean_return
    rows = [f"| {name} | {value:.4f} |" for name, value in returns.items()]
    success = (
        "" if math.isnan(score.success) else f"{100 * score.success:.2f} % of the episodes are successful. "
    )
    length = f"An episode takes {score.length:.2f} actions on average."
    return "\n".join(["| policy | mean return |", "|---|---|", *rows, "", success + length])


def _header(name: str, env_id: str, score: Evaluation) -> dict[str, Any]:
    """Return the header in the form of Stable-Baselines3; the owner has to add the licence."""
    metrics = {"mean_reward": score.mean_return, "success_rate": score.success}
    results = [
        {
            "task": {"type": "reinforcement-learning", "name": "reinforcement-learning"},
            "dataset": {"name": env_id, "type": env_id},
            "metrics": [
                {"type": kind, "value": round(value, 6), "name": kind}
                for kind, value in metrics.items()
                if not math.isnan(value)
            ],
        }
    ]
    return {
        "library_name": "cookie-jar",
        "tags": [env_id, "reinforcement-learning", "deep-reinforcement-learning", "cookie-jar"],
        "model-index": [{"name": name, "results": results}],
    }


if __name__ == "__main__":
    sys.exit(run(main))
