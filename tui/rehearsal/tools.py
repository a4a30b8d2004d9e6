"""The demo desk's tools: they look things up in invented records, take their time, and print.

Nothing in here has an effect outside this process; the refund is as invented as the order.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from tui.agents import FunctionTool, function_tool
from tui.rehearsal.pace import Pace
from tui.rehearsal.records import articles, order, refund_reference
from tui.rehearsal.words import euros

# What a tool prints is part of the show: the cockpit catches it and shows it with the call.
# ruff: noqa: T201


def order_tools(pace: Pace) -> list[FunctionTool]:
    """Return `lookup_order` and `check_payment`."""

    @function_tool
    async def lookup_order(order_id: str) -> str:
        """Find an order in the shop's records.

        Args:
            order_id: The order's number, such as A-1042.
        """
        await pace.wait(0.6)
        print(f"orders: found {order_id}")
        return json.dumps(asdict(order(order_id)), ensure_ascii=False)

    @function_tool
    async def check_payment(order_id: str) -> str:
        """Tell how an order was paid, and whether the payment is disputed.

        Args:
            order_id: The order's number, such as A-1042.
        """
        await pace.wait(1.3)
        print(f"payments: asked the bank about {order_id}")
        found = order(order_id)
        times = "once" if found.captures == 1 else "TWICE"
        return f"{euros(found.price_eur)} captured {times} on {found.card}, no dispute open"

    return [lookup_order, check_payment]


def refund_tools(pace: Pace) -> list[FunctionTool]:
    """Return `issue_refund`, which a person must approve, and `send_update`, which is free."""

    @function_tool(needs_approval=True)
    async def issue_refund(order_id: str, amount_eur: float, reason: str) -> str:
        """Give money back to the card an order was paid with. This can't be undone.

        Args:
            order_id: The order's number, such as A-1042.
            amount_eur: How much, in euros.
            reason: Why; it stays in the books.
        """
        await pace.wait(1.0)
        reference = refund_reference(order_id)
        print(f"refunds: booked {reference}, {euros(amount_eur)} ({reason})")
        return f"Refund {reference} of {euros(amount_eur)} for {order_id} is on its way."

    @function_tool
    async def send_update(message: str) -> str:
        """Send the customer a short note on how the matter stands.

        Args:
            message: The text of the note.
        """
        await pace.wait(0.5)
        print("mail: queued one note")
        return f"Sent: {message}"

    return [issue_refund, send_update]


def billing_tools(pace: Pace) -> list[FunctionTool]:
    """Return `list_invoices`."""

    @function_tool
    async def list_invoices(limit: int = 3) -> str:
        """List the customer's latest invoices, newest first.

        Args:
            limit: How many at most.
        """
        await pace.wait(0.9)
        print(f"billing: read {limit} invoices")
        found = [asdict(order(order_id)) for order_id in ("A-1057", "A-1042", "A-1043")]
        return json.dumps({"invoices": found[:limit]}, ensure_ascii=False)

    return [list_invoices]


def technical_tools(pace: Pace) -> list[FunctionTool]:
    """Return `search_knowledge_base`, `run_diagnostics` and `check_service_status`."""

    @function_tool
    async def search_knowledge_base(query: str, limit: int = 3) -> str:
        """Search the help articles.

        Args:
            query: A few words.
            limit: How many articles at most.
        """
        await pace.wait(0.7)
        print(f"kb: {limit} articles for {query!r}")
        return json.dumps(dict(list(articles().items())[:limit]))

    @function_tool
    async def run_diagnostics(target: str) -> str:
        """Run a quick check of the customer's side.

        Args:
            target: What to check: app, account or device.
        """
        for step in ("dns", "tls", "session"):
            await pace.wait(0.6)
            print(f"diagnostics: {target}: {step} checked")
        findings = {"dns": "ok, 12 ms", "tls": "ok, TLS 1.3", "session": "expired 2 days ago"}
        return json.dumps(findings)

    @function_tool
    async def check_service_status() -> str:
        """Tell whether the service itself works."""
        await pace.wait(0.4)
        return "All systems work; last incident 19 days ago."

    return [search_knowledge_base, run_diagnostics, check_service_status]


def policy_tools(pace: Pace) -> list[FunctionTool]:
    """Return `search_policies`."""

    @function_tool
    async def search_policies(topic: str) -> str:
        """Look up the shop's rules on a topic.

        Args:
            topic: One or two words.
        """
        await pace.wait(0.5)
        print(f"policies: read the page on {topic}")
        return "Refunds: 30 days from purchase. Later: goodwill only. A person approves each one."

    return [search_policies]
