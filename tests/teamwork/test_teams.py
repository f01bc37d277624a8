"""Teams: who belongs to one, what it looks after, and who is told; nobody sees more by it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from claims.api.preparing import differences
from claims.models import DisputeMember
from claims.services.team import add_people_of, give_dispute
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Conflict, Forbidden, RuleViolation
from factcheck.teamwork import work
from factcheck.teamwork.calendar import due_for
from factcheck.teamwork.models import Assignment, Charge, Kind, Team
from factcheck.teamwork.notices import news_for
from factcheck.teamwork.teams import teams_with
from tests.admin_page import get, send
from tests.claims.test_claim_admin import at
from tests.factories import make_claim, make_dispute
from tests.teamwork.test_talk import address, client_of, kinds

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(ann: Any) -> Team:
    made = Team.objects.create(name="Politics")
    made.members.add(ann)
    return made


def test_a_dispute_is_one_teams_and_its_people_find_it(ann: Any, rob: Any, editor: Any, team: Team) -> None:
    dispute, other = make_dispute("The bridge"), make_dispute("The tower")
    claim = make_claim("It fell.", dispute=dispute)
    give_dispute(actor=editor, dispute=dispute, team=team)
    assert (kinds(ann), kinds(rob)) == ([Kind.GIVEN], [])
    assert news_for(ann)[0].words.startswith("Edgar")
    front = client_of(ann).get(reverse("admin:index")).content.decode()
    assert "Disputes of Politics" in front
    assert "Disputes of" not in client_of(rob).get(reverse("admin:index")).content.decode()
    listed = get(client_of(ann), f"{reverse('admin:claims_dispute_changelist')}?team=mine").text
    assert ("The bridge" in listed, "The tower" in listed, "Politics" in listed) == (True, False, True)
    claims = f"{reverse('admin:claims_claim_changelist')}?team={team.pk}"
    assert str(claim) in get(client_of(rob), claims).text
    give_dispute(actor=editor, dispute=other, team=team)
    second = Team.objects.create(name="Night")
    second.members.add(rob)
    give_dispute(actor=editor, dispute=dispute, team=second)
    assert teams_with("dispute", [dispute.pk, other.pk]) == {dispute.pk: second, other.pk: team}
    give_dispute(actor=editor, dispute=dispute, team=None)
    assert Charge.objects.count() == 1


def test_giving_takes_the_right_to_change_and_somebody_who_may_see_it(
    ann: Any, reader: Any, editor: Any, team: Team
) -> None:
    with pytest.raises(Forbidden):
        give_dispute(actor=reader, dispute=make_dispute(), team=team)
    hidden = make_dispute(visibility="restricted", members=[editor])
    with pytest.raises(RuleViolation, match="Nobody of Politics may see this"):
        give_dispute(actor=editor, dispute=hidden, team=team)
    # Its people become members by name, which the trail has; whoever joins the team later does not.
    assert add_people_of(actor=editor, dispute=hidden, team=team) == [ann]
    assert AuditEntry.objects.filter(object_type="disputemember").first().reason == "Opened to team Politics."
    give_dispute(actor=editor, dispute=hidden, team=team)
    assert hidden in type(hidden).objects.visible_to(ann)
    with pytest.raises(RuleViolation, match="Leave it unticked"):
        add_people_of(actor=editor, dispute=make_dispute(), team=team)


def test_belonging_to_a_team_lets_nobody_see_more(rob: Any, ann: Any, editor: Any, team: Team) -> None:
    hidden = make_dispute("Secret", visibility="restricted", members=[editor, ann])
    give_dispute(actor=editor, dispute=hidden, team=team)
    team.members.add(rob)
    client = client_of(rob)
    for url in (reverse("admin:index"), f"{reverse('admin:claims_dispute_changelist')}?team=mine"):
        assert "Secret" not in client.get(url).content.decode()
    assert not type(hidden).objects.visible_to(rob).filter(pk=hidden.pk).exists()
    assert kinds(rob) == []


def test_a_dispute_is_given_on_its_page(editor: Any, ann: Any, team: Team) -> None:
    hidden = make_dispute(visibility="restricted", members=[editor])
    client, url = client_of(editor), at(hidden, "team")
    assert "Nobody of Politics may see this" in send(client, url, {"team": str(team.pk)}).text
    send(client, url, {"team": str(team.pk), "add_people": "on"})
    assert teams_with("dispute", [hidden.pk]) == {hidden.pk: team}
    assert DisputeMember.objects.filter(dispute=hidden, user=ann).exists()
    assert "Team now Politics" in get(client, url).text


def test_a_task_of_a_team_is_each_ones_until_one_has_done_it(ann: Any, rob: Any, editor: Any, team: Team) -> None:
    claim = make_claim()
    answer = client_of(editor).post(address(claim), {"act": "assign", "assignee": f"team-{team.pk}", "task": "Call"})
    assert answer.status_code == 302
    [given] = Assignment.objects.all()
    with pytest.raises(Conflict, match="Politics has this already"):
        work.assign(actor=editor, row=claim, assignee=team)
    team.members.add(rob)
    for person in (ann, rob):
        assert [task for task, _row in work.tasks_of(person)] == [given]
        assert "Call (team Politics)" in client_of(person).get(reverse("admin:index")).content.decode()
    assert "Team Politics" in client_of(ann).get(address(claim)).content.decode()
    team.members.remove(ann)
    with pytest.raises(Forbidden):
        work.end_assignment(actor=ann, assignment=given)
    work.end_assignment(actor=rob, assignment=given)
    assert (work.tasks_of(rob), due_for(rob)) == ([], [])


def test_the_api_tells_the_desk_alone_of_teams(api: Any, ann: Any, editor: Any, team: Team) -> None:
    dispute = make_dispute()
    make_claim(dispute=dispute, published=True)
    make_dispute()
    url = f"/api/v1/disputes/{dispute.pk}/"
    assert [api(user).get(url).json()["team"] for user in (None, ann)] == ["", ""]
    give_dispute(actor=editor, dispute=dispute, team=team)
    assert [api(user).get(url).json()["team"] for user in (None, ann)] == ["", "Politics"]
    team.name = "Politics and law"
    team.save()
    assert api(ann).get(url).json()["team"] == "Politics and law"
    found = "/api/v1/disputes/?team=Politics and law"
    assert [len(api(user).get(found).json()["results"]) for user in (None, ann)] == [0, 1]
    assert [row["team"] for row in api(ann).get("/api/v1/disputes/?ordering=created_at").json()["results"]] == [
        "Politics and law",
        "",
    ]
    assert list(differences()) == []


def test_teams_are_kept_by_editors_and_read_by_the_desk(ann: Any, editor: Any, reader: Any) -> None:
    add = reverse("admin:teamwork_team_add")
    page = send(client_of(editor), add, {"name": "Politics", "members": str(ann.pk)})
    assert page.errors == []
    team = Team.objects.get()
    assert list(team.members.all()) == [ann]
    assert AuditEntry.objects.filter(action="team.created").exists()
    assert client_of(ann).get(add).status_code == 403
    assert "Politics" in get(client_of(ann), reverse("admin:teamwork_team_changelist")).text
    assert client_of(reader).get(reverse("admin:teamwork_team_changelist")).status_code in {302, 403}
