"""The view of a replay: pictures, panel, buttons and timeline."""

from collections.abc import Sequence

import pygame

from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.layout import LARGEST_NUMBERS
from cookie_jar.scripts.common.value_scale import ValueScale
from cookie_jar.scripts.viewer.close_up import CloseUp, close_up_height
from cookie_jar.scripts.viewer.control import Control
from cookie_jar.scripts.viewer.controls import KEYS, replay_buttons
from cookie_jar.scripts.viewer.layout import lay_out_window
from cookie_jar.scripts.viewer.legend import ROW, Item, draw_legend, legend_rows
from cookie_jar.scripts.viewer.overlays import OVERLAYS, PANEL, VALUES
from cookie_jar.scripts.viewer.panel_text import make_panel
from cookie_jar.scripts.viewer.parts import HEADING, EpisodePicture, Part, draw_heading
from cookie_jar.scripts.viewer.player import Player
from cookie_jar.scripts.viewer.view import View
from cookie_jar.scripts.viewer.widgets.panel import Panel, draw_panel
from cookie_jar.scripts.viewer.widgets.timeline import HEIGHT as TIMELINE_HEIGHT
from cookie_jar.scripts.viewer.widgets.timeline import draw_timeline, snapshot_at

TIMELINE = "timeline"
LEAST_HEIGHT = 14  # em of the pictures that are tall enough for a legend below
NUMBERS = 1.3  # em of the largest numbers on the floor
FRAME = 3  # pixels of the frame around the picture that the panel describes


