"""What the product is measured against: other ways to give the same answers from the same tables."""

from __future__ import annotations

from importlib.util import find_spec

NEEDS: dict[str, tuple[str, ...]] = {}
"""The peers, and which packages each needs beside those of the product."""


def available() -> tuple[list[str], list[str]]:
    """The peers that can run here, and of each of the others why it cannot, as a sentence."""
    missing = {name: [package for package in NEEDS[name] if find_spec(package) is None] for name in NEEDS}
    reasons = [
        f"{name} is left out: {', '.join(lacking)} is not installed" for name, lacking in missing.items() if lacking
    ]
    return [name for name, lacking in missing.items() if not lacking], reasons
