"""``python -m liantu`` is the same as ``liantu``."""

import sys

from liantu.cli import main

sys.exit(main())
