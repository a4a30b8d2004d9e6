"""What any agent of the desk says when there is nothing to do: greetings, thanks, the way out."""

from __future__ import annotations

from collections.abc import Mapping

from tui.rehearsal.conversation import Conversation
from tui.rehearsal.roles import SHOP, Role
from tui.rehearsal.script import Reply, call, reply, say, think
from tui.rehearsal.words import (
    Language,
    Topic,
    any_of,
    asks_again,
    language_of,
    orders_named,
    topic_of,
)

_THANKS = any_of(r"\bthank|\bthx\b|\bcheers\b|\bgreat\b|\bperfect\b|谢|謝|ありがと|感謝")
_GREETING = any_of(
    r"^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening)|moin)\b",
    r"who are you|what (?:can|do) you do|\bhelp\b|你好|您好|こんにち|はじめまして|誰|谁",
)

SUGGESTIONS: Mapping[Language, tuple[str, ...]] = {
    Language.ENGLISH: (
        "I'd like a refund for order A-1042",
        "Please refund both A-1042 and A-1043",
        "Why was I charged twice for A-1060?",
        "The app shows a connection error",
        "A-1057 を返金してください",
    ),
    Language.CHINESE: (
        "请退款订单 A-1042",
        "A-1042 和 A-1043 两个都请退款",
        "A-1060 为什么重复扣款?",
        "应用显示连接错误",
    ),
    Language.JAPANESE: (
        "注文 A-1042 の返金をお願いします",
        "A-1042 と A-1043 を両方返金してください",
        "A-1060 が二重に請求されたのはなぜですか",
        "アプリに接続エラーが出ます",
    ),
}
"""Messages that a play exists for; the cockpit shows the English ones before the first."""

_WELCOME: Mapping[Language, str] = {
    Language.ENGLISH: (
        "Hello! 👋 You have reached **{shop}**, and this is {name}.\n\n"
        "This is a rehearsal: every agent here follows a script, nothing leaves your machine and "
        "no money moves. Try one of these:\n\n{suggestions}"
    ),
    Language.CHINESE: (
        "您好!👋 这里是 **{shop}**,我是 {name}。\n\n"
        "这是一次演练:每个智能体都按脚本行事,数据不会离开您的电脑。您可以试试:\n\n{suggestions}"
    ),
    Language.JAPANESE: (
        "こんにちは!👋 **{shop}** の {name} です。\n\n"
        "これはリハーサルです。エージェントは台本どおりに動き、お金は動きません。"
        "たとえば、こう入力してください:\n\n{suggestions}"
    ),
}

_UNKNOWN: Mapping[Language, str] = {
    Language.ENGLISH: (
        "That is not in my script, I'm afraid: this is a rehearsal, and I only know refunds, "
        "billing and technical trouble. Any of these will start something:\n\n{suggestions}"
    ),
    Language.CHINESE: (
        "抱歉,这不在我的脚本里。这是一次演练,我只懂退款、账单和技术问题。您可以试试:\n\n{suggestions}"
    ),
    Language.JAPANESE: (
        "申し訳ありません、それは台本にありません。リハーサルで扱えるのは、返金・請求・技術の"
        "三つだけです。たとえば:\n\n{suggestions}"
    ),
}

_WELCOME_BACK: Mapping[Language, str] = {
    Language.ENGLISH: "You're very welcome! 🌿 I'm still here if anything else comes up.",
    Language.CHINESE: "不客气!🌿 还有什么需要,随时告诉我。",
    Language.JAPANESE: "どういたしまして!🌿 ほかにもあれば、いつでもどうぞ。",
}


def small_talk(asked: str, role: Role) -> Reply:
    """Return an answer to a message that is about nothing the desk deals with."""
    language = language_of(asked)
    if _THANKS.search(asked):
        return reply(say(_WELCOME_BACK[language]))
    texts = _WELCOME if _GREETING.search(asked) else _UNKNOWN
    suggestions = "".join(f"- *{suggestion}*\n" for suggestion in SUGGESTIONS[language])
    text = texts[language].format(shop=SHOP, name=role.value, suggestions=suggestions)
    return reply(think("Nothing to look up here; a friendly answer will do."), say(text))


def detour(conversation: Conversation, role: Role, own: Topic) -> Reply | None:
    """Return what a specialist does with a new message that is not its business; None if it is.

    Only the first response to a message can be a detour: who was handed the message deals with it.
    """
    now = conversation.now
    if now.steps:
        return None
    topic = topic_of(now.asked)
    if topic is None:
        is_ours = asks_again(now.asked) or bool(orders_named(now.asked))
        return None if is_ours else small_talk(now.asked, role)
    if topic is own:
        return None
    reason = f"A new question, not for {role.value}: {first_line(now.asked)}"
    return reply(think("This is somebody else's field."), call("transfer_to_triage", reason=reason))


def first_line(text: str) -> str:
    """Return the beginning of a text, short enough to quote in a note."""
    line = text.strip().splitlines()[0] if text.strip() else ""
    return line if len(line) <= 80 else f"{line[:79]}…"
