"""The compiled renderer: pictures from looks, attributes and dots.

Numba compiles these functions at the first call and caches the result on disk. All are in one file because a
change of another file would not renew the cache. Every picture is drawn by itself, in one order of operations
and without fast mathematics, so that a picture does not depend on the batch. The last bit of a sine differs
between machines, and so may a pixel by one.

Lengths are in picture widths from the centre of the picture, x to the right and y down. A shape is given by
its signed distance, negative inside, and covers the share of a pixel that `coverage` returns.
"""

from collections.abc import Callable
from math import cos, sin, sqrt
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..arrays import Floats


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function, with a cache on disk if there is a writable folder."""
    try:
        return njit(cache=True)(function)
    except RuntimeError:  # no writable folder
        return njit(function)


GOLDEN_ANGLE = 2.39996
GRAIN_CELLS = (11, 24)  # cells per picture width of the lattices of the grain
GRAIN_REACH = 0.6  # how far they reach from the centre of the cookie
DARKEST_DOUGH = 0.3  # the least light of the shaded dough
CRUMB = (0.72, 0.50, 0.28)
NEIGHBOUR_RADIUS = 0.33


@compiled
def mixed(word: np.uint64) -> np.uint64:
    """Mix the bits of a word, as `streams.mixed`."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@compiled
def coverage(distance: float, size: int) -> float:
    """Return the share of a pixel within a shape, given the signed distance of the pixel's centre."""
    return min(max(0.5 - distance * size, 0.0), 1.0)


@compiled
def outline(x: float, y: float, rho: float, wobble: Floats) -> float:
    """Return the radius of a cookie in the direction of a point, as a share of its mean radius.

    Args:
        x: From the centre of the cookie.
        y: From the centre of the cookie.
        rho: The distance of the point from the centre.
        wobble: Cosine and sine coefficients of the waves with 2, 3 and 7 bumps [3, 2].
    """
    c, s = (x / rho, y / rho) if rho > 0 else (1.0, 0.0)
    c2, s2 = c * c - s * s, 2 * c * s  # cosine and sine of twice the angle, and so on
    c3, s3 = c2 * c - s2 * s, s2 * c + c2 * s
    c4, s4 = c2 * c2 - s2 * s2, 2 * c2 * s2
    c7, s7 = c4 * c3 - s4 * s3, s4 * c3 + c4 * s3
    return (
        1 + wobble[0, 0] * c2 + wobble[0, 1] * s2 + wobble[1, 0] * c3 + wobble[1, 1] * s3
        + wobble[2, 0] * c7 + wobble[2, 1] * s7
    )  # fmt: skip


@compiled
def wave_tables(rate: float, turn: float, phase: float, rows: Floats, columns: Floats, table: Floats) -> None:
    """Fill the table [4, size] from which `wave` computes sin(rate (x cos turn + y sin turn) + phase)."""
    along, down = rate * cos(turn), rate * sin(turn)
    for k in range(len(rows)):
        table[0, k], table[1, k] = sin(along * columns[k] + phase), cos(along * columns[k] + phase)
        table[2, k], table[3, k] = sin(down * rows[k]), cos(down * rows[k])


@compiled
def wave(table: Floats, row: int, column: int) -> float:
    """Return a wave at a pixel, by the addition theorem of the sine."""
    return table[0, column] * table[3, row] + table[1, column] * table[2, row]


@compiled
def fill_lattice(key: np.uint64, lattice: Floats) -> None:
    """Fill the points of a lattice with random numbers from -1 to 1."""
    gamma = np.uint64(0x9E3779B97F4A7C15)
    for row in range(len(lattice)):
        for column in range(len(lattice)):
            key += gamma
            lattice[row, column] = np.int64(mixed(key) >> np.uint64(11)) * 2.0**-52 - 1


@compiled
def bump(lattice: Floats, cells: int, x: float, y: float) -> float:
    """Return the height of the dough at a point, between the nearest points of a lattice."""
    across = min(max((x + GRAIN_REACH) * cells, 0.0), len(lattice) - 1.001)
    down = min(max((y + GRAIN_REACH) * cells, 0.0), len(lattice) - 1.001)
    column, row = int(across), int(down)
    right, below = across - column, down - row
    right, below = right * right * (3 - 2 * right), below * below * (3 - 2 * below)
    upper = lattice[row, column] + right * (lattice[row, column + 1] - lattice[row, column])
    lower = lattice[row + 1, column] + right * (lattice[row + 1, column + 1] - lattice[row + 1, column])
    return upper + below * (lower - upper)


