"""Exercise 11: find the shortcut.

A classifier learned from 200 pictures which cookie they show. It is right for 99 % of new pictures from the
same album, and for only 2 % of those from another one. It must have learned something other than cookies.

A picture has 16 rows and 16 columns, both numbered from 0. A cookie on a table cloth is in the middle.
Choose a region of at most 16 pixels that tells the kind of the cookie nearly as well as the whole picture.
"""

# The region: the first row, the first column, the number of rows, the number of columns.
REGION = (0, 0, 4, 4)
