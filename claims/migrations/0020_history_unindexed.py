from django.db import migrations

from factcheck.base.unindex import Unindex


class Migration(migrations.Migration):
    dependencies = [("claims", "0019_retracts")]

    operations = [
        Unindex(
            {
                "historicalassessment": ["analyst", "evidence", "history_date", "history_user"],
                "historicalattribution": [
                    "document",
                    "history_date",
                    "history_user",
                    "joint_with",
                    "on_behalf_of",
                    "relayed_from",
                    "source",
                ],
                "historicalclaim": ["history_date", "history_user"],
                "historicalclaimrelation": ["history_date", "history_user"],
                "historicalconfirmation": ["history_date", "history_user", "reviewer"],
                "historicaldispute": ["history_date", "history_user"],
                "historicaldisputemember": ["history_date", "history_user", "user"],
                "historicalevidence": ["derived_from", "dispute", "history_date", "history_user"],
                "historicalevidencedocument": ["document", "history_user"],
                "historicalevidencelink": ["history_date", "history_user"],
                "historicalimportbatch": ["history_date", "history_user", "imported_by"],
                "historicalinquiry": ["history_date", "history_user", "source"],
                "historicalpremise": ["claim", "history_date", "history_user"],
                "historicalquestion": [
                    "answer_author",
                    "answer_draft_author",
                    "answer_reviewer",
                    "history_date",
                    "history_user",
                ],
                "historicalrating": ["history_date", "history_user", "scale"],
                "historicalratingscale": ["history_date", "history_user"],
                "historicalreview": ["history_date", "history_user", "publisher", "rating"],
                "historicalruleexception": [
                    "attribution",
                    "claim",
                    "document",
                    "history_date",
                    "history_user",
                    "other",
                    "other_source",
                    "source",
                ],
                "historicalrulesetting": ["history_date", "history_user"],
                "historicalverdict": ["author", "history_date", "history_user", "rating", "reviewer", "supersedes"],
            }
        )
    ]
