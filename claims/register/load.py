"""Stores a register that was read from a file: all of it or nothing, into a register that is empty."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from claims.choices import RuleLevel, VerdictStatus
from claims.models import Attribution, ImportBatch, Verdict
from claims.register.nouns import NOUNS, PERSON, PERSON_FIELDS, Field, refers_to_person
from claims.register.problem import Problem
from claims.register.read import FORMAT, SHOWN, RegisterFile, Row
from claims.register.rules import violations
from claims.register.wordings import find_wordings
from claims.rules.judgement import Judge
from claims.rules.survey import survey
from claims.services.question import ask_questions_of_old_disputes
from factcheck.audit.access import require
from factcheck.audit.chain import record_event
from factcheck.audit.context import recording
from factcheck.audit.followers import together
from factcheck.base.errors import Conflict, DomainError
from factcheck.base.http.constraints import violation_of
from factcheck.base.statistics import refresh_statistics
from factcheck.base.storage import exists
from factcheck.models.recorded import RecordedModel
from factcheck.models.versions import join
from sources.models import Snapshot

BATCH = 500
KNOWN = 10_000
"""So many rows of a noun to which others refer are held at a time."""
REFERRED_TO = {field.related_model for model in NOUNS.values() for field in model._meta.concrete_fields}
"""The nouns to which others refer."""


@dataclass(slots=True)
class Outcome:
    """What came in, or would come in, or why nothing did: with problems, nothing is stored.

    `breaches` counts, by the code of the rule, what breaks one that would refuse it today: it is older than the rule.
    `questions` is how many disputes got their first question, which older files do not have. `filled` names fields
    that the file never had, whose default its rows got, and `left_out` what it has and this release does not any more;
    both as "evidence.method". `older_verbs` is how many statements have a verb that is not chosen any more, since it
    does not say which of today's was meant: the desk chooses again.
    """

    counts: Counter[str] = field(default_factory=Counter)
    new_people: list[str] = field(default_factory=list)
    missing_files: int = 0
    breaches: Counter[str] = field(default_factory=Counter)
    older_verbs: int = 0
    questions: int = 0
    filled: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    batch: ImportBatch | None = None


def load_register(
    stream: BinaryIO,
    *,
    actor: User | None = None,
    origin: str,
    dry_run: bool = False,
    progress: Callable[[int], object] | None = None,
) -> Outcome:
    """The register is as the file has it: rows with their numbers, versions and moments, each recorded as imported.

    Persons who have no account here get one with which nobody can log in. `progress` is given the number of bytes that
    were read since its last call. In a dry run, and where the outcome has problems, nothing is stored. Raises Conflict
    when the register holds rows, Forbidden when `actor` may not correct what is published.
    """
    if actor is not None:
        require(actor, "sources.correct_published", "import a register")
    with recording(actor=actor, reason=f"Imported from {origin}"):
        _require_empty()
        loading = _Loading(RegisterFile(stream), progress)
        with together():
            outcome = loading.run()
        if not outcome.problems:
            outcome.missing_files = sum(1 for _ in _missing_files())
            _reset_sequences()
            outcome.older_verbs = Attribution.objects.older().count()
            if "reworded_at" in loading.file.filled.get("claim", ()):
                find_wordings()
            # A file that is older than questions has none.
            outcome.questions = ask_questions_of_old_disputes()
            outcome.batch = ImportBatch(
                origin=origin,
                digest=loading.file.digest,
                format=FORMAT,
                counts=dict(outcome.counts),
                imported_by=actor,
            )
            outcome.batch.save()
            refresh_statistics()
            outcome.breaches = _count_breaches()
        if dry_run or outcome.problems:
            transaction.set_rollback(True)
            outcome.batch = None
        return outcome


def _require_empty() -> None:
    held = [model for model in NOUNS.values() if model._base_manager.exists()]
    if held:
        names = ", ".join(str(model._meta.verbose_name_plural) for model in held)
        raise Conflict(
            f"This register already holds rows ({names}), whose numbers would clash with those of the file. "
            "Import into a new one: a database on which migrate was run, and no other fixture than the roles loaded.",
            code="not_empty",
        )


class _Loading:
    """One run through a file."""

    def __init__(self, file: RegisterFile, progress: Callable[[int], object] | None) -> None:
        self.file, self.progress = file, progress
        self.people: dict[str, int] = {}
        # What the next rows refer to as well, as it was stored: an import changes no row.
        self.known: dict[type[models.Model], dict[int, Any]] = defaultdict(dict)
        self.outcome = Outcome()

    def run(self) -> Outcome:
        waiting: list[Row] = []
        read = 0
        for found in self.file:
            if isinstance(found, Problem):
                self.outcome.problems.append(found)
            # After the first problem the rest is only read, to name all that is wrong at once.
            elif not self.outcome.problems:
                if waiting and (waiting[0].noun != found.noun or len(waiting) == BATCH):
                    self._store(waiting)
                    waiting = []
                waiting.append(found)
            if self.progress is not None:
                self.progress(self.file.read - read)
            read = self.file.read
        if waiting and not self.outcome.problems:
            self._store(waiting)
        self.outcome.counts = self.file.counts
        self.outcome.filled = [f"{noun}.{name}" for noun, names in self.file.filled.items() for name in names]
        self.outcome.left_out = self.file.left_out
        return self.outcome

    def _store(self, rows: list[Row]) -> None:
        if rows[0].noun == PERSON:
            for row in rows:
                self.outcome.problems += self._take_person(row)
            return
        built = self._built(rows)
        found = [Problem(row.line, name, message) for row, new in built for name, message in violations(new)]
        if not found:
            try:
                with transaction.atomic():
                    self._restore(rows[0].noun, [new for _row, new in built])
            except (ValidationError, DomainError, DatabaseError):
                found = self._guilty(rows)
        self.outcome.problems += found[:SHOWN]

    def _restore(self, noun: str, rows: list[RecordedModel]) -> None:
        # A default is not always what a field takes from a form: rows that were there when it was added have it too.
        NOUNS[noun].objects.bulk_restore(rows, unchecked=self.file.filled.get(noun, ()))
        if NOUNS[noun] in REFERRED_TO:
            self._know(NOUNS[noun], {row.pk: row for row in rows})

    def _know(self, model: type[models.Model], rows: dict[int, Any]) -> dict[int, Any]:
        """Hold these rows for those that refer to them, and all that are held of their noun."""
        known = self.known[model]
        if len(known) > KNOWN:
            known.clear()
        known |= rows
        return known

    def _guilty(self, rows: list[Row]) -> list[Problem]:
        """The rows of a refused batch for which it was refused: one by one, those that can stand beside each other."""
        found: list[Problem] = []
        for row in rows:
            try:
                with transaction.atomic():
                    self._restore(row.noun, [new for _row, new in self._built([row])])
            except ValidationError as error:
                found += [
                    Problem(row.line, name if name != "__all__" else "", message)
                    for name, messages in _by_field(error)
                    for message in messages
                ]
            except DomainError as error:
                found.append(Problem(row.line, error.field or "", error.message))
            except IntegrityError as error:
                violation = violation_of(error)
                found.append(Problem(row.line, ", ".join(violation.fields), violation.message))
            except DatabaseError:
                found.append(Problem(row.line, "", "The database cannot hold this row."))
            if len(found) >= SHOWN:
                break
        return found or [Problem(rows[0].line, "", "This row and those after it cannot stand together.")]

    def _built(self, rows: list[Row]) -> list[tuple[Row, RecordedModel]]:
        """The rows as objects of their model, with all that they refer to joined: labels and scopes ask for it."""
        model = NOUNS[rows[0].noun]
        columns = model._meta.concrete_fields
        people = [f.attname for f in columns if refers_to_person(f)]
        built = []
        for row in rows:
            named = {name: self.people[row.values[name]] for name in people if row.values[name] is not None}
            built.append((row, model(**{**row.values, **named})))
        news = [new for _row, new in built]
        for column in columns:
            if column.is_relation and not refers_to_person(column):
                join(news, column.name, self._targets(column, news, model))
        if "claim_text" in self.file.filled.get(rows[0].noun, ()):
            _bind(news)
        return built

    def _targets(self, column: Field, rows: list[RecordedModel], model: type[RecordedModel]) -> dict[int, Any]:
        """The rows to which `rows` refer by a column: those that are stored, and those that come with them."""
        wanted = {getattr(row, column.attname) for row in rows} - {None}
        target: type[models.Model] | None = column.related_model
        if not wanted or target is None:
            return {}
        known = self.known[target]
        if unknown := wanted - known.keys():
            related = [f.name for f in target._meta.concrete_fields if f.is_relation and not refers_to_person(f)]
            # Those that were held until now may be wanted as well.
            held = {pk: known[pk] for pk in wanted & known.keys()}
            known = self._know(target, held | target._base_manager.select_related(*related).in_bulk(unknown))
        return known | {row.pk: row for row in rows if row.pk in wanted} if target is model else known

    def _take_person(self, row: Row) -> Iterator[Problem]:
        model = get_user_model()
        name = row.values["username"]
        user: Any = model._default_manager.filter(username=name).first()
        if user is None:
            user = model(is_active=False, **{field: row.values[field] for field in PERSON_FIELDS})
            user.set_unusable_password()
            try:
                user.clean_fields()
            except ValidationError as error:
                yield from (Problem(row.line, place, message) for place, them in _by_field(error) for message in them)
                return
            user.save()
            record_event("user.created", "user", user.pk, name)
            self.outcome.new_people.append(name)
        self.people[name] = user.pk


def _bind(rows: list[Any]) -> None:
    """Verdicts of a file that is older than their wordings have judged what their claims say in it."""
    for row in rows:
        if isinstance(row, Verdict) and row.status == VerdictStatus.PUBLISHED:
            row.claim_text = row.claim.text


def _by_field(error: ValidationError) -> Iterator[tuple[str, list[str]]]:
    yield from error.message_dict.items() if hasattr(error, "error_dict") else [("", error.messages)]


def _missing_files() -> Iterator[str]:
    """The names of kept copies that are not where this register keeps them: files do not come with rows."""
    for name in Snapshot.objects.kept().values_list("file", flat=True).iterator():
        if not exists(name):
            yield name


def _count_breaches() -> Counter[str]:
    """What breaks a rule that refuses, by its code: listed, and not refused."""
    judge = Judge.now()
    found: Counter[str] = Counter()
    for finding in survey():
        [judged] = judge.of([finding])
        if judged.level == RuleLevel.REFUSE and not judged.excepted:
            found[finding.rule.code] += 1
    return found


def _reset_sequences() -> None:
    """The next row of each noun gets a number after the highest that came, and after the last that was ever given: none
    is given twice. SQLite sees to this by itself."""
    if connection.vendor != "postgresql":
        return
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        for model in NOUNS.values():
            table, key = quoted(model._meta.db_table), str(model._meta.pk.column)
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, key])
            (sequence,) = cursor.fetchone()
            highest = f"GREATEST(last_value, (SELECT COALESCE(MAX({quoted(key)}), 1) FROM {table}))"  # noqa: S608 - names of ours
            cursor.execute(f"SELECT setval(%s::regclass, {highest}) FROM {sequence}", [sequence])  # noqa: S608 - the same
