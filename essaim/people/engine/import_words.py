"""The words of files: sexes, levels, months and headings as offices write them."""

from __future__ import annotations

import unicodedata

SEXES = {
    **dict.fromkeys(("f", "femme", "feminin", "feminine", "female", "fem", "mme", "madame", "mlle", "fille"), "female"),
    **dict.fromkeys(("h", "m", "homme", "masculin", "male", "masc", "monsieur", "mr", "m monsieur", "garcon"), "male"),
    **dict.fromkeys(("autre", "x", "non binaire", "other"), "other"),
}
LEVELS = {
    **dict.fromkeys(("vi", "sans diplome", "aucun diplome", "aucun", "neant"), 1),
    **dict.fromkeys(("v bis", "vbis", "5 bis", "brevet", "dnb", "bepc", "college", "fin de college", "cfg"), 2),
    **dict.fromkeys(("v", "cap", "bep", "cap bep", "cap ou bep", "bpa"), 3),
    **dict.fromkeys(("iv", "bac", "baccalaureat", "bac pro", "bac professionnel", "bac general", "bac techno"), 4),
    **dict.fromkeys(("bac technologique", "bp", "brevet professionnel", "daeu"), 4),
    **dict.fromkeys(("iii", "bac+2", "bts", "dut", "deug", "deust"), 5),
    **dict.fromkeys(("ii", "bac+3", "bac+4", "licence", "licence pro", "but", "maitrise", "bachelor"), 6),
    **dict.fromkeys(("i", "bac+5", "master", "master 2", "m2", "dess", "dea", "ingenieur"), 7),
    **dict.fromkeys(("bac+8", "doctorat", "these"), 8),
}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("janvier", "janv", "jan"),
            ("fevrier", "fevr", "fev"),
            ("mars",),
            ("avril", "avr"),
            ("mai",),
            ("juin",),
            ("juillet", "juil"),
            ("aout",),
            ("septembre", "sept"),
            ("octobre", "oct"),
            ("novembre", "nov"),
            ("decembre", "dec"),
        ),
        start=1,
    )
    for name in names
}
# For each default column, the other headings that mean the same (folded), the likeliest first.
SYNONYMS = {
    "nom": ("nom de famille", "nom usuel", "nom d usage", "nom de naissance", "lastname", "last name", "name"),
    "prenom": ("prenoms", "prenom usuel", "firstname", "first name"),
    "date_naissance": ("date de naissance", "naissance", "ne e le", "nee le", "ne le", "ddn", "birth date"),
    "sexe": ("genre", "civilite", "sex"),
    "telephone": ("tel", "portable", "mobile", "telephone portable", "telephone mobile", "n de telephone", "phone"),
    "courriel": ("email", "e mail", "mail", "adresse electronique", "adresse mail", "adresse email"),
    "adresse": ("adresse postale", "rue", "voie", "adresse 1", "address"),
    "code_postal": ("cp", "codepostal", "postcode"),
    "commune": ("ville", "localite", "commune de residence", "code insee", "insee", "city"),
    "niveau": ("niveau de formation", "niveau d etudes", "niveau scolaire", "diplome", "formation"),
    "identifiant_externe": ("identifiant", "id", "numero", "numero de dossier", "n dossier", "reference", "matricule"),
}


def fold(text: str, *, keep: str = "") -> str:
    """Return a text in lower case without accents; other marks than letters, digits and ``keep`` are spaces."""
    spread = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    bare = "".join(mark for mark in spread if not unicodedata.combining(mark))
    return " ".join("".join(mark if mark.isalnum() or mark in keep else " " for mark in bare).split())
