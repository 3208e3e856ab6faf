"""Discovery of the instruments: one ``instrument.py`` an app, read once, never by name."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from essaim.kernel.contract import AlertKind, FactKind, Instrument, Panel, Planned, StepKind, Tool


@cache
def all_instruments() -> dict[str, Instrument]:
    """Return every installed app's instrument by key. Raises ValueError when two declare the same key."""
    found: dict[str, Instrument] = {}
    for config in apps.get_app_configs():
        module = f"{config.name}.instrument"
        if not config.name.startswith("essaim.") or find_spec(module) is None:
            continue
        instrument: Instrument = import_module(module).INSTRUMENT
        if instrument.key in found:
            raise ValueError(f"deux instruments portent la clé {instrument.key!r}")
        found[instrument.key] = instrument
    return found


@cache
def all_step_kinds() -> dict[str, StepKind]:
    """Return the step kinds of every instrument by key."""
    return {kind.key: kind for instrument in all_instruments().values() for kind in instrument.step_kinds}


@cache
def all_fact_kinds() -> dict[str, FactKind]:
    """Return the fact kinds declared by the instruments, by key. Several instruments may record the same kind."""
    return {kind.key: kind for instrument in all_instruments().values() for kind in instrument.fact_kinds}


@cache
def all_alert_kinds() -> dict[str, AlertKind]:
    """Return the watches that practices can keep, by key."""
    return {kind.key: kind for instrument in all_instruments().values() for kind in instrument.alert_kinds}


@cache
def all_tools() -> dict[str, Tool]:
    """Return the printable documents and forms that practices can use, by key."""
    return {tool.key: tool for instrument in all_instruments().values() for tool in instrument.tools}


@cache
def all_planned() -> tuple[Planned, ...]:
    """Return what the instruments plan with people and that ends with their parcours."""
    return tuple(planned for instrument in all_instruments().values() for planned in instrument.planned)


@cache
def contact_kinds() -> frozenset[str]:
    """Return the kinds of fact that prove the person herself was in touch."""
    return frozenset(key for key, kind in all_fact_kinds().items() if kind.is_contact)


def panels_of(slot: str) -> list[Panel]:
    """Return the panels registered for a composed page, in display order."""
    panels = [panel for instrument in all_instruments().values() for panel in instrument.panels if panel.slot == slot]
    return sorted(panels, key=lambda panel: (panel.order, panel.key))
