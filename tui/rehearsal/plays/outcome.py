"""What Refunds says once a person has decided: granted, turned down with or without a reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tui.rehearsal.conversation import Conversation, Step
from tui.rehearsal.plays.outcome_texts import GRANTED, REACTIONS, TURNED_DOWN
from tui.rehearsal.script import Reply, reply, say, think
from tui.rehearsal.words import Language, amount_meant, euros, language_of

REFUND_TOOL = "issue_refund"

_REFUNDED = re.compile(r"\bRefund (RF-[0-9A-F]+) of (€[\d,.]+\d)")
_NO_REASON = "Tool execution was not approved."
_FAILED = "An error occurred"

_THOUGHT_OF_SUCCESS = "It went through. The customer should know what happens next."
_THOUGHT_OF_REFUSAL = "Turned down, and not by me. I pass on the reason and say what is possible."


def is_refunded(step: Step) -> bool:
    """Tell whether the call was approved and went through."""
    return bool(_REFUNDED.search(step.output))


def is_turned_down(step: Step) -> bool:
    """Tell whether a person rejected the call."""
    is_decided = bool(step.output) and not step.is_cut_short
    return is_decided and not is_refunded(step) and not step.output.startswith(_FAILED)


def report(attempts: Iterable[Step], conversation: Conversation) -> Reply:
    """Return what the customer is told of these attempts."""
    attempts, language = tuple(attempts), language_of(conversation.now.asked)
    granted = [step for step in attempts if is_refunded(step)]
    refused = [step for step in attempts if is_turned_down(step)]
    texts = [_granted(granted, conversation, language)] if granted else []
    texts += [_refused(step, language) for step in refused]
    if len(granted) + len(refused) < len(attempts):
        texts.append(TURNED_DOWN[language].failed)
    if refused:
        texts.append(TURNED_DOWN[language].again)
    thought = _THOUGHT_OF_REFUSAL if refused else _THOUGHT_OF_SUCCESS
    return reply(think(thought), say("\n\n".join(texts)))


def _granted(steps: list[Step], conversation: Conversation, language: Language) -> str:
    texts, items = GRANTED[language], _items(conversation)
    table = [texts.head, "| --- | --- | ---: | --- |", *(_row(step, items) for step in steps)]
    receipt = ["```json", *(_receipt(step) for step in steps), "```", ""]
    rest = texts.rest.format(receipt="\n".join(receipt))
    return "\n\n".join([texts.introduction, "\n".join(table), rest])


def _items(conversation: Conversation) -> Mapping[object, object]:
    """Return what each order was for, as far as it was looked up in the whole conversation."""
    exchanges = [*conversation.earlier, conversation.now]
    orders = [step.facts for exchange in exchanges for step in exchange.named("lookup_order")]
    return {order.get("order_id"): order.get("item") for order in orders}


def _row(step: Step, items: Mapping[object, object]) -> str:
    order_id = step.arguments.get("order_id")
    reference, amount = booked(step)
    return f"| {order_id} | {items.get(order_id) or '–'} | {amount} | {reference} |"


def _receipt(step: Step) -> str:
    reference, amount = booked(step)
    return f'{{"reference": "{reference}", "amount": "{amount}", "status": "on its way"}}'


def booked(step: Step) -> tuple[str, str]:
    """Return the reference and the amount of a refund that went through."""
    match = _REFUNDED.search(step.output)
    assert match is not None
    return match[1], match[2]


def _refused(step: Step, language: Language) -> str:
    texts = TURNED_DOWN[language]
    full = float(str(step.arguments.get("amount_eur", 0)))
    what = f"{euros(full)} ({step.arguments.get('order_id')})"
    if step.output == _NO_REASON:
        return texts.without_reason.format(what=what)
    quoted = "\n".join(f"> {line}" for line in step.output.splitlines())
    reaction = _reaction(step.output, full, language)
    return "\n\n".join([texts.with_reason.format(what=what), quoted, reaction])


def _reaction(reason: str, full: float, language: Language) -> str:
    texts = TURNED_DOWN[language]
    if (smaller := amount_meant(reason, full)) != full:
        return texts.smaller.format(amount=euros(smaller))
    fitting = (said[language] for pattern, said in REACTIONS.items() if pattern.search(reason))
    return next(fitting, texts.reaction)
