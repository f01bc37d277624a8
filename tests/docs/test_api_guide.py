"""Every example of docs/api.md and docs/filters.md, run in order against the demo register."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from string import Template
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from knox.models import AuthToken

from claims.services.demo import create_people, load_disputes, load_vocabularies

DOCS = Path(__file__).resolve().parents[2] / "docs"
EXAMPLE = re.compile(r"```curl\n(?P<command>.*?)```\n```json (?P<status>\d{3})\n(?P<answer>.*?)```", re.DOTALL)
ANYTHING = "…"


def token(name: str) -> str:
    return AuthToken.objects.create(get_user_model().objects.get(username=name))[1]


def requested(command: str, values: dict[str, str]) -> dict[str, Any]:
    """The parts of a curl command: method, url, headers, body."""
    _curl, *words = shlex.split(Template(command).safe_substitute(values))
    request: dict[str, Any] = {"method": "GET", "headers": {}, "body": ""}
    while words:
        word = words.pop(0)
        if word == "-X":
            request["method"] = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            request["headers"][name] = value
        elif word == "-d":
            request["body"] = words.pop(0)
        else:
            assert word.startswith("http"), f"the guide uses a curl option that this test does not know: {word}"
            request["url"] = word
    return request


def holds(shown: Any, given: Any) -> bool:
    """Whether the shortened answer of the guide is part of the given one."""
    if shown == ANYTHING:
        return True
    if isinstance(shown, dict):
        return isinstance(given, dict) and all(name in given and holds(shown[name], given[name]) for name in shown)
    if isinstance(shown, list):
        return len(given) >= len(shown) and all(holds(a, b) for a, b in zip(shown, given, strict=False))
    return bool(shown == given)


@pytest.mark.django_db
def test_every_example_of_the_api_guide_answers_as_shown() -> None:
    load_vocabularies()
    create_people()
    load_disputes()
    values = {
        "REGISTER": settings.FACTCHECK_BASE_URL,
        "TOKEN": token("researcher"),
        "EDITOR_TOKEN": token("editor"),
        "REVIEWER_TOKEN": token("reviewer"),
        "ID": "0",
    }
    guide = "".join((DOCS / name).read_text() for name in ("api.md", "filters.md"))
    examples = list(EXAMPLE.finditer(guide))
    assert len(examples) == guide.count("```curl")
    for example in examples:
        asked = requested(example["command"], values)
        kind = asked["headers"].get("Content-Type", "application/octet-stream")
        answer = Client().generic(
            asked["method"],
            asked["url"].removeprefix(settings.FACTCHECK_BASE_URL),
            asked["body"],
            content_type=kind,
            headers=asked["headers"],
        )
        body = json.loads(answer.content or b"null")
        assert answer.status_code == int(example["status"]), (example["command"], body)
        assert holds(json.loads(example["answer"]), body), (example["command"], json.dumps(body, indent=1))
        if answer.status_code == 201 and isinstance(body, dict) and isinstance(body.get("id"), int):
            values["ID"] = str(body["id"])
