"""What the demo desk's tools report in English, for a customer who wrote in another language.

Stays out of what names things: goods and references stay as the records have them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tui.rehearsal.words import Language

_PHRASES: Mapping[str, Mapping[Language, str]] = {
    r"(€[\d.,]+) captured once on (.+), no dispute open": {
        Language.CHINESE: r"已从\2扣款一次,共 \1,没有争议",
        Language.JAPANESE: r"\2から一回 \1 を引き落とし、異議申し立てなし",
    },
    r"(Visa|Mastercard) ending in (\d+)": {
        Language.CHINESE: r"尾号 \2 的 \1 卡",
        Language.JAPANESE: r"末尾 \2 の \1 カード",
    },
    r"All systems work; last incident (\d+) days ago\.": {
        Language.CHINESE: r"一切正常;上次故障在 \1 天前。",
        Language.JAPANESE: r"すべて正常です。前回の障害は \1 日前です。",
    },
    r"^ok, ": {Language.CHINESE: "正常,", Language.JAPANESE: "正常、"},
    r"^expired (\d+) days ago$": {
        Language.CHINESE: r"\1 天前已过期",
        Language.JAPANESE: r"\1 日前に期限切れ",
    },
    "^account$": {Language.CHINESE: "账户", Language.JAPANESE: "アカウント"},
    "^device$": {Language.CHINESE: "设备", Language.JAPANESE: "端末"},
    "^app$": {Language.CHINESE: "应用", Language.JAPANESE: "アプリ"},
    "^session$": {Language.CHINESE: "会话", Language.JAPANESE: "セッション"},
    "Signing in fails after an update: clear the saved session": {
        Language.CHINESE: "更新后无法登录:清除已保存的会话",
        Language.JAPANESE: "更新後にサインインできない:保存されたセッションを消す",
    },
    "The app cannot reach the service: check DNS and the proxy": {
        Language.CHINESE: "应用连不上服务:检查 DNS 和代理",
        Language.JAPANESE: "アプリがサービスに接続できない:DNS とプロキシを確認",
    },
    r"The lamp drops off the Wi-Fi: use the 2\.4 GHz band": {
        Language.CHINESE: "台灯掉线:使用 2.4 GHz 频段",
        Language.JAPANESE: "ランプの Wi-Fi が切れる:2.4 GHz 帯を使う",
    },
}


def translated(text: str, language: Language) -> str:
    """Return a tool's text in `language`; words that no tool here says stay as they are."""
    for pattern, said in _PHRASES.items():
        if language in said:
            text = re.sub(pattern, said[language], text)
    return text
