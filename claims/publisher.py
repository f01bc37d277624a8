"""Who publishes the register, as its settings say: name, address, logo and policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

# Code, words for a reader, and the property of schema.org's Organization that means it.
_POLICIES = (
    ("principles", "Principles", "publishingPrinciples"),
    ("corrections", "Corrections policy", "correctionsPolicy"),
    ("ethics", "Ethics", "ethicsPolicy"),
    ("funding", "Ownership and funding", "ownershipFundingInfo"),
    ("sources", "Unnamed sources", "unnamedSourcesPolicy"),
    ("contact", "Contact", "actionableFeedbackPolicy"),
    ("privacy", "Privacy", ""),
    ("legal", "Legal notice", ""),
)


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy of the newsroom: its code, its name in words, what schema.org calls it, and where it is read."""

    code: str
    name: str
    property: str
    address: str


@dataclass(frozen=True, slots=True)
class Publisher:
    """The newsroom; `logo` is the ending of its logo file, svg or png, and empty without one."""

    name: str
    address: str
    logo: str
    policies: tuple[Policy, ...]

    @property
    def logo_address(self) -> str:
        """Where the logo is served from our own address; empty without one."""
        return f"{self.address}/logo.{self.logo}" if self.logo else ""

    def as_organization(self) -> dict[str, Any]:
        """What schema.org's Organization says of it beside its name and address."""
        pages = (policy for policy in self.policies if policy.property and policy.address.startswith("http"))
        told = {policy.property: policy.address for policy in pages}
        return {"logo": self.logo_address, **told}


def publisher() -> Publisher:
    """The publisher as the settings are now."""
    logo = settings.FACTCHECK_LOGO
    given = settings.FACTCHECK_POLICIES
    return Publisher(
        name=settings.FACTCHECK_NEWSROOM,
        address=settings.FACTCHECK_BASE_URL,
        logo=logo.suffix.lower().lstrip(".") if logo else "",
        policies=tuple(Policy(code, name, known, given[code]) for code, name, known in _POLICIES if given.get(code)),
    )
