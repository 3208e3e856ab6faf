"""The password rules: long, or a sentence; not one that everybody tries first; not one's own name. Nothing
else.

No rule of composition: capitals and signs make passwords harder to remember, not harder to guess.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

MINIMUM_LENGTH = 15
PASSPHRASE_WORDS = 4
PASSPHRASE_LENGTH = 12
OWN_LIST = Path(__file__).with_name("common_passwords.txt")
KEYBOARD_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
)
LOOK_ALIKES = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "@": "a", "$": "s"})
LONGEST_PIECE = 24
FEWEST_PIECES = 3


class LengthOrPassphraseValidator:
    """At least 15 characters, or four different words."""

    def validate(self, password: str, user: Any = None) -> None:
        words = {word.casefold() for word in re.findall(r"\w{2,}", password)}
        is_sentence = len(words) >= PASSPHRASE_WORDS and len(password) >= PASSPHRASE_LENGTH
        if len(password) < MINIMUM_LENGTH and not is_sentence:
            raise ValidationError(
                "Trop court : au moins 15 caractères, ou quatre mots différents.",
                code="password_too_short",
            )

    def get_help_text(self) -> str:
        return "Au moins 15 caractères, ou quatre mots différents. Ni majuscule ni chiffre obligatoires."


class CommonPasswordListValidator:
    """Refuse the passwords tried first: known ones, two of them put together, one repeated, rows of the
    keyboard.
    """

    def validate(self, password: str, user: Any = None) -> None:
        plain = simplify(password)
        if any(is_guessed_early(form) for form in {plain, simplify(password.translate(LOOK_ALIKES))}):
            raise ValidationError(
                "On essaie ce mot de passe en premier pour deviner. Choisissez des mots sans lien entre eux.",
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return "Pas un mot de passe courant, pas une suite du clavier."


class OwnNameValidator:
    """Refuse a password made mostly of the account's own name, address or organisation's domain."""

    LEFT_OVER = 8

    def validate(self, password: str, user: Any = None) -> None:
        rest = simplify(password)
        for own in sorted(own_words(user), key=len, reverse=True):
            rest = rest.replace(own, "")
        if len(rest.strip("0123456789")) < self.LEFT_OVER:
            raise ValidationError("Trop proche de votre nom ou de votre adresse.", code="password_too_similar")

    def get_help_text(self) -> str:
        return "Pas votre nom ni votre adresse."


def simplify(text: str) -> str:
    """Lower case, without accents, letters and digits only."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if character.isalnum())


def own_words(user: Any) -> set[str]:
    """The words of an account that its password must not be made of, three letters or more each."""
    if user is None:
        return set()
    texts = [user.first_name, user.last_name, user.email, *re.split(r"[@._+\-]", user.email)]
    return {word for word in map(simplify, texts) if len(word) >= 3}


def is_guessed_early(text: str) -> bool:
    """Whether the simplified text is known, a repetition, or fewer than three known pieces put together."""
    is_repeated = is_repetition(text) or is_repetition(text.strip("0123456789"))
    return is_repeated or count_known_pieces(text) < FEWEST_PIECES


def is_repetition(text: str) -> bool:
    """Whether a piece of at most half the text, repeated, makes it all, its last turn perhaps cut."""
    return any(
        all(text[index] == text[index % period] for index in range(period, len(text)))
        for period in range(1, len(text) // 2 + 1)
    )


def count_known_pieces(text: str) -> int:
    """The fewest known passwords, keyboard runs and numbers that make the text; large if none do."""
    never = len(text) + FEWEST_PIECES
    fewest = [0] + [never] * len(text)
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - LONGEST_PIECE), end):
            if fewest[start] + 1 < fewest[end] and is_known_piece(text[start:end]):
                fewest[end] = fewest[start] + 1
    return fewest[-1]


def is_known_piece(piece: str) -> bool:
    if piece.isdigit() or piece in known_passwords():
        return True
    return len(piece) >= 3 and any(piece in row or piece in row[::-1] for row in KEYBOARD_ROWS)


@cache
def known_passwords() -> frozenset[str]:
    """Django's list of 20,000 and our own short French one, simplified."""
    own_list = OWN_LIST.read_text(encoding="utf-8").split()
    words = map(simplify, [*CommonPasswordValidator().passwords, *own_list])
    return frozenset(word for word in words if len(word) >= 3)
