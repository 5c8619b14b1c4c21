"""Mixed capacitated general routing: ``python tests/benchmarks/mcgrp.py [FOLDER] [--seconds 30]``.

Runs every file of a folder and compares costs (driving and traversing, without serving) with its ``reference.csv``.
It prints a line for each instance, and figures last.
"""

from __future__ import annotations

from published import command, files

if __name__ == "__main__":
    command.main(files.read_folder, words=str(__doc__), set_name="mcgrp", seconds=30.0)
