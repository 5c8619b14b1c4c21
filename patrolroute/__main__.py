"""``python -m patrolroute`` is the same as ``patrolroute``."""

import sys

from patrolroute.cli.commands import main

if __name__ == "__main__":
    sys.exit(main())
