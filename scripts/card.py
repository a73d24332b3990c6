"""Card: describe a run for others, as the Hugging Face Hub does, with exact figures; nothing is uploaded."""

import argparse
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from cookie_jar.agents import Agent, Evaluation
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.files import write_atomically
from cookie_jar.agents.runs import load
from cookie_jar.scripts.common.console import UsageError, run

CARD_FILE = "README.md"


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="cookie-jar card", description=__doc__)
    parser.add_argument("run", metavar="RUN", type=Path, help="the folder of a run, such as runs/NAME")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help=f"default: RUN/{CARD_FILE}")
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    if not args.run.is_dir():
        raise UsageError(f"{args.run}: expected the folder of a run; `train` makes one")
    agent = load(args.run)
    path = args.output or args.run / CARD_FILE
    write_atomically(path, model_card(agent, Evaluator(agent.env)).encode())
    print(f"wrote {path}")


def model_card(agent: Agent, evaluator: Evaluator) -> str:
    """The card: a header in YAML that the Hub reads, then the same in words."""
    score = evaluator.greedy(agent)
    spec = agent.env.spec
    env_id = type(agent.env).__name__ if spec is None else spec.id
    name = getattr(agent, "algorithm", type(agent).__name__)
    header = yaml.safe_dump(_header(name, env_id, score), sort_keys=False)
    settings = json.dumps(agent.settings(), indent=2)
    top = "" if evaluator.optimum is None else f"\n| optimum | {evaluator.optimum.mean_return:.4f} |"
    ends = (
        "" if math.isnan(score.success) else f"It ends well in {100 * score.success:.2f} % of the episodes. "
    )
    return f"""---
{header}---

# {name} in {env_id}

Learned from {agent.num_timesteps:,} steps. Figures: {evaluator.how};
episodes of at most {evaluator.horizon} actions.

| policy | happiness |
|---|---|
| random | {evaluator.random.mean_return:.4f} |
| this one, greedy | {score.mean_return:.4f} |{top}

{ends}An episode takes {score.length:.2f} actions.

```python
import cookie_jar.envs  # registers the environments
from cookie_jar.agents import load

agent = load("FOLDER")  # numbers in safetensors: loading runs no code
```

```json
{settings}
```
"""


def _header(name: str, env_id: str, score: Evaluation) -> dict[str, Any]:
    """As Stable-Baselines3 has it on the Hub, but for the licence: that is the owner's to choose."""
    figures = {"mean_reward": score.mean_return, "success_rate": score.success}
    results = [
        {
            "task": {"type": "reinforcement-learning", "name": "reinforcement-learning"},
            "dataset": {"name": env_id, "type": env_id},
            "metrics": [
                {"type": kind, "value": round(value, 6), "name": kind}
                for kind, value in figures.items()
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
