"""The addresses of the public pages. They are lasting: what stands here is cited elsewhere."""

from django.urls import path

from claims.pages.card import claim_card, claim_picture, dispute_card, dispute_picture
from claims.pages.claim import claim, claims
from claims.pages.correction import corrections, corrections_feed
from claims.pages.dispute import dispute, disputes
from claims.pages.home import home
from claims.pages.logo import logo
from claims.pages.method import method
from claims.pages.oembed import oembed
from claims.pages.robots import robots, sitemap, sitemap_part
from claims.pages.signing_key import signing_key
from claims.pages.source import source, sources
from claims.pages.verdict import verdicts, verdicts_feed
from claims.pages.well_known import head, security_txt, stamp, stamped

urlpatterns = [
    path("", home, name="home"),
    path("disputes/", disputes, name="disputes"),
    path("disputes/<str:key>/", dispute, name="dispute"),
    path("disputes/<str:slug>/corrections/feed/", corrections_feed, name="dispute-corrections-feed"),
    path("disputes/<str:key>/card/", dispute_card, name="dispute-card"),
    path("disputes/<str:key>/card.png", dispute_picture, name="dispute-picture"),
    path("claims/", claims, name="claims"),
    path("claims/<str:key>/", claim, name="claim"),
    path("claims/<str:key>/card/", claim_card, name="claim-card"),
    path("claims/<str:key>/card.png", claim_picture, name="claim-picture"),
    path("oembed/", oembed, name="oembed"),
    path("sources/", sources, name="sources"),
    path("sources/<str:key>/", source, name="source"),
    path("verdicts/", verdicts, name="verdicts"),
    path("verdicts/feed/", verdicts_feed, name="verdicts-feed"),
    path("corrections/", corrections, name="corrections"),
    path("corrections/feed/", corrections_feed, name="corrections-feed"),
    path("method/", method, name="method"),
    path("signing-key.pem", signing_key, name="signing-key"),
    path("trail/head.txt", head, name="trail-head"),
    path("trail/stamp.txt", stamped, name="trail-stamped"),
    path("trail/stamp.tsr", stamp, name="trail-stamp"),
    path(".well-known/security.txt", security_txt, name="security-txt"),
    path("logo.<str:ending>", logo, name="logo"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemap-<slug:noun>-<int:block>.xml", sitemap_part, name="sitemap-part"),
]
