"""What is said, what speaks for and against it, what the desk decided."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = "Claims and verdicts"

    def ready(self) -> None:
        from claims.models import Attribution, EvidenceDocument, Inquiry, Review
        from sources.visibility import cites

        cites("source", lambda user: Attribution.objects.visible_to(user).values("source"))
        cites("source", lambda user: Attribution.objects.visible_to(user).values("on_behalf_of"))
        cites("source", lambda user: Review.objects.visible_to(user).values("publisher"))
        cites("source", lambda user: Inquiry.objects.visible_to(user).values("source"))
        cites("document", lambda user: Attribution.objects.visible_to(user).values("document"))
        cites("document", lambda user: EvidenceDocument.objects.visible_to(user).values("document"))
