"""Start Python so that it heeds interrupts, also where the tests are a shell's background job."""

import sys

# A shell starts background jobs with interrupts ignored, and what they start inherits that.
_HEED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""

HEEDING_INTERRUPTS = [sys.executable, "-c", _HEED]