@compiled
def spread_cloth(look: Any, grid: Floats, tables: Floats, picture: Floats) -> None:
    """Paint the table cloth, plain or checked."""
    size = len(grid)
    checked = look.check > 0
    if checked:
        wave_tables(look.check_rate, look.check_turn, look.check_phase[0], grid, grid, tables[0])
        wave_tables(look.check_rate, look.check_turn + np.pi / 2, look.check_phase[1], grid, grid, tables[1])
    for row in range(size):
        for column in range(size):
            tint = 0.0
            if checked:
                first = min(max(2 * wave(tables[0], row, column), -1.0), 1.0)
                second = min(max(2 * wave(tables[1], row, column), -1.0), 1.0)
                tint = look.check * 0.5 * (first + second)
            for channel in range(3):
                picture[row, column, channel] = look.cloth[channel] + tint


@compiled
def bitten_off(look: Any, radius: float, x: float, y: float) -> float:
    """Return the signed distance from the outside of a bite of three teeth."""
    depth = -1.0
    for tooth in range(-1, 2):
        angle = look.bite_turn + tooth * look.tooth_gap
        off_x, off_y = x - radius * cos(angle), y - radius * sin(angle)
        depth = max(depth, 0.3 * radius - sqrt(off_x * off_x + off_y * off_y))
    return depth


@compiled
def shade(look: Any, rho: float, edge: float, slope: float, grain: float) -> float:
    """Return the light of the dough at a point: darker at the rim, uneven, and lit from one side."""
    rim = min(max((rho / edge - 0.62) / 0.38, 0.0), 1.0)
    light = (1 - 0.5 * look.burnt) * (1 - look.rim * rim * sqrt(rim))
    return max(light * (1 + look.grain * grain) * (1 + slope), DARKEST_DOUGH)


@compiled
def bake_dough(
    look: Any, radius: float, grid: Floats, coarse: Floats, fine: Floats, picture: Floats, dough: Floats,
    cover: Floats,
) -> None:  # fmt: skip
    """Paint the cookie's shadow on the cloth; fill the dough without dots and the share that it covers."""
    size = len(grid)
    rows, columns = grid - look.y, grid - look.x
    wobble = np.empty((3, 2))
    for k in range(3):
        wobble[k, 0] = look.wobble[k] * cos(look.wobble_turn[k])
        wobble[k, 1] = look.wobble[k] * sin(look.wobble_turn[k])
    for row in range(size):
        y = rows[row]
        for column in range(size):
            x = columns[column]
            rho = sqrt(x * x + y * y)
            edge = radius * outline(x, y, rho, wobble)
            distance = rho - edge
            if look.bitten > 0 and distance < 1 / size:
                distance = max(distance, bitten_off(look, radius, x, y))
            cover[row, column] = coverage(distance, size)
            off_x, off_y = x - look.shadow_x, y - look.shadow_y
            dark = min(max(0.5 - 10 * (sqrt(off_x * off_x + off_y * off_y) - edge), 0.0), 1.0)
            slope = (x * look.slope_x + y * look.slope_y) / radius
            grain = bump(coarse, GRAIN_CELLS[0], x, y) + bump(fine, GRAIN_CELLS[1], x, y)
            light = shade(look, rho, edge, slope, grain)
            for channel in range(3):
                picture[row, column, channel] *= 1 - look.shadow * dark
                dough[row, column, channel] = look.dough[channel] * light


@compiled
def drop_crumbs(look: Any, grid: Floats, picture: Floats) -> None:
    """Paint the crumbs on the cloth."""
    size = len(grid)
    for k in range(len(look.crumb)):
        reach = look.crumb[k] + 0.5 / size
        for row in range(size):
            y = grid[row] - look.crumb_y[k]
            if look.crumb[k] == 0 or abs(y) > reach:
                continue
            for column in range(size):
                x = grid[column] - look.crumb_x[k]
                cover = 0.8 * coverage(sqrt(x * x + y * y) - look.crumb[k], size)
                for channel in range(3):
                    picture[row, column, channel] += cover * (CRUMB[channel] - picture[row, column, channel])


@compiled
def first_pixel(place: float, size: int) -> int:
    """Return the first row or column at a place or after, within the picture."""
    return min(max(int((place + 0.5) * size), 0), size)


@compiled
def stud(
    look: Any, dot: Any, x: float, y: float, radius: float, stretch: float, darkness: float,
    grid: Floats, dough: Floats, body: Floats,
) -> None:  # fmt: skip
    """Paint one dot, an ellipse that is a mixture of the shaded dough and of ink, with a little gloss."""
    size = len(grid)
    length, width = radius * sqrt(stretch), radius / sqrt(stretch)
    c, s = cos(dot.tilt), sin(dot.tilt)
    reach = length + 1.0 / size
    for row in range(first_pixel(y - reach, size), first_pixel(y + reach + 1.0 / size, size)):
        off_y = grid[row] - y
        for column in range(first_pixel(x - reach, size), first_pixel(x + reach + 1.0 / size, size)):
            off_x = grid[column] - x
            along = (off_x * c + off_y * s) / length
            across = (off_y * c - off_x * s) / width
            cover = coverage((sqrt(along * along + across * across) - 1) * radius, size)
            if cover > 0:
                lit = sqrt((along + 0.35) ** 2 + (across + 0.35) ** 2) / 0.6
                gloss = dot.gloss * max(1 - lit, 0.0)
                for channel in range(3):
                    below = dough[row, column, channel]
                    dot_colour = below + darkness * (look.ink[channel] - below) + gloss
                    body[row, column, channel] += cover * (dot_colour - body[row, column, channel])


