"""Technical: looks in three places at once and explains how to mend it."""

from __future__ import annotations

from collections.abc import Mapping

from tui.rehearsal.conversation import Conversation, Exchange
from tui.rehearsal.plays.small_talk import detour
from tui.rehearsal.plays.translations import translated
from tui.rehearsal.roles import Role
from tui.rehearsal.script import Reply, call, reply, say, think
from tui.rehearsal.words import Language, Topic, any_of, language_of

_ACCOUNT = any_of(r"\blog ?in\b|\bpassword|\bsign|登录|登錄|登入|ログイン|パスワード")
_DEVICE = any_of(r"\bwi-?fi\b|\blamp\b|\bdevice|\boffline|连不上|連不上|つなが|繋が")

_INTRODUCTIONS: Mapping[Language, str] = {
    Language.ENGLISH: "Found it, I think 🔧 The check of your **{target}** came back like this:",
    Language.CHINESE: "我想我找到原因了 🔧 **{target}** 的检查结果:",
    Language.JAPANESE: "原因が分かったようです 🔧 **{target}** の診断結果です:",
}

_LOOKING: Mapping[Language, str] = {
    Language.ENGLISH: "Let me check three things at the same time.",
    Language.CHINESE: "我同时检查三个方面。",
    Language.JAPANESE: "三つの点を同時に確認します。",
}

_HEADS: Mapping[Language, str] = {
    Language.ENGLISH: "| Check | Result |",
    Language.CHINESE: "| 检查 | 结果 |",
    Language.JAPANESE: "| 項目 | 結果 |",
}

_STEPS: Mapping[Language, str] = {
    Language.ENGLISH: (
        "So the network is fine, but your session is not. To mend it:\n\n"
        "1. Close the app on **all** devices.\n"
        "2. Clear the saved session:\n\n{commands}\n"
        "3. Sign in again; it takes a minute until every device has noticed.\n\n"
        "The article is *{article}*. The service itself: {status}\n\n"
        "_This is a rehearsal: please don't type these commands in earnest._"
    ),
    Language.CHINESE: (
        "网络正常,但会话已过期。请这样处理:\n\n"
        "1. 在所有设备上关闭应用。\n2. 清除已保存的会话:\n\n{commands}\n3. 重新登录。\n\n"
        "参考文章:*{article}*。服务状态:{status}\n\n_这是一次演练,请不要真的执行这些命令。_"
    ),
    Language.JAPANESE: (
        "回線は正常ですが、セッションの期限が切れています。手順です:\n\n"
        "1. すべての端末でアプリを終了します。\n2. 保存されたセッションを消します:\n\n{commands}\n"
        "3. もう一度サインインします。\n\n"
        "参考記事:*{article}*。サービスの状態:{status}\n\n"
        "_これはリハーサルです。コマンドは実行しないでください。_"
    ),
}

_COMMANDS = """\
```bash
# forget the old session, keep the settings
fernhill session clear --keep-settings
fernhill doctor --verbose   # should end with "all good"
```
"""


def answer(conversation: Conversation) -> Reply:
    """Return Technical's next response."""
    if elsewhere := detour(conversation, Role.TECHNICAL, Topic.TECHNICAL):
        return elsewhere
    now = conversation.now
    if not now.named("run_diagnostics"):
        return _look(_target(conversation.wish), language_of(now.asked))
    return reply(
        think("DNS and TLS are fine, the session is not. That explains all of it."),
        say(_explanation(now)),
    )


def _look(target: str, language: Language) -> Reply:
    return reply(
        think(
            "Three things can be wrong: the service, the network, or the customer's session.",
            "I can check all three at once.",
        ),
        say(_LOOKING[language]),
        call("search_knowledge_base", query=f"{target} connection", limit=3),
        call("run_diagnostics", target=target),
        call("check_service_status"),
    )


def _target(asked: str) -> str:
    if _ACCOUNT.search(asked):
        return "account"
    return "device" if _DEVICE.search(asked) else "app"


def _explanation(now: Exchange) -> str:
    language = language_of(now.asked)
    check = now.named("run_diagnostics")[-1]
    articles = [step.facts for step in now.named("search_knowledge_base")]
    status = [step.output for step in now.named("check_service_status")]
    rows = [
        f"| {translated(name, language)} | {translated(str(finding), language)} |"
        for name, finding in check.facts.items()
    ]
    first = next((f"{n}: {title}" for found in articles for n, title in found.items()), "–")
    steps = _STEPS[language].format(
        commands=_COMMANDS,
        article=translated(first, language),
        status=translated(status[-1], language) if status else "",
    )
    target = translated(str(check.arguments.get("target", "app")), language)
    introduction = _INTRODUCTIONS[language].format(target=target)
    return "\n".join([introduction, "", _HEADS[language], "| --- | --- |", *rows, "", steps])
