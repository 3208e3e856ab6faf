"""A variant: written by some, read over by another, published, launched, replaced, withdrawn; and as files."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from essaim.guide.engine.writing import write_practice
from essaim.guide.models import Practice, Variant, VariantEvent
from essaim.guide.operations import (
    PracticeFileRefused,
    VariantRefused,
    comment_on_variant,
    edit_variant,
    import_practice,
    load_practices,
    propose_variant,
    publish_variant,
    refuse_variant,
    renew_variant,
    return_variant,
    submit_variant,
    withdraw_variant,
)
from essaim.guide.queries import get_variant_for, practice_file, search_practices
from essaim.journeys.operations import launch_action
from essaim.kernel.edit_versions import EditConflict
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_practice
from tests.journeys.test_concurrency import at_once

pytestmark = pytest.mark.django_db
WORDS = {
    "title": "Club du soir",
    "changes": "Le soir plutôt que le matin.",
    "reason": "Le matin, elles travaillent.",
}


@pytest.fixture
def author():
    return MembershipFactory()


@pytest.fixture
def reviewer(author):
    return MembershipFactory(manager=True, organisation=author.organisation)


def propose(by, **values):
    return propose_variant(practice=make_practice(), by=by, now=timezone.now(), **(WORDS | values))


def submit(by, **values):
    made = propose(by, **values)
    return submit_variant(variant=made, version=made.version, by=by, now=timezone.now())


def publish(author, reviewer, **values):
    made = submit(author, **values)
    return publish_variant(variant=made, version=made.version, by=reviewer, now=timezone.now())


def test_a_variant_is_published_by_someone_else_and_launched(author, reviewer):
    variant = publish(author, reviewer, settings={"age_max": 24})
    practice = variant.practice
    parent = make_practice()

    assert (practice.slug, practice.version, practice.parent, practice.is_current) == (variant.slug, 1, parent, True)
    assert practice_file(practice).settings["age_max"].default == 24
    assert practice_file(practice).parent == parent.slug
    assert [card.variant_of for card in search_practices().cards] == ["", parent.title]
    assert [card.slug for card in search_practices(words="club du soir").cards] == [variant.slug]
    action = launch_action(
        practice=practice,
        organisation=author.organisation,
        territory=None,
        title="Le soir",
        starts=date(2026, 1, 1),
        ends=date(2026, 12, 31),
        settings={},
        places=10,
        by=author,
        now=timezone.now(),
    )
    assert action.settings["age_max"] == 24
    withdraw_variant(variant=variant, version=variant.version, by=author, now=timezone.now())
    action.refresh_from_db()
    assert action.definition == practice.definition
    assert len(search_practices().cards) == 1


def test_who_wrote_does_not_decide(author, reviewer):
    made = propose(author)
    given = {"title": "Autre", "changes": "a", "reason": "b", "texts": {}, "settings": {}}
    made = edit_variant(variant=made, version=1, by=reviewer, now=timezone.now(), **given)
    made = submit_variant(variant=made, version=2, by=author, now=timezone.now())
    for by in (
        author,
        reviewer,
        MembershipFactory(manager=True),
        MembershipFactory(role="funder", organisation=author.organisation),
    ):
        with pytest.raises(VariantRefused):
            publish_variant(variant=made, version=3, by=by, now=timezone.now())
    third = MembershipFactory(organisation=author.organisation)
    assert publish_variant(variant=made, version=3, by=third, now=timezone.now()).state == "published"


def test_the_database_refuses_what_no_one_may_do(author, reviewer):
    made = submit(author)
    now = timezone.now()
    refused = [
        {"state": "published", "decided_by": reviewer.user, "decided_at": now},  # no practice
        {"state": "refused", "decided_by": reviewer.user, "decided_at": now},  # no reason
        {"state": "refused", "decided_by": author.user, "decided_at": now, "refusal": "non"},  # by its author
        {"state": "refused", "refusal": "non"},  # by nobody
        {"state": "withdrawn"},
        {"submitted_at": None},
        {"changes": ""},
    ]
    for values in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            Variant.objects.filter(pk=made.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        VariantEvent.objects.create(variant=made, kind="commented", by=author.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Practice.objects.filter(pk=made.parent_id).update(parent=made.parent_id)


def test_returned_then_refused_with_words(author, reviewer):
    made = submit(author)
    with pytest.raises(VariantRefused):
        return_variant(variant=made, text=" ", version=2, by=reviewer, now=timezone.now())
    made = return_variant(variant=made, text="Précisez.", version=2, by=reviewer, now=timezone.now())
    assert made.state == "draft"
    comment_on_variant(variant=made, text="C’est fait.", by=author, now=timezone.now())
    made = submit_variant(variant=made, version=made.version, by=author, now=timezone.now())
    made = refuse_variant(variant=made, text="Déjà au guide.", version=made.version, by=reviewer, now=timezone.now())
    assert (made.state, made.refusal) == ("refused", "Déjà au guide.")
    kinds = ["proposed", "submitted", "returned", "commented", "submitted", "refused"]
    assert list(made.events.values_list("kind", flat=True)) == kinds
    with pytest.raises(VariantRefused):
        withdraw_variant(variant=made, version=made.version, by=author, now=timezone.now())


def test_the_next_version_replaces_the_one_before(author, reviewer):
    first = publish(author, reviewer)
    second = renew_variant(variant=first, changes="Encore.", reason="Mieux.", by=reviewer, now=timezone.now())
    with pytest.raises(VariantRefused, match="déjà en préparation"):
        renew_variant(variant=first, changes="Encore.", reason="Mieux.", by=author, now=timezone.now())
    second = submit_variant(variant=second, version=1, by=reviewer, now=timezone.now())
    second = publish_variant(variant=second, version=2, by=author, now=timezone.now())
    rows = Practice.objects.filter(slug=first.slug).order_by("version").values_list("version", "is_current")
    assert list(rows) == [(1, False), (2, True)]


def test_two_editors_and_wrong_content(author, reviewer):
    made = propose(author)
    given = {"title": "A", "changes": "a", "reason": "b"}
    edit_variant(variant=made, version=1, texts={}, settings={"age_max": 23}, by=author, now=timezone.now(), **given)
    with pytest.raises(EditConflict):
        edit_variant(variant=made, version=1, texts={}, settings={}, by=reviewer, now=timezone.now(), **given)
    with pytest.raises(VariantRefused) as refusal:
        texts, settings = {"promise": "Ah {rien} !"}, {"age_max": 900}
        edit_variant(variant=made, version=2, texts=texts, settings=settings, by=author, now=timezone.now(), **given)
    assert {path[0] for path, _ in refusal.value.faults} == {"promise", "settings"}


def test_loading_the_guide_leaves_the_practices_of_organisations(author, reviewer):
    variant = publish(author, reviewer)
    loaded = load_practices(now=timezone.now())
    assert variant.slug not in loaded.withdrawn
    assert Practice.objects.get(pk=variant.practice_id).is_current


def test_a_file_comes_back_the_same(author):
    made = import_practice(text=text_of(), filename="x.yaml", changes="a", reason="b", by=author, now=timezone.now())
    assert made.parent == make_practice()
    assert write_practice(get_variant_for(author, made.ref).definition) == text_of()
    new = text_of().replace(f"slug: {make_practice().slug}", "slug: tout-neuf", 1)
    made = import_practice(text=new, filename="x.yaml", changes="a", reason="b", by=author, now=timezone.now())
    assert made.parent is None
    assert write_practice(get_variant_for(author, made.ref).definition) == new


def text_of():
    practice = make_practice()
    definition = {**practice.definition, "presentation": {**practice.definition["presentation"]}}
    audience = definition["presentation"]["audience"]
    definition["presentation"]["audience"] = [row for row in audience if "see" not in row]
    return write_practice(definition)


@pytest.mark.parametrize(
    "text",
    [
        "slug: essai\nnumber: douze\ntitle: Essai\ntheme: ailleurs\ncouleur: bleu\n",
        "slug: essai\nindicators:\n  - {key: a, formula: {of: [{a: 1}]}}\n",
        "steps: non\nsettings: 3\nalerts: [1]\nindicators: 4\n",
    ],
)
def test_a_file_far_from_a_fiche_is_refused_with_its_lines(text, author):
    with pytest.raises(PracticeFileRefused) as refusal:
        import_practice(text=text, filename="x.yaml", changes="a", reason="b", by=author, now=timezone.now())
    assert all(fault.line >= 1 and fault.message for fault in refusal.value.faults)


def test_a_file_is_refused_line_by_line(author, client_for):
    lines = text_of().split("\n")
    rank = next(rank for rank, line in enumerate(lines) if line.startswith("theme:"))
    lines[rank] = "theme: jardinage"
    text = "\n".join(lines)
    with pytest.raises(PracticeFileRefused) as refusal:
        import_practice(text=text, filename="x.yaml", changes="a", reason="b", by=author, now=timezone.now())
    assert [fault.line for fault in refusal.value.faults] == [rank + 1]

    client, url = client_for(author), reverse("guide:practice_import")
    upload = SimpleUploadedFile("fiche.yaml", text.encode())
    page = client.post(
        url, {"form_key": str(uuid4()), "changes": "a", "reason": "b", "upload": upload}
    ).content.decode()
    assert f">{rank + 1}</th>" in page and "theme: jardinage" in page and "n’est pas un choix possible" in page
    for content, words in ((b"x" * 300_000, "trop gros"), (b"\xff\xfe", "UTF-8")):
        given = {
            "form_key": str(uuid4()),
            "changes": "a",
            "reason": "b",
            "upload": SimpleUploadedFile("f.yaml", content),
        }
        assert words in client.post(url, given).content.decode()
    assert not Variant.objects.exists()


def test_the_file_of_a_fiche(author, client_for):
    answer = client_for(author).get(reverse("guide:practice_yaml", args=[make_practice().slug]))
    assert answer.content.decode() == write_practice(make_practice().definition)
    assert answer["Content-Disposition"].startswith("attachment") and ".yaml" in answer["Content-Disposition"]


def test_from_the_fiche_to_the_catalogue_on_the_screens(author, reviewer, client_for):
    slug = make_practice().slug
    client = client_for(author)
    made = client.post(reverse("guide:variant_new", args=[slug]), {**WORDS, "form_key": str(uuid4())})
    edit = made.url
    form = client.get(edit).context["form"]
    data = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False, "")}
    data = {name: "on" if value is True else value for name, value in data.items()}
    wrong = client.post(edit, data | {"settings.age_max": "900", "texts.promise": "Ah {rien} !"}).content.decode()
    assert "au plus" in wrong
    variant = Variant.objects.get()
    page = reverse("guide:variant", args=[variant.ref])
    assert client.post(edit, data | {"settings.age_max": "24"}).url == page
    assert client.post(reverse("guide:variant_submit", args=[variant.ref]), {"version": "2"}).url == page
    assert client.get(reverse("guide:variant_decide", args=[variant.ref])).status_code == 404

    other = client_for(reviewer)
    decide = reverse("guide:variant_decide", args=[variant.ref])
    assert "pourquoi" in other.post(decide, {"version": "3", "decision": "refuse"}).content.decode()
    assert other.post(decide, {"version": "3", "decision": "publish"}).url == page
    assert other.post(decide, {"version": "3", "decision": "publish"}).status_code == 404
    assert "Variante de" in other.get(reverse("guide:catalogue")).content.decode()
    shown = other.get(reverse("guide:practice", args=[variant.slug])).content.decode()
    assert WORDS["changes"] in shown and "Lancer cette action" in shown
    assert WORDS["title"] in other.get(reverse("guide:practice", args=[slug])).content.decode()
    assert client_for(MembershipFactory(manager=True)).get(page).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_list(number, author, client_for, django_assert_num_queries):
    for _ in range(number):
        propose(author)
    client = client_for(author)
    with django_assert_num_queries(9):
        client.get(reverse("guide:variant_list"))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_heard():
    author = MembershipFactory()
    readers = [MembershipFactory(manager=True, organisation=author.organisation) for _ in range(3)]
    made = submit(author)

    def decide(reader):
        return lambda: publish_variant(variant=made, version=2, by=reader, now=timezone.now())

    results = at_once([decide(reader) for reader in readers])
    assert [type(result) for result in results].count(Variant) == 1
    assert [type(result) for result in results].count(EditConflict) == 2
    assert Practice.objects.filter(organisation=author.organisation).count() == 1