@compiled
def stud_all(look: Any, dots: Any, attributes: Floats, grid: Floats, dough: Floats, body: Floats) -> None:
    """Paint the dots: on a spiral that fills the cookie evenly, each a little out of its place."""
    radius, number = attributes[0], int(attributes[1])
    for k in range(number):
        dot = dots[k]
        out = 0.77 * radius * sqrt((k + look.dots_start) / number) * dot.out
        angle = k * GOLDEN_ANGLE + look.dots_turn + dot.turn
        x, y = look.x + out * cos(angle) + dot.x, look.y + out * sin(angle) + dot.y
        darkness = min(max(attributes[3] + dot.darkness, 0.0), 1.0)
        radius_of_dot, stretch = attributes[2] * dot.size, attributes[4] * dot.length
        stud(look, dot, x, y, radius_of_dot, stretch, darkness, grid, dough, body)


@compiled
def lay_neighbour(look: Any, radius: float, grid: Floats, picture: Floats) -> None:
    """Paint a part of another cookie in front."""
    size, far = len(grid), radius + look.neighbour_gap
    x, y = look.x + far * cos(look.neighbour_turn), look.y + far * sin(look.neighbour_turn)
    for row in range(size):
        for column in range(size):
            distance = sqrt((grid[column] - x) ** 2 + (grid[row] - y) ** 2) - NEIGHBOUR_RADIUS
            cover = coverage(distance, size)
            if cover > 0:
                light = 0.95 * (1 - 0.35 * min(max(1 + 9 * distance, 0.0), 1.0))
                for channel in range(3):
                    dough = look.neighbour_dough[channel] * light
                    picture[row, column, channel] += cover * (dough - picture[row, column, channel])


@compiled
def expose(look: Any, grid: Floats, key: np.uint64, picture: Floats, out: NDArray[np.uint8]) -> None:
    """Light the picture and write its bytes, with noise.

    The noise of a channel is the sum of three 7-bit numbers, nearly normal with a standard deviation of 64.
    """
    size, gamma, bits = len(grid), np.uint64(0x9E3779B97F4A7C15), np.uint64(127)
    colour = (1 + look.temperature, 1.0, 1 - 1.4 * look.temperature)
    for row in range(size):
        for column in range(size):
            light = look.gain * (1 + look.light_x * grid[column] + look.light_y * grid[row])
            key += gamma
            word = mixed(key)
            for channel in range(3):
                total = (word & bits) + ((word >> np.uint64(7)) & bits) + ((word >> np.uint64(14)) & bits)
                word >>= np.uint64(21)
                noise = look.noise * (np.int64(total) - 190.5) / 64
                value = picture[row, column, channel] * light * colour[channel] + noise
                out[row, column, channel] = np.uint8(min(max(value, 0.0), 1.0) * 255 + 0.5)


@compiled
def render(
    looks: NDArray[Any],
    dots: NDArray[Any],
    attributes: Floats,
    keys: NDArray[np.uint64],
    out: NDArray[np.uint8],
) -> None:
    """Render pictures.

    Args:
        looks: Of type `looks.LOOK` [n].
        dots: Of type `looks.DOT` [n, MAX_DOTS].
        attributes: In the order of `recipe.ATTRIBUTES` [n, 5].
        keys: The key of each picture's noise [n].
        out: The pictures [n, size, size, 3], filled in place.
    """
    number, size = out.shape[0], out.shape[1]
    grid = (np.arange(size) + 0.5) / size - 0.5
    picture, dough, body = np.empty((3, size, size, 3))
    cover, tables = np.empty((size, size)), np.empty((2, 4, size))
    points = int(2 * GRAIN_REACH * GRAIN_CELLS[0]) + 2, int(2 * GRAIN_REACH * GRAIN_CELLS[1]) + 2
    coarse, fine = np.empty((points[0], points[0])), np.empty((points[1], points[1]))
    for i in range(number):
        look, radius = looks[i], attributes[i, 0]
        spread_cloth(look, grid, tables, picture)
        fill_lattice(keys[i] ^ np.uint64(1), coarse)
        fill_lattice(keys[i] ^ np.uint64(2), fine)
        bake_dough(look, radius, grid, coarse, fine, picture, dough, cover)
        drop_crumbs(look, grid, picture)
        body[:] = dough
        stud_all(look, dots[i], attributes[i], grid, dough, body)
        for channel in range(3):
            picture[:, :, channel] += cover * (body[:, :, channel] - picture[:, :, channel])
        if look.neighbour > 0:
            lay_neighbour(look, radius, grid, picture)
        expose(look, grid, keys[i], picture, out[i])
