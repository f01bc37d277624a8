"""What is worked out for one report is forgotten with it."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

import pytest

from factcheck.settings import BASE_DIR

WRITTEN = """
import ctypes, sys
import typst
from claims.reports.formats import letters

class Taken(ctypes.Structure):
    names = "arena ordblks smblks hblks hblkhd usmblks fsmblks used free top"
    _fields_ = [(name, ctypes.c_size_t) for name in names.split()]

c = ctypes.CDLL(None)
c.mallinfo2.restype = Taken
for nth in range(12):
    text = "".join(f"== Part {nth} {part}\\n#lorem(60) {nth}\\n" for part in range(60))
    typst.Compiler(input=text.encode(), font_paths=letters.fonts()).compile(format="pdf")
    if sys.argv[1] == "forgotten":
        letters.forget_documents()
print(c.mallinfo2().used)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="the C library does not tell what is in use")
def test_typst_forgets_the_documents_that_it_wrote() -> None:
    def used(kind: str) -> int:
        asked = [sys.executable, "-c", WRITTEN, kind]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "factcheck.settings"}
        return int(subprocess.run(asked, cwd=BASE_DIR, env=environment, capture_output=True, check=True).stdout)

    assert used("forgotten") < used("kept") / 2
