"""Exercise 12: make it generalise.

In the album of exercise 11, nearly every kind of cookie lies on a table cloth of its own. In the other album
the cloths are swapped. A classifier that learned the cloths is right there for 2 % of the pictures.

You cannot get another album. But you can change all pictures before the classifier learns from them and is
tested: take the cloth away. The classifier should be right for at least 50 % in the other album.
"""


def prepared(picture):
    """Return a changed copy of a picture.

    A picture is a list of 16 rows of 16 pixels; a pixel is [red, green, blue], from 0 to 255.
    """
    middle = range(4, 12)
    return [
        [
            picture[row][column] if row in middle and column in middle else [128, 128, 128]
            for column in range(16)
        ]
        for row in range(16)
    ]
