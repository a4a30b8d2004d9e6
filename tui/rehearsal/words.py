"""What the scripted service understands of a typed sentence: topic, orders, amounts, language.

A handful of rules, on purpose: it rehearses a conversation, it does not hold one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum

DEFAULT_ORDER = "A-1042"
SECOND_ORDER = "A-1043"
DOUBLY_CHARGED_ORDER = "A-1060"


class Topic(Enum):
    """What a sentence is about; the value is the handoff tool of who deals with it."""

    REFUND = "transfer_to_refunds"
    BILLING = "transfer_to_billing"
    TECHNICAL = "transfer_to_technical"


class Language(Enum):
    """The languages that the desk answers in."""

    ENGLISH = "en"
    CHINESE = "zh"
    JAPANESE = "ja"


def any_of(*patterns: str) -> re.Pattern[str]:
    """Return a pattern that finds any of the given ones, whatever the case."""
    return re.compile("|".join(patterns), re.IGNORECASE)


# In this order: who names a refund wants the money back, whatever else is said.
_TOPICS: Mapping[Topic, re.Pattern[str]] = {
    Topic.REFUND: any_of(
        r"\brefund|money back|\breimburse",
        r"\bsend (?:it|them|this) back|\breturn (?:it|them|this|my)\b",
        "退款|退钱|退錢|返金|払い戻|환불",
    ),
    Topic.BILLING: any_of(
        r"\bbill|\binvoice|\bcharge|\bpa(?:y|id)\b|\bpayment|\breceipt|\bsubscription|\bprice",
        r"\bcredit card|账单|帳單|发票|發票|扣款|請求|支払|領収|청구",
    ),
    Topic.TECHNICAL: any_of(
        r"\berror|\bcrash|\bbroken\b|\bbug|\blog ?in\b|\bsign in\b|\bpassword|\bslow\b|\bwi-?fi\b",
        r"\binstall|\bupdate|\bapp\b|\bnot work|n't work|\boffline\b|\bconnect|\bfreez|\bfroze",
        r"\btechnical|故障|错误|錯誤|连不上|連不上|登录|登錄|登入|エラー|動かない|動きません",
        "つながら|繋がら|오류",
    ),
}
_NUMBER = r"(?:[A-Z]{1,2}-)?\d{3,6}"
# A sum of money is no order, wherever it stands.
_NO_SUM = r"(?!\d|[.,]\d{1,2}(?!\d)|\s?(?:€|%|eur|usd|dollar|per ?cent|欧元|歐元|ユーロ))"
_LISTED = rf"#?{_NUMBER}{_NO_SUM}"
_BETWEEN = r"\s*(?:(?:[,,、;&+/]|\band\b|\bor\b|和|与|與|跟|及|と|や)\s*)+"
# The shop's own numbers, those behind a `#`, and bare ones where the word stands beside them.
_ORDERS = any_of(
    r"(?:\borders?\b(?:\s+(?:numbers?|nos?\b\.?|ids?\b))?|订单(?:号码?)?|訂單(?:號碼?)?|注文(?:番号)?)"
    rf"\s*[::]?\s*{_LISTED}(?:{_BETWEEN}{_LISTED})*",
    rf"(?<![A-Z0-9])[A-Z]{{1,2}}-\d{{3,6}}(?!\d)|(?<!\w)#{_NUMBER}{_NO_SUM}",
    r"(?<!\d)\d{3,6}(?=\s?(?:号|號)?(?:订单|訂單)|\s?番?の?注文)",
)
_ORDER = any_of(_NUMBER)
_SEVERAL = any_of(r"\b(?:both|two|all|several|everything)\b|两|兩|両方|二つ|全部|すべて")
_AGAIN = any_of(
    r"\bagain\b|\bretry\b|\bonce more\b|\banother (?:try|go)\b|\bre-?submit|\bgo ahead\b|\byes\b",
    r"\binstead\b|再|もう一度|もう一回|重新|重试|重試",
)
_TWICE = any_of(r"\btwice\b|\bdouble\b|\bduplicate|\btwo times\b|两次|兩次|重复|重複|二重")
_AMOUNT = any_of(
    r"[€$£]\s?(\d+(?:[.,]\d{1,2})?)",
    r"\b(\d+(?:[.,]\d{1,2})?)\s?(?:€|eur\b|euros?\b|usd\b|dollars?\b|欧元|歐元|ユーロ)",
)
_PERCENT = any_of(r"\b(\d{1,2})\s?(?:%|per ?cent\b)")
_HALF = any_of(r"\bhalf\b|一半|半额|半額|半分")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u3400-\u9fff]")


def topic_of(text: str) -> Topic | None:
    """Return what a sentence is about; None for small talk and whatever else."""
    return next((topic for topic, pattern in _TOPICS.items() if pattern.search(text)), None)


def language_of(text: str) -> Language:
    """Return the language to answer in: kana means Japanese, other ideographs mean Chinese."""
    if _KANA.search(text):
        return Language.JAPANESE
    return Language.CHINESE if _HAN.search(text) else Language.ENGLISH


def orders_named(text: str) -> tuple[str, ...]:
    """Return the order numbers in a text, each once, in order of appearance."""
    found = (_ORDER.findall(match.group()) for match in _ORDERS.finditer(text))
    return tuple(dict.fromkeys(order.upper() for orders in found for order in orders))


def orders_meant(text: str) -> tuple[str, ...]:
    """Return the orders a request is about: those it names, or the customer's latest."""
    if named := orders_named(text):
        return named
    if says_twice(text):
        return (DOUBLY_CHARGED_ORDER,)
    return (DEFAULT_ORDER, SECOND_ORDER) if _SEVERAL.search(text) else (DEFAULT_ORDER,)


def asks_again(text: str) -> bool:
    """Tell whether a sentence asks for another try."""
    return bool(_AGAIN.search(text))


def says_twice(text: str) -> bool:
    """Tell whether something is said to have happened twice, by a person or by the bank."""
    return bool(_TWICE.search(text))


def amount_meant(text: str, full: float) -> float:
    """Return the part of `full` that a text asks for, in euros; all of it if it names none."""
    if match := _AMOUNT.search(text):
        return min(full, float((match[1] or match[2]).replace(",", ".")))
    if match := _PERCENT.search(text):
        return round(full * int(match[1]) / 100, 2)
    return round(full / 2, 2) if _HALF.search(text) else full


def euros(amount: float) -> str:
    """Return an amount as it is written."""
    return f"€{amount:,.2f}"
