"""Billing: reads invoices and payments, and hands a double charge to Refunds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui.rehearsal.conversation import Conversation, Step
from tui.rehearsal.plays.small_talk import detour
from tui.rehearsal.plays.translations import translated
from tui.rehearsal.roles import Role
from tui.rehearsal.script import Reply, call, reply, say, think
from tui.rehearsal.words import (
    Language,
    Topic,
    euros,
    language_of,
    orders_meant,
    says_twice,
    topic_of,
)

_INTRODUCTIONS: Mapping[Language, str] = {
    Language.ENGLISH: "Here is what I see 🧾",
    Language.CHINESE: "这是我看到的账单 🧾",
    Language.JAPANESE: "ご請求の内容は次のとおりです 🧾",
}

_LOOKING: Mapping[Language, str] = {
    Language.ENGLISH: "Let me put the invoices beside what the bank says.",
    Language.CHINESE: "我来核对账单和银行记录。",
    Language.JAPANESE: "請求書と銀行の記録を照合します。",
}

_HEADS: Mapping[Language, str] = {
    Language.ENGLISH: "| Invoice | For | Days ago | Amount |",
    Language.CHINESE: "| 账单 | 商品 | 天前 | 金额 |",
    Language.JAPANESE: "| 請求書 | 商品 | 日前 | 金額 |",
}

_REMARKS: Mapping[Language, str] = {
    Language.ENGLISH: (
        "A few remarks:\n\n"
        "- The amount of {order} was taken **once**, on the day of the order.\n"
        "- The bank says: {payment}.\n"
        "- The *pending* line some banks show is a reservation; it goes away by itself.\n\n"
        "_This is a rehearsal: the invoices are invented. If you want money back, just say so._"
    ),
    Language.CHINESE: (
        "说明:\n\n- {order} 只扣了**一次**。\n- 银行的答复:{payment}。\n\n"
        "_这是一次演练,账单均为虚构。需要退款的话,请直接告诉我。_"
    ),
    Language.JAPANESE: (
        "補足です:\n\n- {order} の引き落としは**一回**だけです。\n"
        "- 銀行の回答:{payment}。\n\n"
        "_これはリハーサルで、請求書は架空です。返金をご希望でしたら、お知らせください。_"
    ),
}


def answer(conversation: Conversation) -> Reply:
    """Return Billing's next response."""
    now = conversation.now
    if not now.steps and topic_of(now.asked) is Topic.REFUND:
        return _to_refunds("The customer wants money back for what was billed.")
    if elsewhere := detour(conversation, Role.BILLING, Topic.BILLING):
        return elsewhere
    payments = now.named("check_payment")
    if not payments:
        return _look_up(orders_meant(conversation.wish)[0], language_of(now.asked))
    if says_twice(payments[-1].output):
        order_id = payments[-1].arguments.get("order_id")
        return _to_refunds(f"{order_id} was charged twice; one of the two has to go back.")
    return reply(say(_statement(language_of(now.asked), now.named("list_invoices"), payments[-1])))


def _look_up(order_id: str, language: Language) -> Reply:
    return reply(
        think(
            "Invoices first, and at the same time the bank's view of the payment.",
            f"If the two differ, {order_id} is where it will show.",
        ),
        say(_LOOKING[language]),
        call("list_invoices", limit=3),
        call("check_payment", order_id=order_id),
    )


def _to_refunds(reason: str) -> Reply:
    return reply(
        think("Money has to go back, and only Refunds can do that."),
        call(Topic.REFUND.value, reason=reason),
    )


def _statement(language: Language, listings: tuple[Step, ...], payment: Step) -> str:
    rows = [_HEADS[language], "| --- | --- | ---: | ---: |"]
    rows += [_row(invoice) for listing in listings for invoice in _invoices(listing)]
    order_id = payment.arguments.get("order_id", "")
    said = translated(payment.output, language)
    remarks = _REMARKS[language].format(order=order_id, payment=said)
    return "\n".join([_INTRODUCTIONS[language], "", *rows, "", remarks])


def _invoices(listing: Step) -> Iterable[Mapping[str, object]]:
    found = listing.facts.get("invoices")
    entries = found if isinstance(found, list) else []
    return [entry for entry in entries if isinstance(entry, Mapping)]


def _row(invoice: Mapping[str, object]) -> str:
    names = [str(invoice.get(name)) for name in ("order_id", "item", "age_days")]
    return f"| {' | '.join(names)} | {euros(float(str(invoice.get('price_eur', 0))))} |"
