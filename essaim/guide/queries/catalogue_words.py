"""The words of the catalogue's codes."""

PUBLICS = {
    "young": "jeunes",
    "women": "femmes",
    "qpv": "habitants des quartiers",
    "low_level": "sans diplôme, ou un premier",
    "graduates": "diplômés",
    "long_term": "chômage de longue durée",
    "rsa": "allocataires du RSA",
    "jobseekers": "toute personne sans emploi",
    "companies": "entreprises",
}
EFFECTS = {
    "lasting_job": "emploi durable",
    "job": "emploi",
    "apprenticeship": "contrat en alternance",
    "training": "diplôme",
    "licence": "permis de conduire",
    "solution": "solution trouvée",
    "meetings": "rencontres avec des employeurs",
    "hours": "heures d’insertion",
    "none": "aucun effet publié",
}
LENGTHS = {
    "day": "une journée",
    "month": "un mois au plus",
    "half_year": "jusqu’à six mois",
    "longer": "plus de six mois",
    "untold": "sans terme, ou non dite",
}
TEAMS = {
    "one": "une personne",
    "few": "deux ou trois",
    "more": "quatre ou plus",
    "untold": "non dite",
}
SORTS = {
    "": "l’ordre habituel",
    "relevance": "ce qui répond le mieux",
    "cost": "le coût par personne",
    "duration": "la durée",
    "team": "la taille de l’équipe",
    "title": "le titre",
}
