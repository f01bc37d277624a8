"""What many operations have in common stands once, among the components: parameters and refusals."""

from __future__ import annotations

import json
import re
from typing import Any


def share(result: dict[str, Any]) -> None:
    """Move the parameters and refusals of operations to the components."""
    parameters = Shelf("parameters", result)
    responses = Shelf("responses", result)
    for methods in result["paths"].values():
        for operation in methods.values():
            tag = operation["tags"][0]
            if "parameters" in operation:
                operation["parameters"] = [
                    parameters.put(pascal(row["name"]), pascal(tag), row) for row in operation["parameters"]
                ]
            for code, response in operation["responses"].items():
                if code >= "400":
                    operation["responses"][code] = responses.put(f"Problem{code}", pascal(tag), response)


class Shelf:
    """One kind of component: what is the same is there once."""

    def __init__(self, kind: str, result: dict[str, Any]) -> None:
        self.kind = kind
        self.rows: dict[str, Any] = result["components"].setdefault(kind, {})
        self.names: dict[str, str] = {}

    def put(self, name: str, owner: str, row: dict[str, Any]) -> dict[str, Any]:
        """A reference to `row`, which is called `name`, or after its owner where another one is called so."""
        text = json.dumps(row, sort_keys=True, default=str)
        if text not in self.names:
            free = [name, f"{owner}{name}", *(f"{owner}{name}{number}" for number in range(2, 100))]
            self.names[text] = next(one for one in free if one not in self.rows)
            self.rows[self.names[text]] = row
        return {"$ref": f"#/components/{self.kind}/{self.names[text]}"}


def pascal(name: str) -> str:
    """The name in one word: SaidAfter, IfMatch."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))
