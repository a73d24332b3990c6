"""Exceptions that come from the code of a foreign environment, as one line."""

import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

import gymnasium as gym


def environment_error(error: BaseException) -> str | None:
    """Return what an environment raised and where, with the notes of the exception; None for other errors.

    Args:
        error: The exception, with its traceback. If it passed through a method of an environment that is not
            one of this package, it is an error of that environment.
    """
    frames = [
        (frame, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if isinstance(frame.f_locals.get("self"), gym.Env)
    ]
    if not frames:
        return None
    frame, line = frames[-1]
    env: gym.Env[Any, Any] = frame.f_locals["self"]
    with suppress(Exception):  # a foreign property can raise anything
        env = env.unwrapped
    if type(env).__module__.startswith("cookie_jar."):
        return None
    name = type(env).__name__ if env.spec is None else env.spec.id
    place = f"`{frame.f_code.co_name}`, {Path(frame.f_code.co_filename).name} line {line}"
    notes = getattr(error, "__notes__", None)
    added = "".join(f". {note}" for note in notes) if isinstance(notes, list) else ""
    return f"the environment {name} raised {described(error)} in {place}{added}"


def described(error: BaseException) -> str:
    """Return the name and the text of an exception of foreign code as one line."""
    try:
        text = str(error)
    except Exception:  # the text is foreign code too
        text = ""
    return f"{' '.join(f'{type(error).__name__}: {text}'.split()):.500}".rstrip(": ")
