"""Ways to the page on which an article begins from any other page: a bookmark, and the share menu of a phone."""

from __future__ import annotations

import json
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from factcheck.base.http.address import public_url

# Values are cut so that the address stays shorter than what is taken; the text comes behind the #, which is sent to no
# server and stands in no log.
_CODE = """
(() => {
  const said = (...names) => {
    for (const name of names) {
      const found = document.querySelector(`meta[property="${name}"],meta[name="${name}"]`);
      if (found && found.content) return found.content.slice(0, 200);
    }
    return "";
  };
  const canonical = document.querySelector("link[rel=canonical]");
  const told = new URLSearchParams({
    url: ((canonical && canonical.href) || location.href).slice(0, 2000),
    title: said("og:title") || document.title.slice(0, 200),
    outlet: said("og:site_name"),
    authors: said("author"),
    published: said("article:published_time", "date").slice(0, 40),
    language: document.documentElement.lang
  });
  const text = String(getSelection()) || (document.querySelector("article") || document.body).innerText;
  open(ADDRESS + "?" + told + "#text=" + encodeURIComponent(text.slice(0, 200000)));
})()
"""


def bookmarklet() -> str:
    """The address of a bookmark that opens the page with what the page in the browser says of itself."""
    code = " ".join(_CODE.split()).replace("ADDRESS", json.dumps(public_url(reverse("read"))))
    return f"javascript:{quote(code, safe='')}"


@require_safe
def app_view(request: HttpRequest) -> HttpResponse:
    """What makes the desk an entry of a phone's share menu (Web App Manifest, Web Share Target)."""
    told = {
        "name": "Register of competing claims",
        "short_name": "Register",
        "start_url": reverse("admin:index"),
        "scope": reverse("admin:index"),
        "display": "minimal-ui",
        "icons": [{"src": static("factcheck/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
        "share_target": {
            "action": reverse("read"),
            "method": "GET",
            "params": {name: name for name in ("title", "text", "url")},
        },
    }
    return JsonResponse(told, content_type="application/manifest+json")
