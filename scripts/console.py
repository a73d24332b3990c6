"""How the programs talk: errors without tracebacks, and the name of the next command."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import gymnasium as gym

from cookie_jar.agents import AgentError
from cookie_jar.envs import CookieJarError


class UsageError(Exception):
    """Something that the user can mend: what was expected, what came, what to do."""


def run(main: Callable[[Sequence[str] | None], None], argv: Sequence[str] | None = None) -> int:
    """Run a program; a mistake of the user ends it with one message and exit status 2."""
    try:
        main(argv)
    except (UsageError, AgentError, CookieJarError, gym.error.Error) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return 0


def command(program: str) -> str:
    """How the user would call another program: as this one was called."""
    called = Path(sys.argv[0])
    if called.suffix == ".py" and called.parent.name == "scripts":
        return f"python {called.with_name(program).with_suffix('.py')}"
    return f"cookie-jar {program}"
