"""Sphinx configuration."""

from patrolroute import __version__

project = "patrolroute"
author = "The patrolroute authors"
copyright = "2026, the patrolroute authors. Map data © OpenStreetMap contributors, ODbL 1.0"
release = version = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"patrolroute {version}"
html_static_path: list[str] = []

# Isolated machines: the pages ask nothing of the network.
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
napoleon_numpy_docstring = True
autodoc_typehints = "description"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": True}
