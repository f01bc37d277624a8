"""`manage.py demo`: a register that can be tried out at once."""

from __future__ import annotations

import io
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.core.management import CommandError, call_command
from tqdm import tqdm

from claims.models import Attribution, Claim, Dispute, Evidence, Verdict
from claims.services.demo import INVENTED, PEOPLE, create_people, load_disputes, load_vocabularies
from factcheck.base.command import RegisterCommand, whole_number


class Command(RegisterCommand):
    help = (
        "Prepare the database, load roles, rating scale and the demo disputes, create the demo users, export a report "
        "and print the addresses. A second run changes nothing that is there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port", type=whole_number(65_535), help="port of the addresses to print (default: FACTCHECK_BASE_URL's)"
        )
        parser.add_argument(
            "--force", action="store_true", help="also in production, where everybody would know the passwords"
        )

    def handle(self, *args: Any, port: int | None, force: bool, **options: Any) -> None:
        if settings.FACTCHECK_PRODUCTION and not force:
            raise CommandError(
                "This is a production register, and the passwords of the demo users are known to everybody. "
                "Use --force if you mean it."
            )
        # For the addresses in the report that is exported, too.
        settings.FACTCHECK_BASE_URL = base_url(port)
        # A bar on a terminal, nothing in a pipe.
        with tqdm(total=5, disable=None, leave=False, bar_format="{desc:<28}{bar}{n_fmt}/{total_fmt}") as bar:
            bar.set_description_str("Preparing the database")
            call_command("migrate", interactive=False, verbosity=0)
            bar.update()
            bar.set_description_str("Roles and rating scale")
            load_vocabularies()
            bar.update()
            bar.set_description_str("Demo users")
            new = create_people()
            bar.update()
            bar.set_description_str("Demo disputes")
            batches = load_disputes()
            bar.update()
            bar.set_description_str("A report as a proof")
            dispute = Dispute.objects.public().order_by("pk").first()
            report = self.export(dispute) if dispute else None
            token = self.token() if "researcher" in new else ""
            bar.update()
        self.print_state(loaded=bool(batches))
        self.print_addresses(dispute, report)
        self.print_people()
        if token:
            self.print_token(token)

    def export(self, dispute: Dispute) -> Path:
        path = Path(settings.FACTCHECK_DATA_DIR) / "reports" / f"{dispute.slug}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        call_command("export_report", "dispute", dispute.slug, "--format", "html", "-o", str(path), verbosity=0)
        return path

    def token(self) -> str:
        answer = io.StringIO()
        call_command("create_token", "researcher", stdout=answer, stderr=io.StringIO())
        return answer.getvalue().strip()

    def print_state(self, *, loaded: bool) -> None:
        counts = ", ".join(
            f"{noun.objects.count()} {noun._meta.verbose_name_plural}"
            for noun in (Dispute, Claim, Attribution, Evidence, Verdict)
        )
        how = "The demo data are loaded" if loaded else "The register keeps what it had, nothing was loaded"
        self.stdout.write(f"{how}: {counts}.\n")
        if loaded:
            self.stdout.write(
                "They are the disputes of one news report, as far as it carries them, and one that is wholly invented, "
                "with what the report has no example of; its titles and claims begin with “Invented:”.\n"
            )
        self.stdout.write("\n")

    def print_addresses(self, dispute: Dispute | None, report: Path | None) -> None:
        base = settings.FACTCHECK_BASE_URL
        rows = [
            ("Public site", f"{base}/"),
            ("Admin", f"{base}/admin/"),
            ("API", f"{base}/api/v1/"),
            ("Swagger UI", f"{base}/api/docs/"),
        ]
        if dispute:
            rows.insert(0, ("A dispute, as the public sees it", f"{base}/disputes/{dispute.slug}/"))
        if invented := Dispute.objects.public().filter(slug=INVENTED).first():
            rows.insert(1, ("An invented one", f"{base}/disputes/{invented.slug}/"))
        if report:
            rows.append(("The same as a file", str(report)))
        self.print_table(rows)

    def print_people(self) -> None:
        rows = [(p.username, p.password, p.role, p.may) for p in PEOPLE]
        self.print_table([("Log-in", "Password (unless changed)", "Role", "What the role may do"), *rows])

    def print_token(self, token: str) -> None:
        address = f"{settings.FACTCHECK_BASE_URL}/api/v1/disputes/"
        self.stdout.write("A token of the researcher, shown this once (manage.py create_token makes others):\n\n")
        self.stdout.write(f'  curl -H "Authorization: Bearer {token}" {address}\n')

    def print_table(self, rows: Sequence[tuple[str, ...]]) -> None:
        widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
        for row in rows:
            line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write(f"  {line}".rstrip())
        self.stdout.write("\n")


def base_url(port: int | None) -> str:
    """The address under which the register is reached, with another port if one is given."""
    parts = urlsplit(settings.FACTCHECK_BASE_URL)
    if port is None:
        return settings.FACTCHECK_BASE_URL
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return urlunsplit((parts.scheme, f"{host}:{port}", parts.path, "", ""))
