"""The demo shop's records: invented orders, payments and articles, the same in every rehearsal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """An order.

    Attributes:
        order_id: `A-1042`.
        item: What was bought.
        price_eur: What was paid.
        age_days: How long ago.
        card: Where the money came from.
        captures: How often the money was taken; more than once is a mistake.
    """

    order_id: str
    item: str
    price_eur: float
    age_days: int
    card: str
    captures: int = 1


_KNOWN: Mapping[str, Order] = {
    order.order_id: order
    for order in (
        Order("A-1042", "Aurora desk lamp", 89.00, 6, "Visa ending in 4242"),
        Order("A-1043", "Family game box 👨‍👩‍👧‍👦", 54.50, 12, "Visa ending in 4242"),
        Order("A-1057", "Oak shelf, 120 cm", 149.00, 3, "Mastercard ending in 8210"),
        Order("A-1060", "Travel kettle", 39.90, 2, "Visa ending in 4242", captures=2),
        Order("A-2001", "Rain jacket, size M", 120.00, 64, "Visa ending in 4242"),
    )
}
_CATALOGUE = (
    ("Ceramic teapot", 38.00),
    ("Linen curtains", 72.90),
    ("Cast-iron pan", 59.00),
    ("Wool blanket", 95.00),
    ("東京 city poster", 24.00),
)
_ARTICLES: Mapping[str, str] = {
    "KB-112": "Signing in fails after an update: clear the saved session",
    "KB-087": "The app cannot reach the service: check DNS and the proxy",
    "KB-140": "The lamp drops off the Wi-Fi: use the 2.4 GHz band",
}


def order(order_id: str) -> Order:
    """Return an order; a number nobody knows belongs to an order made up from that number."""
    if known := _KNOWN.get(order_id):
        return known
    number = _number(order_id)
    item, price = _CATALOGUE[number % len(_CATALOGUE)]
    return Order(order_id, item, price, 1 + number % 27, "Visa ending in 4242")


def refund_reference(order_id: str) -> str:
    """Return the reference of an order's refund, the same each time."""
    return f"RF-{_number(order_id) % 0xFFFFFF:06X}"


def articles() -> Mapping[str, str]:
    """Return the help articles: title by number."""
    return _ARTICLES


def _number(order_id: str) -> int:
    return int(hashlib.sha256(order_id.encode()).hexdigest()[:8], 16)
