"""Triage: works out what it is about and hands over."""

from __future__ import annotations

from collections.abc import Mapping

from tui.rehearsal.conversation import Conversation
from tui.rehearsal.plays.small_talk import first_line, small_talk
from tui.rehearsal.roles import Role
from tui.rehearsal.script import Reply, call, reply, say, think
from tui.rehearsal.words import Language, Topic, asks_again, language_of, topic_of

_THOUGHTS: Mapping[Topic, str] = {
    Topic.REFUND: "The customer wants money back. **Refunds** deals with that, not me.",
    Topic.BILLING: "This is about what was charged. **Billing** can see the invoices.",
    Topic.TECHNICAL: "Something does not work. **Technical** can run a check.",
}

_PASSING_ON: Mapping[Language, str] = {
    Language.ENGLISH: "One moment, I'll bring in the right colleague.",
    Language.CHINESE: "请稍候,我请负责的同事来处理。",
    Language.JAPANESE: "少々お待ちください。担当者におつなぎします。",
}


def answer(conversation: Conversation) -> Reply:
    """Return Triage's next response."""
    asked = conversation.now.asked
    handoff = _handoff_for(conversation)
    if handoff is None:
        return small_talk(asked, Role.TRIAGE)
    return reply(
        think(_THOUGHTS[Topic(handoff)]),
        say(_PASSING_ON[language_of(asked)]),
        call(handoff, reason=f"The customer writes: {first_line(asked)}"),
    )


def _handoff_for(conversation: Conversation) -> str | None:
    asked = conversation.now.asked
    if topic := topic_of(asked):
        return topic.value
    if not asks_again(asked):
        return None
    # Whoever dealt with it last deals with it again; Triage itself is no one to hand to.
    known = {topic.value for topic in Topic}
    earlier = [step.name for exchange in conversation.earlier for step in exchange.steps]
    return next((name for name in reversed(earlier) if name in known), None)
