"""Undirected arc routing with profits: ``python tests/benchmarks/ucarpp.py [FOLDER] [--seconds 5]``.

Runs every file of a folder with every fleet of its ``best_known.csv``; capacity and time limit hold, a profit counts
once, whatever is driven takes time. It prints a line for each instance, and figures last.
"""

from __future__ import annotations

from published import command, profits

if __name__ == "__main__":
    command.main(profits.read_folder, words=str(__doc__), set_name="ucarpp", seconds=5.0)
