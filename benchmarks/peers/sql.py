"""The answers about claims as JSON that the database makes, one statement a page, for SQLite and PostgreSQL.

What a reader outside the desk is told: published claims of public disputes, what stands, withheld sources under no
name. Of the six stored parts every field is there but `discounted` of a bearing, which is derived.
"""

from __future__ import annotations

from dataclasses import dataclass

WITHHELD, WITHHELD_WORK = "Source withheld", "Work of a withheld source"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one engine writes JSON."""

    postgres: bool

    def obj(self, **pairs: str) -> str:
        inner = ", ".join(f"'{name.rstrip('_')}', {value}" for name, value in pairs.items())
        return f"{'json_build_object' if self.postgres else 'json_object'}({inner})"

    def rows(self, value: str, origin: str, order: str, first: str = "0") -> str:
        """A list of `value` for the rows of `origin`, in this order; by `first` before that, which may look outside."""
        inner = f"SELECT {value} AS x, {first} AS k FROM {origin} ORDER BY k, {order}"
        if self.postgres:
            return f"(SELECT coalesce(json_agg(x), '[]'::json) FROM ({inner}) listed)"
        return f"(SELECT json_group_array(json(x)) FROM ({inner}) listed)"

    def one(self, value: str, origin: str) -> str:
        """`value` of the one row of `origin`, or null."""
        found = f"(SELECT {value} FROM {origin})"
        return found if self.postgres else f"json({found})"

    def when(self, condition: str, value: str, otherwise: str) -> str:
        """Texts of one kind or the other."""
        return f"CASE WHEN {condition} THEN {value} ELSE {otherwise} END"

    def time(self, column: str) -> str:
        if self.postgres:
            return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
        return f"replace({column}, ' ', 'T') || 'Z'"

    def flag(self, column: str) -> str:
        return column if self.postgres else f"json(CASE WHEN {column} THEN 'true' ELSE 'false' END)"

    def json(self, column: str) -> str:
        return column if self.postgres else f"json({column})"

    def number(self, column: str) -> str:
        """A decimal number as a text without zeros at its end; none of the made-up rows has one."""
        return f"trim(trailing '0' from {column}::text)" if self.postgres else f"CAST({column} AS text)"

    def book(self, row: str) -> dict[str, str]:
        times = {name: self.time(f"{row}.{name}") for name in ("created_at", "updated_at")}
        return {"version": f"{row}.version", **times}

    def standing(self, row: str) -> dict[str, str]:
        return {"withdrawn_at": "null", "withdrawn_reason": "''", **self.book(row)}


def columns(row: str, names: str) -> dict[str, str]:
    """Columns that are told as they are."""
    return {name: f"{row}.{name}" for name in names.split()}


class Statements:
    """The three questions, in the words of one engine. `mark` is the place of a parameter."""

    def __init__(self, *, postgres: bool) -> None:
        self.to = Dialect(postgres)
        mark = "%s" if postgres else "?"
        text = "::text" if postgres else ""
        public = "c.status = 'published' AND (c.dispute_id IS NULL OR d.visibility = 'public')"
        page = f"""
            SELECT c.*, d.title AS dispute_title, d.slug AS dispute_slug, q.text AS question_text,
                q."order" AS question_order
            FROM claims_claim c LEFT JOIN claims_dispute d ON d.id = c.dispute_id
                LEFT JOIN claims_question q ON q.id = c.question_id
            WHERE {public}"""
        newest = f"{page} ORDER BY c.id DESC LIMIT 51"
        full, light = self.claim(parts=True), self.claim(parts=False)
        self.list = f"SELECT ({full}){text} FROM ({newest}) c ORDER BY c.id DESC"
        self.light = f"SELECT ({light}){text} FROM ({newest}) c ORDER BY c.id DESC"
        self.everything = f"SELECT ({full}){text} FROM ({page}) c ORDER BY c.id DESC"
        self.detail = f"SELECT ({full}){text} FROM ({page} AND c.id = {mark}) c"

    def claim(self, *, parts: bool) -> str:
        to = self.to
        dispute = to.obj(id="c.dispute_id", label="c.dispute_title", slug="c.dispute_slug")
        question = to.obj(id="c.question_id", label="c.question_text", order="c.question_order")
        return to.obj(
            id="c.id",
            dispute=self.ref("c.dispute_id", dispute),
            question=self.ref("c.question_id", question),
            **columns("c", "text context language"),
            tags=to.json("c.tags"),
            quantity_min=to.number("c.quantity_min"),
            quantity_max=to.number("c.quantity_max"),
            quantity_unit="c.quantity_unit",
            check_reason="''",
            external_id="NULL",
            merged_into="NULL",
            status="c.status",
            first_published_at=to.time("c.first_published_at"),
            reworded_at=to.time("c.reworded_at"),
            withdrawn_reason="''",
            **(self.parts() if parts else {}),
            **to.book("c"),
        )

    def ref(self, key: str, value: str) -> str:
        """What stands for another row, or null."""
        chosen = f"CASE WHEN {key} IS NOT NULL THEN {value} END"
        return chosen if self.to.postgres else f"json({chosen})"

    def source(self, row: str) -> str:
        name = self.to.when(f"{row}.withheld", f"'{WITHHELD}'", f"{row}.name")
        return self.to.obj(id=f"{row}.id", label=name, slug=self.to.when(f"{row}.withheld", "''", f"{row}.slug"))

    def document(self) -> str:
        """The document `d` with its publisher `p`."""
        hidden = "p.withheld"
        title = self.to.when(hidden, f"'{WITHHELD_WORK}'", "d.title")
        return self.to.obj(id="d.id", label=title, url=self.to.when(hidden, "''", "d.url"))

    def parts(self) -> dict[str, str]:
        return {
            "attributions": self.attributions(),
            "evidence": self.evidence(),
            "relations": self.relations(),
            "verdict": self.verdict(),
            "reviews": self.reviews(),
            "inquiries": self.inquiries(),
        }

    def attributions(self) -> str:
        to, hidden = self.to, "(s.withheld OR coalesce(b.withheld, false))"
        check = to.obj(state="k.state", place="null", omitted=to.json("k.omitted"), warnings=to.json("k.warnings"))
        told = f"k.attribution_id IS NOT NULL AND NOT {hidden} AND NOT coalesce(p.withheld, false)"
        selector = f"CASE WHEN NOT {hidden} THEN a.selector END"
        value = to.obj(
            id="a.id",
            source=self.source("s"),
            **columns("a", "stance said_on quote quote_language translation"),
            translator=to.when(hidden, "''", "a.translator"),
            capacity=to.when(hidden, "''", "a.capacity"),
            on_behalf_of=self.ref("CASE WHEN NOT s.withheld THEN b.id END", self.source("b")),
            document=self.ref("d.id", self.document()),
            selector=to.json(selector),
            relayed_from="null",
            joint_with="null",
            anonymous=to.flag("a.anonymous"),
            anonymous_reason=to.when(hidden, "''", "a.anonymous_reason"),
            quote_check=self.ref(f"CASE WHEN {told} THEN 1 END", check),
            earlier_wording=to.flag("coalesce(a.updated_at < c.reworded_at, false)"),
            **to.standing("a"),
        )
        origin = """claims_attribution a JOIN sources_source s ON s.id = a.source_id
            LEFT JOIN sources_source b ON b.id = a.on_behalf_of_id
            LEFT JOIN sources_document d ON d.id = a.document_id
            LEFT JOIN sources_source p ON p.id = d.publisher_id
            LEFT JOIN claims_quotecheck k ON k.attribution_id = a.id
            WHERE a.claim_id = c.id AND a.withdrawn_at IS NULL"""
        return to.rows(value, origin, "CASE WHEN a.said_on = '' THEN 1 ELSE 0 END, a.said_on, a.id")

    def evidence(self) -> str:
        to = self.to
        carried = """claims_evidencedocument carrier JOIN sources_document d ON d.id = carrier.document_id
            LEFT JOIN sources_source p ON p.id = d.publisher_id WHERE carrier.evidence_id = e.id"""
        # Where it comes from is told to whoever may read that.
        readable = """EXISTS (SELECT 1 FROM claims_evidencelink ol JOIN claims_claim oc ON oc.id = ol.claim_id
            LEFT JOIN claims_dispute od ON od.id = oc.dispute_id
            WHERE ol.evidence_id = o.id AND ol.withdrawn_at IS NULL AND oc.status = 'published'
                AND (oc.dispute_id IS NULL OR od.visibility = 'public'))
            AND (o.dispute_id IS NULL OR oe.visibility = 'public')"""
        piece = to.obj(
            **columns("e", "id kind title description observed_on credibility"),
            derived_from=self.ref(
                f"CASE WHEN o.id IS NOT NULL AND {readable} THEN 1 END", to.obj(id="o.id", label="o.title")
            ),
            independent_because="e.independent_because",
            documents=to.rows(self.document(), carried, "carrier.id"),
            **to.book("e"),
        )
        value = to.obj(
            id="l.id",
            evidence=piece,
            **columns("l", "bearing strength note"),
            own_assertion=to.flag("l.own_assertion"),
            set_name="l.set_name",
            **to.standing("l"),
        )
        origin = """claims_evidencelink l JOIN claims_evidence e ON e.id = l.evidence_id
            LEFT JOIN claims_dispute ed ON ed.id = e.dispute_id
            LEFT JOIN claims_evidence o ON o.id = e.derived_from_id
            LEFT JOIN claims_dispute oe ON oe.id = o.dispute_id
            WHERE l.claim_id = c.id AND l.withdrawn_at IS NULL AND (e.dispute_id IS NULL OR ed.visibility = 'public')"""
        return to.rows(value, origin, "l.id")

    def label(self, row: str) -> str:
        """A claim in at most 160 characters."""
        return f"CASE WHEN length({row}.text) <= 160 THEN {row}.text ELSE substr({row}.text, 1, 157) || '...' END"

    def relations(self) -> str:
        to = self.to
        ends = {name: to.obj(id=f"{row}.id", label=self.label(row)) for name, row in (("claim", "r1"), ("other", "r2"))}
        value = to.obj(id="r.id", **ends, **columns("r", "kind point note"), **to.standing("r"))
        readable = " AND ".join(
            f"{row}.status = 'published' AND ({row}.dispute_id IS NULL OR {row}d.visibility = 'public')"
            for row in ("r1", "r2")
        )
        origin = f"""claims_claimrelation r JOIN claims_claim r1 ON r1.id = r.claim_id
            JOIN claims_claim r2 ON r2.id = r.other_id
            LEFT JOIN claims_dispute r1d ON r1d.id = r1.dispute_id
            LEFT JOIN claims_dispute r2d ON r2d.id = r2.dispute_id
            WHERE (r.claim_id = c.id OR r.other_id = c.id) AND r.withdrawn_at IS NULL AND {readable}"""
        return to.rows(value, origin, "r.id", first="CASE WHEN r.claim_id = c.id THEN 0 ELSE 1 END")

    def verdict(self) -> str:
        to, desk = self.to, self.to.obj(id="null", label="'Desk'")
        earlier = f"substr(er.label || ': ' || {self.label('c')}, 1, 300)"
        value = to.obj(
            id="v.id",
            rating=to.obj(**columns("g", "id label code leaning")),
            **columns("v", "summary rationale likelihood confidence claim_text review_by status"),
            author=desk,
            reviewer=desk,
            review_note="''",
            submitted_at="NULL",
            published_at=to.time("v.published_at"),
            supersedes=self.ref("v.supersedes_id", to.obj(id="v.supersedes_id", label=earlier)),
            **columns("v", "correction_reason correction_severity"),
            confirmations=to.rows(
                to.obj(id="f.id", reviewer=desk, reason="f.reason", created_at=to.time("f.created_at")),
                "claims_confirmation f WHERE f.verdict_id = v.id",
                "f.id DESC",
            ),
            **to.book("v"),
        )
        origin = """claims_verdict v JOIN claims_rating g ON g.id = v.rating_id
            LEFT JOIN claims_verdict e ON e.id = v.supersedes_id LEFT JOIN claims_rating er ON er.id = e.rating_id
            WHERE v.claim_id = c.id AND v.status = 'published' AND NOT EXISTS (
                SELECT 1 FROM claims_verdict n WHERE n.supersedes_id = v.id AND n.status = 'published')"""
        return to.one(value, origin)

    def reviews(self) -> str:
        to = self.to
        value = to.obj(
            id="w.id",
            publisher=self.source("p"),
            url=to.when("p.withheld", "''", "w.url"),
            title=to.when("p.withheld", "''", "w.title"),
            rating_text="w.rating_text",
            rating_value="null",
            rating_best="null",
            rating_worst="null",
            rating=self.ref("g.id", to.obj(**columns("g", "id label code leaning"))),
            **columns("w", "reviewed_on language"),
            **to.standing("w"),
        )
        origin = """claims_review w JOIN sources_source p ON p.id = w.publisher_id
            LEFT JOIN claims_rating g ON g.id = w.rating_id WHERE w.claim_id = c.id AND w.withdrawn_at IS NULL"""
        return to.rows(value, origin, "w.id")

    def inquiries(self) -> str:
        to = self.to
        value = to.obj(
            id="i.id",
            source=self.source("s"),
            **columns("i", "asked_on due_on"),
            channel="''",
            **columns("i", "question outcome answer answered_on"),
            **to.standing("i"),
        )
        origin = """claims_inquiry i JOIN sources_source s ON s.id = i.source_id
            WHERE i.claim_id = c.id AND i.withdrawn_at IS NULL"""
        return to.rows(value, origin, "i.asked_on DESC, i.id DESC")
