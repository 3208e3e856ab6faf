from django.template.loader import render_to_string


def test_the_line_under_the_title_is_shown():
    page = render_to_string("kernel/components/_page_header.html", {"title": "Zones", "lead": "Avec leurs dates."})
    assert "<h1>Zones</h1>" in page and "Avec leurs dates." in page
