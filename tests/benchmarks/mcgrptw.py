"""Mixed general routing with time windows: ``python tests/benchmarks/mcgrptw.py [FOLDER] [--seconds 10]``.

Runs every file of a folder and compares costs with its ``reference.csv``, where a MIP solver's gap of 0 is a proof.
It prints a line for each instance (``=`` marks proven references), and figures last.
"""

from __future__ import annotations

from published import command, files

if __name__ == "__main__":
    command.main(files.read_folder, words=str(__doc__), set_name="mcgrptw", seconds=10.0)
