"""The model card of an agent, after the conventions of the Hugging Face Hub."""

import json
import math
from typing import Any

import yaml

from cookie_jar.agents import Agent, Evaluation
from cookie_jar.agents.env_spec import foreign_module
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.imported import ImportedNetwork
from cookie_jar.agents.on_policy import NETWORK
from cookie_jar.agents.picture_agent import PictureAgent
from cookie_jar.agents.registry import AGENTS
from cookie_jar.scripts.common.console import printable
from cookie_jar.scripts.common.markdown import INSTALLATION, plain

TASK = "reinforcement-learning"
DEEP = "deep-reinforcement-learning"  # tag of agents with a network; a table is none
OWN_ENVS = "cookie_jar.envs"  # the beginning of the entry points of our environments


def model_card(agent: Agent, evaluator: Evaluator) -> str:
    """Return the model card of an agent."""
    score = evaluator.greedy(agent)
    spec = agent.env.spec
    env_id = printable(type(agent.env).__name__ if spec is None else spec.id, 100)
    name = printable(getattr(agent, "algorithm", type(agent).__name__), 100)
    header = yaml.safe_dump(_header(agent, name, env_id, score), sort_keys=False)
    return f"""---
{header}---

# {plain(name)} in {plain(env_id)}

{_kind(agent)}
Trained for {agent.num_timesteps:,} steps. Scores: {evaluator.how};
episodes of at most {evaluator.horizon} actions.

{_scores(score, evaluator)}

## Usage

{INSTALLATION}

```python
{_example(agent)}
```

## Hyperparameters

```json
{json.dumps(agent.settings(), indent=2)}
```
"""


def _kind(agent: Agent) -> str:
    """Return what kind of model an agent is, as a sentence."""
    if isinstance(agent, ImportedNetwork):
        return "A neural network of Stable-Baselines3, stored as NumPy arrays: PyTorch is not needed."
    return "A neural network." if _is_deep(agent) else "A table with a row for each state."


def _is_deep(agent: Agent) -> bool:
    """Return whether an agent has a neural network."""
    return isinstance(agent, ImportedNetwork | PictureAgent) or agent.settings().get("policy") == NETWORK


def _example(agent: Agent) -> str:
    """Return code that loads an agent, evaluates it, and lets it act once."""
    module, spec = foreign_module(agent.env), agent.env.spec
    lines = ["from cookie_jar.agents import Evaluator, load", ""]
    call = 'load("FOLDER")'
    if spec is None:
        call = 'load("FOLDER", env=env)'
        lines.append("env = ...  # the environment, which has no id")
    elif module is not None:
        lines.insert(0, f"import {module}  # registers the environment")
    elif str(spec.entry_point).startswith(OWN_ENVS):
        lines.insert(0, "import cookie_jar.envs  # registers the environments")
    return "\n".join(
        [
            *lines,
            f"agent = {call}  # loading runs no code",
            "print(Evaluator(agent.env).greedy(agent))  # the score above",
            "observation, _ = agent.env.reset(seed=0)",
            "action, _ = agent.predict(observation, deterministic=True)",
        ]
    )


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


def _header(agent: Agent, name: str, env_id: str, score: Evaluation) -> dict[str, Any]:
    """Return the metadata that the Hub reads; the owner has to add the licence."""
    metrics = {"mean_reward": score.mean_return, "success_rate": score.success}
    results = [
        {
            "task": {"type": TASK, "name": TASK},
            "dataset": {"name": env_id, "type": env_id},
            "metrics": [
                {"type": kind, "value": round(value, 6), "name": kind}
                for kind, value in metrics.items()
                if not math.isnan(value)
            ],
        }
    ]
    names = {kind: key for key, kind in AGENTS.items()}
    tags = [env_id, names.get(type(agent), name.lower()), TASK, *([DEEP] if _is_deep(agent) else [])]
    return {
        "library_name": "cookie-jar",
        "pipeline_tag": TASK,
        "tags": [*dict.fromkeys(tags), "cookie-jar"],
        "model-index": [{"name": name, "results": results}],
    }
