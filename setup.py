"""What pyproject.toml cannot say: the README's links lead to files beside it, and are whole where it stands alone."""

import re
from pathlib import Path

from setuptools import setup

AT = "https://github.com/patrolroute/patrolroute"
TEXT = Path(__file__).with_name("README.md").read_text(encoding="utf-8")
PICTURE = re.compile(r"(!\[[^]]*\]\()(?!https?://|#)([^)\s]+)")
LINK = re.compile(r"((?<!!)\[[^]]*\]\()(?!https?://|#)([^)\s]+)")

setup(
    long_description=LINK.sub(rf"\1{AT}/blob/main/\2", PICTURE.sub(rf"\1{AT}/raw/main/\2", TEXT)),
    long_description_content_type="text/markdown",
)
