"""How many decimals a reader needs. Nothing is rounded before this."""

from decimal import ROUND_HALF_UP, Decimal

Number = int | float


def rounded(value: Number, unit: str) -> Number:
    """Round half up to one decimal for percentages, two for the others; a whole number stays one."""
    places = Decimal("0.1") if unit == "%" else Decimal("0.01")
    figure = Decimal(str(value)).quantize(places, ROUND_HALF_UP)
    return int(figure) if figure == figure.to_integral_value() else float(figure)
