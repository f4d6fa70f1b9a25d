"""How the manual is built: MyST pages, the furo look, reference tables straight from the schema and the word lists."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent / "src")]

import liantu  # noqa: E402

project = "Liantu 链图"
author = "The Liantu developers"
copyright = "2026, The Liantu developers"
smartquotes = False  # options begin with two hyphens
release = version = liantu.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "liantu_reference"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "**/README.md"]
autodoc_typehints = "description"
autodoc_member_order = "bysource"

html_theme = "furo"
html_title = "Liantu 链图"
html_static_path = ["_static"]
html_css_files = ["liantu.css"]
html_theme_options = {"source_directory": "docs/"}
html_show_sphinx = False
