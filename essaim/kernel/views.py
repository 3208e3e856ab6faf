"""The gallery of components: what page makers look at before they make one."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from essaim.kernel import gallery as invented
from essaim.kernel.access import PUBLIC, access
from essaim.kernel.days import today
from essaim.kernel.templatetags.ui import ICONS


@access(PUBLIC)
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component with invented content, where the instance offers it."""
    if not settings.ESSAIM_GALLERY:
        raise Http404
    now = timezone.now()
    table = invented.PARTICIPANTS.read(request.GET, invented.list_participants(today(now)))
    if table.export_format:
        return table.export()
    context = {
        "now": now,
        "table": table,
        "empty_table": invented.EMPTY_TABLE.read(request.GET, []),
        "gallery_form": invented.GalleryForm(invented.WRONG_ANSWERS),
        "path": invented.PATH,
        "stages": invented.STAGES,
        "situations": invented.SITUATIONS,
        "days": invented.DAYS,
        "facts": invented.FACTS,
        "icon_names": sorted(ICONS - {"hex", "swarm-cells", "swarm-honey"}),
        "consequences": ["Ses accès se ferment ce soir.", "Son fil garde la trace de la fermeture."],
    }
    return render(request, "kernel/gallery.html", context)
