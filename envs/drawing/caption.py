"""Words in the picture: the caption below the kitchen, and the child's speech bubbles."""

from functools import lru_cache

import pygame

from ..dynamics import CLOSED, Cookie, Event
from . import palette, sprites
from .moment import Moment

_BUBBLES = {
    Event.BUMP: "ouch",
    Event.VAIN: "too high",
    Event.OPEN: "reached!",
    Event.YUCK: "yuck",
    Event.YUM: "yum!",
}


@lru_cache(maxsize=32)
def font(height: int) -> pygame.font.Font:
    """The text face, about `height` pixels tall."""
    return pygame.font.Font(None, round(height * 1.4))


def write(
    picture: pygame.Surface,
    text: str,
    height: int,
    colour: tuple[int, int, int],
    left: int | None = None,
    right: int | None = None,
    middle: int = 0,
) -> pygame.Rect:
    """Write a line, from `left` or up to `right`, centred on the line y = `middle`."""
    line = font(height).render(text, True, colour)
    place = line.get_rect(centery=middle)
    if left is not None:
        place.left = left
    if right is not None:
        place.right = right
    return picture.blit(line, place)


def draw_caption(
    picture: pygame.Surface, area: pygame.Rect, moment: Moment, cookies: tuple[Cookie, ...]
) -> None:
    """What was done and felt at the left, the jar in the middle, happiness so far at the right."""
    picture.fill(palette.PAPER, area)
    unit = area.height
    margin, high, low = round(unit * 0.2), area.top + round(unit * 0.36), area.top + round(unit * 0.68)
    big, small = round(unit * 0.24), round(unit * 0.15)
    done = "start" if moment.action is None else moment.action.label
    write(picture, done, big, palette.INK, left=area.left + margin, middle=high)
    if moment.event is not None:
        feeling = f"{moment.event.label}  {moment.happiness:+.2f}"
        write(picture, feeling, small, palette.MUTED, left=area.left + margin, middle=low)
    colour = palette.UNHAPPY if moment.total < 0 else palette.HAPPY
    write(picture, f"{moment.total:+.2f}", big, colour, right=area.right - margin, middle=high)
    acts = f"happiness, {moment.steps} act{'' if moment.steps == 1 else 's'}"
    write(picture, acts, small, palette.MUTED, right=area.right - margin, middle=low)
    _draw_cookies(picture, area, int(moment.state.jar), cookies)


def _draw_cookies(
    picture: pygame.Surface, area: pygame.Rect, contents: int, cookies: tuple[Cookie, ...]
) -> None:
    size, small = round(area.height * 0.4), round(area.height * 0.13)
    step = round(size * 1.25)
    left = area.centerx - step - size // 2
    for place, kind in enumerate(cookies):
        x, middle = left + place * step, area.top + round(area.height * 0.36)
        if contents == CLOSED or contents >> place & 1:
            corner = x, middle - size // 2
            picture.blit(sprites.cookie(size, kind), corner, special_flags=pygame.BLEND_PREMULTIPLIED)
        else:
            pygame.draw.circle(picture, palette.FLOOR, (x + size // 2, middle), size // 2, width=2)
    text = "jar closed" if contents == CLOSED else "jar open"
    line = font(small).render(text, True, palette.MUTED)
    picture.blit(line, line.get_rect(center=(area.centerx, area.top + round(area.height * 0.76))))


def draw_bubble(picture: pygame.Surface, mouth: tuple[int, int], event: Event, tile: int) -> None:
    """A speech bubble beside the child's head, for the events that make it speak."""
    if event not in _BUBBLES:
        return
    line = font(max(12, tile // 4)).render(_BUBBLES[event], True, palette.INK)
    bubble = line.get_rect().inflate(tile // 4, tile // 7)
    bubble.midleft = mouth[0] + round(tile * 0.42), mouth[1] + round(tile * 0.12)
    tip = [(bubble.left + 4, bubble.centery - tile // 12), (bubble.left + 4, bubble.centery + tile // 12)]
    if bubble.right > picture.get_width() - 4:
        bubble.right = mouth[0] - round(tile * 0.42)
        tip = [(bubble.right - 4, y) for _, y in tip]
    point = (
        mouth[0] + (1 if bubble.left > mouth[0] else -1) * round(tile * 0.3),
        mouth[1] + round(tile * 0.2),
    )
    pygame.draw.polygon(picture, palette.PAPER, [*tip, point])
    pygame.draw.rect(picture, palette.PAPER, bubble, border_radius=bubble.height // 2)
    picture.blit(line, line.get_rect(center=bubble.center))
