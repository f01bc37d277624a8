"""What the product is measured against: other ways to give the same answers from the same tables."""

from __future__ import annotations

from importlib.util import find_spec

MODULES = {
    "product": "benchmarks.product",
    "floor": "benchmarks.peers.floor",
    "raw": "benchmarks.peers.raw",
    "drf": "benchmarks.peers.drf",
    "ninja": "benchmarks.peers.ninja",
    "fastapi": "benchmarks.peers.fastapi",
    "stored": "benchmarks.peers.stored",
    "admin": "benchmarks.peers.admin",
}
"""The applications that can be asked; the `start()` of each module gives it."""
NEEDS: dict[str, tuple[str, ...]] = {
    "raw": (),
    "drf": (),
    "ninja": ("ninja",),
    "fastapi": ("fastapi", "uvicorn"),
    "stored": (),
    "admin": (),
}
"""The peers, and which modules each needs beside those of the product."""
OF_CLAIMS = tuple(name for name in NEEDS if name != "admin")
"""Those that give the lists and details of claims."""


def available() -> tuple[list[str], list[str]]:
    """The peers that can run here, and of each of the others why it cannot, as a sentence."""
    missing = {name: [module for module in needed if find_spec(module) is None] for name, needed in NEEDS.items()}
    reasons = [
        f"{name} is left out: {', '.join(lacking)} is not installed." for name, lacking in missing.items() if lacking
    ]
    return [name for name, lacking in missing.items() if not lacking], reasons
