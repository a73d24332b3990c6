"""The data set to train on: gathered and split with the defaults if there is none yet."""

from pathlib import Path

from cookie_jar.scripts.classification.gather import drawn
from cookie_jar.scripts.classification.split import print_split
from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.common.dataset import (
    DATA,
    Dataset,
    check_replaceable,
    is_dataset,
    read_dataset,
    write_dataset,
)
from cookie_jar.scripts.common.split import (
    Split,
    has_split,
    make_split,
    read_split,
    write_split,
)


def prepared(folder: Path, console: Console) -> tuple[Dataset, Split]:
    """Read a data set and its split; what is missing is made with the defaults.

    The pictures are gathered only into the default folder.

    Raises:
        FileError: If another folder holds no data set, or a file is damaged.
        UsageError: If there are too few pictures, or the default folder holds other files.
    """
    if folder == DATA and not is_dataset(folder):
        check_replaceable(folder, overwrite=False)
        console.out(f"No data set in {folder} yet: gathering one, as `cookies gather` does.")
        dataset = drawn(console)
        write_dataset(folder, dataset)
    else:
        dataset = read_dataset(folder)
    if has_split(folder):
        return dataset, read_split(folder, dataset)
    console.out(f"Pictures in {folder} are not split yet: doing so, as `cookies split` does.")
    split = make_split(dataset)
    write_split(folder, dataset, split)
    print_split(console, dataset, split)
    console.print()
    return dataset, split
