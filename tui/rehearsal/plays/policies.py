"""Policies: the specialist that other agents use as a tool."""

from __future__ import annotations

from tui.rehearsal.conversation import Conversation
from tui.rehearsal.script import Reply, call, reply, say, think


def answer(conversation: Conversation) -> Reply:
    """Return the next response of Policies."""
    if not conversation.now.named("search_policies"):
        return reply(
            think("The page on refunds will say it."),
            call("search_policies", topic="refunds"),
        )
    return reply(
        say(
            "Within **30 days** of the purchase money goes back in full. After that it is "
            "goodwill. Either way a person has to approve it."
        )
    )
