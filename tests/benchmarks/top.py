"""Team orienteering: ``python tests/benchmarks/top.py [FOLDER] [--seconds 5]``.

Runs every instance of a folder (Chao's form, subfolders too) and compares with its ``best_known.csv``; real-valued
distances, the budget held in exact arithmetic. It prints a line for each instance, and figures last.
"""

from __future__ import annotations

from published import command, orienteering

if __name__ == "__main__":
    command.main(orienteering.read_folder, words=str(__doc__), set_name="top", seconds=5.0)
