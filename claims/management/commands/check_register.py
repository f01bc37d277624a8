"""`manage.py check_register`: every rule of the register, asked of everything that is in it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from claims.choices import RuleLevel
from claims.rules.catalogue import RULES
from claims.rules.judgement import Judge, Judged, name_rows, tell
from claims.rules.registry import GRAVITY, Row
from claims.rules.survey import count_rows, survey
from factcheck.base.command import RegisterCommand

SHOWN = 20


class Command(RegisterCommand):
    help = (
        "Ask every rule of everything in the register and list what breaks one, with the remedy. Ends with "
        "1 where something stands that a rule would refuse now, and is not excepted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="as JSON")
        parser.add_argument(
            "--rows", type=int, default=SHOWN, metavar="N", help=f"at most so many places a rule (default {SHOWN})"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        judge = Judge.now()
        counted, excepted = Counter[str](), Counter[str]()
        kept: dict[str, list[Judged]] = defaultdict(list)
        with tqdm(total=count_rows(), unit=" rows", disable=None, leave=False) as bar:
            for finding in survey(progress=bar.update):
                [judged] = judge.of([finding])
                code = finding.rule.code
                (excepted if judged.excepted else counted)[code] += 1
                # Only those that are shown are held: there may be one for each row of the register.
                if len(kept[code]) < options["rows"]:
                    kept[code].append(judged)
        broken = {code: found for code, found in kept.items() if counted[code] or excepted[code]}
        order = sorted(broken, key=lambda code: (GRAVITY.index(judge.levels[code]), code))
        names = name_rows((judged.finding for found in broken.values() for judged in found), None)
        told = [_rule(code, judge.levels[code], counted[code], excepted[code], broken[code], names) for code in order]
        if options["json"]:
            self.stdout.write(json.dumps({"rules": told}, ensure_ascii=False, indent=1))
        else:
            self.list(told)
        refused = sum(counted[code] for code in order if judge.levels[code] == RuleLevel.REFUSE)
        if refused:
            raise CommandError(f"{refused:,} places break a rule that refuses, and are not excepted.")
        if not options["json"]:
            self.stdout.write(self.style.SUCCESS("Nothing breaks a rule that refuses."))

    def list(self, told: list[dict[str, Any]]) -> None:
        """What was found, in words."""
        for rule in told:
            more = f", {rule['excepted']:,} excepted" if rule["excepted"] else ""
            self.stdout.write(f"{rule['code']} ({rule['level']}): {rule['count']:,}{more}. {rule['sentence']}")
            if rule["count"] and rule["level"] == RuleLevel.REFUSE:
                self.stdout.write("  What stands here would be refused if it were entered now.")
            for place in rule["places"]:
                said = f" Excepted: {place['excepted']}" if place["excepted"] else ""
                self.stdout.write(f"  {place['words']}{said}")
            if (left := rule["count"] + rule["excepted"] - len(rule["places"])) > 0:
                self.stdout.write(f"  ... and {left:,} more.")
            self.stdout.write(f"  {rule['remedy']}")


def _rule(
    code: str, level: str, count: int, excepted: int, found: list[Judged], names: dict[Row, str]
) -> dict[str, Any]:
    rule = RULES[code]
    return {
        "code": code,
        "level": str(level),
        "count": count,
        "excepted": excepted,
        "sentence": rule.sentence,
        "remedy": rule.remedy,
        "places": [
            {
                "words": tell(judged.finding, names),
                "rows": [f"{row.noun}:{row.id}" for row in judged.finding.broken.rows],
                "excepted": judged.excepted,
            }
            for judged in found
        ],
    }
