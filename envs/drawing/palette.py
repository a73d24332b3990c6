"""The colours of the kitchen; apart in brightness too, so that colour-blind viewers tell them apart."""

INK = (48, 38, 36)
PAPER = (255, 250, 240)
MUTED = (139, 122, 108)

FLOOR = (243, 226, 196)
FLOOR_DARK = (236, 215, 180)
WALL = (72, 104, 122)
WALL_TOP = (94, 130, 148)
COUNTER = (166, 108, 66)
COUNTER_TOP = (200, 140, 92)
TABLE = (196, 136, 84)
TABLE_SIDE = (148, 96, 56)

SKIN = (246, 205, 166)
HAIR = (104, 62, 38)
SHIRT = (214, 72, 56)
TROUSERS = (48, 84, 150)
CHEEK = (240, 150, 128)

CHAIR = (240, 178, 40)
CHAIR_DARK = (186, 126, 16)

GLASS = (222, 240, 246)
GLASS_EDGE = (120, 160, 178)
LID = (214, 72, 56)

COOKIE = (222, 170, 104)
COOKIE_EDGE = (170, 116, 60)
CHIP = (62, 34, 22)
RAISIN = (112, 62, 110)

HAPPY = (30, 120, 92)
UNHAPPY = (186, 60, 40)
