"""Damaged copies of csv files, deterministic by seed."""

from random import Random

CELLS = (
    *(
        b"nan",
        b"inf",
        b"-inf",
        b"1e400",
        b"9" * 400,
        b"1_0",
        "٣".encode(),
        b"1e3",
        b"0x10",
        b"",
        b" 1",
        b"+1",
    ),
    *(b"-1", b"0", b"-0", b"True", b'"1"', b"1.0", b"99999999999999999999", b"5e-324", b"\xff"),
)
WHOLE = (
    lambda data: data.replace(b"\n", b"\r\n"),
    lambda data: b"\xef\xbb\xbf" + data,
    lambda data: data.rstrip(b"\n"),
    lambda data: data + b"\x00" * 50,
    lambda data: data + b"1.0,",
    lambda data: data.decode("latin1").encode("utf-16"),
    lambda data: data.replace(b",", b";"),
    lambda data: b"",
)


def damaged(data: bytes, random: Random) -> bytes:
    """Return a copy in which bits, pieces, lines or cells are changed."""
    kind = random.randrange(10)
    place = random.randrange(len(data))
    end = min(len(data), place + random.randrange(1, 60))
    lines = data.split(b"\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    if kind == 0:
        return data[:place] + bytes([data[place] ^ 1 << random.randrange(8)]) + data[place + 1 :]
    if kind == 1:
        return data[:place] + random.choice(b"0123456789-+.,e\n\r\x00_ ").to_bytes(1) + data[place + 1 :]
    if kind == 2:
        return data[:place] + data[end:]
    if kind == 3:
        return data[:end] + data[place:]
    if kind == 4:
        return data[:place] + random.randbytes(end - place) + data[end:]
    if kind == 5:
        return random.choice(WHOLE)(data)
    if kind == 6:
        return data[:place]
    if kind == 7:
        lines[one : one + 1] = random.choice(([], [lines[other]], [lines[one], lines[one]]))
    elif kind == 8:
        lines[one], lines[other] = lines[other], lines[one]
    else:
        cells = lines[one].split(b",")
        cells[random.randrange(len(cells))] = random.choice((*CELLS, *cells))
        lines[one] = b",".join(cells)
    return b"\n".join(lines)
