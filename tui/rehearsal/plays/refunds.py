"""Refunds: checks the order, asks for the refund, and answers to what a person decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tui.rehearsal.conversation import Conversation, Exchange, Step
from tui.rehearsal.plays.outcome import REFUND_TOOL, booked, is_refunded, is_turned_down, report
from tui.rehearsal.plays.small_talk import detour
from tui.rehearsal.roles import Role
from tui.rehearsal.script import Call, Reply, call, reply, say, think
from tui.rehearsal.words import (
    Language,
    Topic,
    amount_meant,
    asks_again,
    language_of,
    orders_meant,
    orders_named,
    says_twice,
)

_REFUND_DAYS = 30

_THOUGHT_OF_INSISTENCE = "The customer insists. It is not mine to decide, so I ask again."
_THOUGHT_OF_WITHDRAWN = "The request was withdrawn, and nobody has decided. So I ask again."

_LOOKING: Mapping[Language, str] = {
    Language.ENGLISH: "I'll check the order and the payment first, and what our rules say.",
    Language.CHINESE: "我先核对订单和付款,并确认退款规则。",
    Language.JAPANESE: "まず注文とお支払い、それに返金の規定を確認します。",
}

_ASKING_AGAIN: Mapping[Language, str] = {
    Language.ENGLISH: "Of course. I'll put it to my colleague once more.",
    Language.CHINESE: "好的,我再向同事申请一次。",
    Language.JAPANESE: "承知しました。もう一度、担当者に確認します。",
}

_ASKING_AFTER_ALL: Mapping[Language, str] = {
    Language.ENGLISH: "It was withdrawn before anyone decided. I'll put it to my colleague again.",
    Language.CHINESE: "上次的申请在有人决定之前就撤回了。我再向同事申请一次。",
    Language.JAPANESE: "前回の申請は決定の前に取り下げられました。もう一度、担当者に確認します。",
}

_DONE_BEFORE: Mapping[Language, str] = {
    Language.ENGLISH: "That money is already on its way; there is nothing left to ask for 🙂\n\n",
    Language.CHINESE: "这笔款项已经在退回途中,无需再次申请 🙂\n\n",
    Language.JAPANESE: "返金の手続きはもう済んでいます 🙂\n\n",
}

_NO_ANSWER: Mapping[Language, str] = {
    Language.ENGLISH: "The order system gave no usable answer. Please try again in a moment.",
    Language.CHINESE: "订单系统没有给出可用的答复,请稍后再试。",
    Language.JAPANESE: "注文システムから有効な回答がありません。しばらくしてからお試しください。",
}

_UPDATES: Mapping[Language, str] = {
    Language.ENGLISH: "Your {count} refunds are being decided; we'll write again.",
    Language.CHINESE: "您的 {count} 笔退款正在审批,我们会再联系您。",
    Language.JAPANESE: "{count} 件の返金を審査中です。改めてご連絡します。",
}


def answer(conversation: Conversation) -> Reply:
    """Return the next response of Refunds."""
    now = conversation.now
    if attempts := now.named(REFUND_TOOL):
        return report(attempts, conversation)
    if elsewhere := detour(conversation, Role.REFUNDS, Topic.REFUND):
        return elsewhere
    open_attempts = _open_attempts(conversation)
    if open_attempts and asks_again(now.asked) and not orders_named(now.asked):
        return _ask_again(open_attempts, now)
    if lookups := now.named("lookup_order"):
        return _ask(lookups, conversation)
    return _look_up(conversation)


def _look_up(conversation: Conversation) -> Reply:
    now = conversation.now
    wanted = _wanted(conversation)
    done = [step for step in _attempts(conversation) if is_refunded(step)]
    done_orders = {step.arguments.get("order_id") for step in done}
    left = [order_id for order_id in wanted if order_id not in done_orders]
    if not left:
        notes = "\n".join(map(_note, done))
        return reply(say(_DONE_BEFORE[language_of(now.asked)] + notes))
    orders = ", ".join(left)
    return reply(
        think(
            f"The customer wants money back for {orders}.",
            "Order, payment and rules do not depend on each other: I can ask for all at once.",
        ),
        say(_LOOKING[language_of(now.asked)]),
        *(call("lookup_order", order_id=order_id) for order_id in left),
        *(call("check_payment", order_id=order_id) for order_id in left),
        call("ask_policies", input=f"May we refund {orders}, and who has to agree?"),
    )


def _note(step: Step) -> str:
    reference, amount = booked(step)
    return f"- {step.arguments.get('order_id')}: {amount}, {reference}"


def _wanted(conversation: Conversation) -> tuple[str, ...]:
    now, wish = conversation.now, conversation.wish
    # A colleague in Billing may have found the order that the customer did not name.
    billed = [str(step.arguments.get("order_id")) for step in now.named("check_payment")]
    if billed and not orders_named(wish):
        return tuple(dict.fromkeys(billed))
    return orders_meant(wish)


def _ask(lookups: tuple[Step, ...], conversation: Conversation) -> Reply:
    now = conversation.now
    found = [step.facts for step in lookups if "price_eur" in step.facts]
    if not found:
        return reply(say(_NO_ANSWER[language_of(now.asked)]))
    was_doubled = any(says_twice(step.output) for step in now.named("check_payment"))
    calls = [_refund(order, conversation.wish, was_doubled) for order in found]
    return reply(think(*_weighing(found)), *_with_update(calls, language_of(now.asked)))


def _weighing(found: Iterable[Mapping[str, object]]) -> Iterable[str]:
    for order in found:
        inside = "inside" if _age_days(order) <= _REFUND_DAYS else "outside"
        yield (
            f"{order.get('order_id')} ({order.get('item')}) is {_age_days(order)} days old, "
            f"{inside} the {_REFUND_DAYS} days. A person has to approve it."
        )


def _refund(order: Mapping[str, object], asked: str, was_doubled: bool) -> Call:
    price = float(str(order["price_eur"]))
    return call(
        REFUND_TOOL,
        order_id=order.get("order_id"),
        amount_eur=amount_meant(asked, price),
        reason=_reason(order, was_doubled),
    )


def _reason(order: Mapping[str, object], was_doubled: bool) -> str:
    if was_doubled and order.get("captures") != 1:
        return "Charged twice; the second charge goes back."
    if _age_days(order) > _REFUND_DAYS:
        return f"Bought {_age_days(order)} days ago: asked for as goodwill."
    return f"Asked for by the customer, bought {_age_days(order)} days ago."


def _age_days(order: Mapping[str, object]) -> int:
    return int(str(order.get("age_days", 0)))


def _ask_again(open_attempts: Sequence[Step], now: Exchange) -> Reply:
    calls = [
        call(
            REFUND_TOOL,
            order_id=step.arguments.get("order_id"),
            amount_eur=_new_amount(step, now.asked),
            reason="Asked for again by the customer.",
        )
        for step in open_attempts
    ]
    language = language_of(now.asked)
    if all(step.is_withdrawn for step in open_attempts):
        thought, said = _THOUGHT_OF_WITHDRAWN, _ASKING_AFTER_ALL[language]
    else:
        thought, said = _THOUGHT_OF_INSISTENCE, _ASKING_AGAIN[language]
    return reply(think(thought), say(said), *_with_update(calls, language))


def _new_amount(step: Step, asked: str) -> float:
    full = float(str(step.arguments.get("amount_eur", 0)))
    wanted = amount_meant(asked, full)
    # Who names no sum now gets the one that the colleague spoke of when turning it down.
    return wanted if wanted != full else amount_meant(step.output, full)


def _with_update(calls: list[Call], language: Language) -> list[Call]:
    """Return the calls, and a note to the customer beside them where there are several."""
    if len(calls) < 2:
        return calls
    message = _UPDATES[language].format(count=len(calls))
    return [*calls, call("send_update", message=message)]


def _attempts(conversation: Conversation) -> list[Step]:
    return [step for exchange in conversation.earlier for step in exchange.named(REFUND_TOOL)]


def _open_attempts(conversation: Conversation) -> list[Step]:
    """Return the last attempt for each order if it was turned down, or cut short."""
    last = {step.arguments.get("order_id"): step for step in _attempts(conversation)}
    return [step for step in last.values() if is_turned_down(step) or step.is_cut_short]
