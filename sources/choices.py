"""The fixed vocabularies of sources and documents, each value with its meaning."""

from django.db import models


class SourceKind(models.TextChoices):
    PERSON = "person", "Person"
    ORGANISATION = "organisation", "Organisation"
    STATE_BODY = "state_body", "State body"
    NEWS_OUTLET = "news_outlet", "News outlet"
    WITNESS = "witness", "Unnamed witness"


class Reliability(models.TextChoices):
    """Source reliability of the Admiralty code; F is unknown, not worst."""

    A = "A", "A: completely reliable"
    B = "B", "B: usually reliable"
    C = "C", "C: fairly reliable"
    D = "D", "D: not usually reliable"
    E = "E", "E: unreliable"
    F = "F", "F: reliability cannot be judged"


class DocumentKind(models.TextChoices):
    ARTICLE = "article", "Article"
    STATEMENT = "statement", "Official statement"
    AUTOPSY = "autopsy", "Autopsy report"
    COURT_RECORD = "court_record", "Court record"
    VIDEO = "video", "Video"
    IMAGE = "image", "Image"
    POST = "post", "Post"
    DATASET = "dataset", "Dataset"
    REPORT = "report", "Report"
    OTHER = "other", "Other work"
