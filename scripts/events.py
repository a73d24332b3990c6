"""Export a run's training record to TensorBoard, with the tag names of Stable-Baselines3."""

import sys
from collections.abc import Sequence
from pathlib import Path

from cookie_jar.scripts.common.argument_types import Parser, run_folder
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.common.tensorboard import episode_scalars, evaluation_scalars, write_events


def parser() -> Parser:
    """Return the command-line parser."""
    parser = Parser(prog="cookie-jar events", description=__doc__)
    parser.add_argument("run", type=run_folder, metavar="RUN", help="the folder of a run, such as runs/NAME")
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("tensorboard"),
        metavar="DIR",
        help="log folder; the run gets a subfolder (default: %(default)s)",
    )
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    scalars = [*episode_scalars(args.run), *evaluation_scalars(args.run)]
    write_events(args.out / args.run.resolve().name, scalars)
    print(f"wrote {len(scalars):,} values; show them with: tensorboard --logdir {args.out}")


if __name__ == "__main__":
    sys.exit(run(main))