class PlayerView(View):
    """The view of a replay.

    The controls are the buttons of `controls.replay_buttons`, "timeline", and "picture 1" and so on.

    Args:
        player: The replay.
        bare: Whether to leave out buttons and timeline, for a file.

    Attributes:
        has_legend: Whether there is a legend of the overlays below the pictures.
    """

    def __init__(self, player: Player, *, bare: bool = False) -> None:
        super().__init__(KEYS, player.notice)
        self.player, self._bare, self.has_legend = player, bare, True
        self._pictures = [EpisodePicture() for _ in player.replays]
        self._close_ups = [CloseUp(replay.likes) for replay in player.replays]
        self._panel, self._footer, self._legend = Part(), Part(), Part()
        self._wanted: int | None = None  # the snapshot under the mouse; loaded once a frame, for speed

    def advance(self, seconds: float) -> None:
        """Advance the replay by some seconds, unless help is shown."""
        super().advance(seconds)
        if self._wanted is not None:
            self.player.show_snapshot(self._wanted)
            self._wanted = None
        if not self.helping:
            self.player.advance(seconds)

    def execute(self, command: str) -> None:
        """Execute a command of the player."""
        self.player.do(command)

    def commands(self) -> list[str]:
        """Return the commands of `KEYS`, without those for overlays, snapshots and pictures it lacks."""
        missing = set(self.player.missing())
        missing |= set() if self.player.replay.has_snapshots else {"earlier", "later", "first", "last"}
        missing |= set() if len(self._pictures) > 1 else {"select"}
        return [command for command in super().commands() if command not in missing]

    def scroll(self, y: int) -> None:
        """Go to the next or the previous snapshot."""
        if self.player.replay.has_snapshots:
            self.player.do("later" if y > 0 else "earlier")

    def draw_contents(self, window: pygame.Surface, em: int) -> None:
        """Draw pictures, panel, footer and buttons."""
        player, panel = self.player, PANEL in self.player.shown
        count, footer = len(self._pictures), self.footer_height()
        layout = lay_out_window(
            window.get_size(),
            count,
            panel=panel,
            footer=footer,
            buttons=not self._bare,
            em=em,
            density=self.density,
        )
        pictures = self._draw_legend(window, layout.pictures, em)
        for number, area in enumerate(pictures):
            self._draw_picture(window, number, area, em, caption=layout.panel is None)
        if layout.panel is not None:
            contents = self.make_panel()
            self._panel.draw(window, layout.panel, contents, lambda s, r: draw_panel(s, r, contents, em))
            if count > 1:
                self._join_panel(window, layout.panel, em)
        if layout.footer is not None:
            self.draw_footer(window, layout.footer, em)
        if layout.buttons is not None:
            row = replay_buttons(player.head.paused, player.head.speed, player.shown, player.missing())
            self.add_buttons(window, layout.buttons, row, always_enabled=OVERLAYS)

    def footer_height(self) -> float:
        """Return the height of the footer in em; 0 for none."""
        return TIMELINE_HEIGHT if self.player.replay.has_snapshots and not self._bare else 0.0

    def make_panel(self) -> Panel:
        """Return the contents of the panel, about the selected agent."""
        replay = self.player.replay
        return make_panel(replay, *self.player.place_in(replay))

    def draw_footer(self, window: pygame.Surface, area: pygame.Rect, em: int) -> None:
        """Draw the timeline of the selected agent."""
        line, held = self.player.replay.timeline, self.held == TIMELINE
        self._footer.draw(window, area, (line, held), lambda s, r: draw_timeline(s, r, line, held))

        def move(x: int) -> None:
            self._wanted = snapshot_at(area, self.player.replay.timeline, x)

        tip = "drag to see the agent at another moment of its training, or turn the mouse wheel"
        self.add_control(Control(TIMELINE, area, move, draggable=True, tip=tip))

    def _draw_legend(
        self, window: pygame.Surface, pictures: Sequence[pygame.Rect], em: int
    ) -> Sequence[pygame.Rect]:
        """Draw one legend below all pictures, and return the places that are left for the pictures."""
        whole = pictures[0].unionall(list(pictures[1:]))
        rows = self.legend_rows(whole.width - em, em) if self.has_legend else []
        if not rows or whole.height < LEAST_HEIGHT * em:
            return pictures
        tall = round(em * ROW) * len(rows)
        area = pygame.Rect(whole.left, whole.bottom - tall, whole.width, tall)
        key = tuple(sorted(self.player.drawn)), self._scale(), em
        self._legend.draw(window, area, key, lambda s, r: draw_legend(s, r, rows, em))
        share = (whole.height - tall) / whole.height
        return [
            pygame.Rect(rect.left, whole.top + round((rect.top - whole.top) * share), rect.width, height)
            for rect, height in ((rect, int(rect.height * share)) for rect in pictures)
        ]

    def legend_rows(self, room: int, em: int) -> list[list[Item]]:
        """Return the legend of the overlays in rows of at most `room` pixels; see `legend.draw_legend`."""
        return legend_rows(self.player.drawn, self._scale(), room, em)

    def _scale(self) -> ValueScale:
        """Return the scale of the values, if they are shown: its computation takes time."""
        return self.player.scale if VALUES in self.player.drawn else ValueScale()

    def _join_panel(self, window: pygame.Surface, panel: pygame.Rect, em: int) -> None:
        """Draw a line beside the panel in the colour of the frame around the picture that it describes."""
        if panel.left:
            window.fill(palette.SHIRT, (panel.left, panel.top + em // 2, FRAME, panel.height - em))
        else:
            window.fill(palette.SHIRT, (em // 2, panel.top, panel.width - em, FRAME))

    def _draw_picture(
        self, window: pygame.Surface, number: int, area: pygame.Rect, em: int, *, caption: bool
    ) -> None:
        """Draw the picture of one agent, with a heading if there are several."""
        player, replay, picture = self.player, self.player.replays[number], self._pictures[number]
        tip = "click to select this agent" if len(self._pictures) > 1 else "click to pause or continue"
        self.add_control(Control(f"picture {number + 1}", area, lambda _: self._select(number), tip=tip))
        act, progress = player.place_in(replay)
        time_step = replay.episode.time_steps[act]
        below, framed = close_up_height(area.height, self.density) if replay.has_pictures else 0, None
        if len(self._pictures) > 1:
            tall = round(em * HEADING)
            area = picture.fit(area.inflate(-em, -em // 2), replay.episode, tall + below)
            if min(area.size) < 1:  # a very small window
                return
            framed = area.inflate(em - 2, em // 2 - 2) if number == player.selected else None
            head = pygame.Rect(area.left, area.top, area.width, tall)
            name = f"{replay.name}, {replay.steps:,} steps"
            draw_heading(window, head, em, name, time_step, number == player.selected)
            area = pygame.Rect(area.left, head.bottom, area.width, max(1, area.bottom - head.bottom))
            caption = False
        if below:
            area = pygame.Rect(area.left, area.top, area.width, max(1, area.height - below))
            place = pygame.Rect(area.left, area.bottom, area.width, below)
            self._close_ups[number].draw(window, place, replay.jar_view(act, progress), em)
        overlay = player.overlay(number)
        numbers = LARGEST_NUMBERS if self._bare else max(LARGEST_NUMBERS, round(NUMBERS * em))
        picture.draw(window, area, replay.episode, time_step, progress, overlay, caption, numbers)
        if framed is not None:
            pygame.draw.rect(window, palette.SHIRT, framed, FRAME, border_radius=em // 2)

    def _select(self, number: int) -> None:
        """Select an agent; if there is only one, pause or continue."""
        self.player.selected = number
        if len(self._pictures) == 1:
            self.player.do("pause")
