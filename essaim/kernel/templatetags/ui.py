"""The tags of the interface. Available in every template; ``kernel/COMPONENTS.md`` shows each of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.forms.widgets import ChoiceWidget
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from essaim.kernel import formats
from essaim.kernel.tables import TableView

register = template.Library()

SPRITE = Path(__file__).resolve().parent.parent / "static" / "kernel" / "icons.svg"
ICONS = frozenset(re.findall(r'<symbol id="([a-z-]+)"', SPRITE.read_text(encoding="utf-8")))
TONES = frozenset({"", "success", "warning", "danger", "info", "honey", "primary", "line"})


def _check(value: str, known: frozenset[str], what: str) -> str:
    if value not in known:
        raise ValueError(f"unknown {what} {value!r}; known: {', '.join(sorted(known))}")
    return value


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw an icon of the sprite: ``{% icon "people" %}``, ``{% icon "check" "ok" %}``. Readers skip it."""
    _check(name, ICONS, "icon")
    base = "hex" if name == "hex" else "icon icon-more" if name == "more" else "icon"
    css = f"{base} {css}".strip()
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        css,
        static("kernel/icons.svg"),
        name,
    )


@register.simple_tag
def chip(words: object, tone: str = "", icon_name: str = "") -> SafeString:
    """A state: a word, a colour, an icon. ``{% chip "En cours" "success" "check" %}``."""
    _check(tone, TONES, "tone")
    css = f"chip chip-{tone}" if tone else "chip"
    return format_html('<span class="{}">{}{}</span>', css, icon(icon_name) if icon_name else "", words)


@register.inclusion_tag("kernel/components/_crumbs.html")
def crumbs(*parts: object) -> dict[str, Any]:
    """Draw the way here: ``{% crumbs "Personnes" list_url "Inès Kadrani" %}``, label and address, then this page."""
    return {"links": list(zip(parts[:-1:2], parts[1::2], strict=True)), "here": parts[-1]}


def _kind_of(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    return "control"


CSS_OF_WIDGET = {"checkbox": "form-check-input", "group": "form-check-input", "control": "form-control"}


def _control(bound: BoundField) -> SafeString:
    widget = bound.field.widget
    css = "form-select" if isinstance(widget, forms.Select) and _kind_of(widget) == "control" else ""
    classes = [css or CSS_OF_WIDGET[_kind_of(widget)], widget.attrs.get("class", "")]
    if bound.errors:
        classes.append("is-invalid")
    return bound.as_widget(attrs={"class": " ".join(filter(None, classes))})


def _capitalise_choices(widget: forms.Widget) -> None:
    """Write each choice as the start of a line, as the label above it is."""
    if isinstance(widget, ChoiceWidget):
        widget.choices = [
            (value, label if isinstance(label, list | tuple) else capfirst(str(label)))
            for value, label in widget.choices
        ]


@register.inclusion_tag("kernel/components/_field.html")
def field(bound: BoundField, label: str = "", help_text: str = "", says_optional: bool = True) -> dict[str, Any]:
    """Draw one field of a form: label above, help under it, error beside it.

    A field to fill says when it may stay empty, unless its form knows better (``says_optional`` on the field). A choice
    does not: its empty choice, or no box ticked, says it.
    """
    says_optional = says_optional and getattr(bound.field, "says_optional", True)
    kind = _kind_of(bound.field.widget)
    _capitalise_choices(bound.field.widget)
    if help_text:
        bound.help_text = help_text
    if kind == "group":
        bound.field.widget.attrs["class"] = CSS_OF_WIDGET[kind]
    return {
        "field": bound,
        "label": label or bound.label,
        "kind": kind,
        "control": _control(bound) if kind != "group" else "",
        "is_optional": says_optional and not bound.field.required and not hasattr(bound.field.widget, "choices"),
    }


def _rows(form: forms.BaseForm, names: Any) -> list[list[BoundField]]:
    return [[form[name] for name in ((row,) if isinstance(row, str) else row)] for row in names]


def _fieldsets(form: forms.BaseForm) -> list[dict[str, Any]]:
    """The groups the form declares (``fieldsets``), or all its visible fields in one untitled group."""
    declared = getattr(form, "fieldsets", None)
    if not declared:
        return [{"title": "", "rows": [[bound] for bound in form.visible_fields()]}]
    return [_fieldset(form, title, _rows(form, names)) for title, names in declared]


def _fieldset(form: forms.BaseForm, title: str, rows: list[list[BoundField]]) -> dict[str, Any]:
    """One group; a folded one is shown open when something in it is filled or wrong, or when the form says so."""
    is_filled = any(bound.value() or bound.errors for row in rows for bound in row)
    return {
        "title": title,
        "rows": rows,
        "is_folded": title in getattr(form, "folded", ()),
        "is_open": is_filled or title in getattr(form, "opened", ()),
    }


@register.inclusion_tag("kernel/components/_form_fieldsets.html")
def form_fieldsets(form: forms.BaseForm) -> dict[str, Any]:
    """Draw the groups of a form, for the pages that draw the rest of it by hand."""
    return {"form": form, "fieldsets": _fieldsets(form)}


@register.inclusion_tag("kernel/components/_form.html", takes_context=True)
def render_form(
    context: RequestContext,
    form: forms.BaseForm,
    submit: str = "Enregistrer",
    cancel: str = "",
    action: str = "",
    failed: str = "",
    method: str = "post",
) -> dict[str, Any]:
    """Draw a whole form: summary of the errors, fields (grouped by ``form.fieldsets``), button at the end."""
    return {
        "form": form,
        "fieldsets": _fieldsets(form),
        "submit": submit,
        "cancel": cancel,
        "action": action,
        "failed": failed,
        "method": method,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("kernel/components/_form_errors.html")
def form_errors(form: forms.BaseForm, failed: str = "") -> dict[str, Any]:
    """Draw the summary of a refused form, each line leading to its field. Nothing while there is no error."""
    keeps_all = not any(isinstance(bound.field.widget, forms.PasswordInput | forms.FileInput) for bound in form)
    faults = _list_faults(form)
    return {"form": form, "failed": failed, "faults": faults, "places": len(form.errors), "keeps_all": keeps_all}


def _list_faults(form: forms.BaseForm) -> list[dict[str, Any]]:
    if not form.is_bound:
        return []
    faults = [{"message": message} for message in form.non_field_errors()]
    for bound in form:
        place = {} if bound.is_hidden else {"label": bound.label, "target": _target_of(bound)}
        faults += [
            {**place, "message": formats.inside_sentence(str(message)) if place else message}
            for message in bound.errors
        ]
    return faults


def _target_of(bound: BoundField) -> str:
    is_group = _kind_of(bound.field.widget) == "group"
    return f"{bound.auto_id}_0" if is_group else str(bound.id_for_label or bound.auto_id)


@register.inclusion_tag("kernel/components/_form_hidden.html")
def form_hidden(form: forms.BaseForm) -> dict[str, Any]:
    """Draw the hidden inputs of a form laid out by hand (form key, version)."""
    return {"form": form}


@register.inclusion_tag("kernel/components/_table.html")
def render_table(table: TableView) -> dict[str, Any]:
    """Draw a list read by ``essaim.kernel.tables``: filter bar, count, rows, pages, empty state."""
    return {"table": table}
