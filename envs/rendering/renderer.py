"""Rendering for the environments: frames as arrays or in a window, and states as arrays."""

from collections.abc import Iterable

from ..dynamics import State
from ..kitchen import Kitchen
from .frame import Frame
from .pixels import Pixels
from .scene import Scene
from .window import Window


class Renderer:
    """Draw the frames of an environment.

    Args:
        mode: "rgb_array", or "human" for a window.
        fps: Frames per second in the window.
    """

    def __init__(self, mode: str, fps: int) -> None:
        self._mode, self._fps = mode, fps
        self._scene: Scene | None = None
        self._window: Window | None = None

    def render(self, kitchen: Kitchen, frame: Frame, moving: bool = False) -> Pixels | None:
        """Draw a frame.

        Args:
            kitchen: The kitchen of the frame's state.
            frame: The frame to draw.
            moving: Whether a window shows the movement that led to the frame.

        Returns:
            The picture, uint8 [640, 640, 3], or None if a window shows it.
        """
        if self._scene is None or self._scene.kitchen != kitchen:
            self._scene = Scene(kitchen)
        if self._mode == "rgb_array":
            return self._scene.draw_array(frame)
        if self._window is None:
            self._window = Window("Cookie Jar", self._scene.size, grows=True)
        if self._window.size != self._scene.size:
            self._scene = Scene(kitchen, self._window.size)
        self._window.play(self._scene, frame, self._fps, moving)
        return None

    def close(self) -> None:
        """Close the window, if there is one."""
        if self._window is not None:
            self._window.close()
            self._window = None


def draw_states(states: Iterable[tuple[Kitchen, State]]) -> tuple[Pixels, ...]:
    """Return a picture of each state in its kitchen, uint8 [640, 640, 3]."""
    states = list(states)
    scenes = {kitchen: Scene(kitchen) for kitchen in {kitchen for kitchen, _ in states}}
    return tuple(scenes[kitchen].draw_array(Frame(state)) for kitchen, state in states)
