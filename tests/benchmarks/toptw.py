"""Team orienteering with time windows: ``python tests/benchmarks/toptw.py [FOLDER] [--seconds 5]``.

Runs every file of a folder with one to four crews and compares with its ``reference.csv``, where ``optimum…`` is a
proof and ``method_best`` the best of one method's runs. It prints a line for each case (``=`` marks proven
references), and figures last: ``proven_mean_gap_percent`` over the optima, ``unproven_mean_gap_percent`` over the rest.
"""

from __future__ import annotations

from published import command, windowed

if __name__ == "__main__":
    command.main(windowed.read_folder, words=str(__doc__), set_name="toptw", seconds=5.0)
