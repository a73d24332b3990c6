"""The colours; colours with different meanings differ in brightness, too, for colour-blind viewers."""

RGB = tuple[int, int, int]

INK: RGB = (56, 42, 38)
PAPER: RGB = (254, 249, 240)
PAPER_DARK: RGB = (241, 231, 215)
MUTED: RGB = (116, 97, 84)
LINE: RGB = (222, 208, 188)

FLOOR: RGB = (247, 231, 202)
FLOOR_DARK: RGB = (241, 221, 187)
FLOOR_JOINT: RGB = (231, 208, 171)
WALL: RGB = (70, 102, 106)
WALL_EDGE: RGB = (49, 74, 79)
FACE: RGB = (174, 207, 198)
FACE_LOW: RGB = (158, 194, 186)
FACE_LINE: RGB = (146, 183, 176)
SKIRTING: RGB = (252, 243, 226)
SKIRTING_EDGE: RGB = (206, 184, 154)

WOOD: RGB = (204, 138, 84)
WOOD_DARK: RGB = (166, 104, 58)
WOOD_EDGE: RGB = (112, 66, 36)
WORKTOP: RGB = (255, 246, 230)
WORKTOP_EDGE: RGB = (216, 194, 164)
CLOTH: RGB = (250, 240, 226)
CLOTH_STRIPE: RGB = (226, 142, 118)
CLOTH_CROSS: RGB = (206, 104, 84)
SKY: RGB = (206, 233, 245)
LEAF: RGB = (94, 140, 88)

SKIN: RGB = (250, 212, 176)
SKIN_EDGE: RGB = (176, 112, 78)
HAIR: RGB = (116, 68, 40)
HAIR_LIT: RGB = (150, 94, 56)
HAIR_EDGE: RGB = (66, 38, 24)
SHIRT: RGB = (222, 82, 62)
SHIRT_EDGE: RGB = (136, 40, 30)
TROUSERS: RGB = (58, 98, 164)
TROUSERS_EDGE: RGB = (30, 52, 96)
SHOE: RGB = (74, 50, 44)
CHEEK: RGB = (246, 164, 140)
MOUTH: RGB = (140, 40, 40)
TONGUE: RGB = (240, 128, 120)
WHITE: RGB = (255, 255, 255)
BLACK: RGB = (20, 14, 12)

CHAIR: RGB = (250, 190, 60)
CHAIR_LIT: RGB = (255, 218, 122)
CHAIR_DARK: RGB = (206, 140, 26)
CHAIR_EDGE: RGB = (112, 70, 12)

GLASS: RGB = (222, 241, 246)
GLASS_EDGE: RGB = (92, 132, 148)
LID: RGB = (206, 66, 54)
LID_LIT: RGB = (236, 112, 92)
LID_EDGE: RGB = (112, 30, 26)

DOUGH: RGB = (232, 182, 112)
DOUGH_LIT: RGB = (243, 204, 144)
DOUGH_EDGE: RGB = (150, 96, 44)
CHIP: RGB = (46, 22, 14)
CHIP_LIT: RGB = (110, 70, 48)
OATS: RGB = (206, 160, 116)
OATS_LIT: RGB = (222, 182, 140)
RAISIN: RGB = (112, 58, 100)
RAISIN_LIT: RGB = (166, 116, 150)
BUTTER: RGB = (250, 224, 160)
BUTTER_LIT: RGB = (255, 237, 190)
BUTTER_EDGE: RGB = (190, 146, 70)
CRUMB: RGB = (204, 160, 96)

HAPPY: RGB = (0, 98, 160)
UNHAPPY: RGB = (184, 68, 4)
BAR: RGB = (60, 140, 196)
BAR_BEST: RGB = (0, 88, 150)
BAR_MINUS: RGB = (230, 150, 76)
BAR_MINUS_BEST: RGB = (200, 86, 10)
STAR: RGB = (255, 206, 64)


def mix_colours(a: RGB, b: RGB, share: float) -> RGB:
    """Return the colour between a (share 0) and b (share 1)."""
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return red, green, blue


def brightness(colour: RGB) -> float:
    """Return the perceived brightness of a colour, 0 to 255."""
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]
