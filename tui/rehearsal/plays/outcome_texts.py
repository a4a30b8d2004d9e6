"""The words in which Refunds tells a person's decision, in the desk's three languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tui.rehearsal.words import Language, any_of


@dataclass(frozen=True, slots=True)
class Granted:
    """What is said of refunds that went through.

    Attributes:
        introduction: Above the table.
        head: The table's head, of four columns.
        rest: Below the table; `{receipt}` stands for a fenced block.
    """

    introduction: str
    head: str
    rest: str


@dataclass(frozen=True, slots=True)
class TurnedDown:
    """What is said of a refund that was rejected.

    Attributes:
        with_reason: Above the quoted reason; `{what}` stands for amount and order.
        without_reason: Where none was given.
        smaller: The answer to a reason that names a smaller `{amount}`.
        reaction: The answer to any other reason.
        failed: What is said when the refund itself broke.
        again: How to have it asked for once more.
    """

    with_reason: str
    without_reason: str
    smaller: str
    reaction: str
    failed: str
    again: str


_GRANTED_EN = """\
What happens next:

1. The bank is told within the hour.
2. The money is on your card in 3 to 5 days.
3. You get a receipt by mail 📬

For your own books:

{receipt}
_This is a rehearsal: no money has moved._"""

_GRANTED_ZH = """\
接下来:

1. 一小时内通知银行。
2. 3 到 5 天内退回您的卡。

{receipt}
_这是一次演练,没有真实的款项。_"""

_GRANTED_JA = """\
今後の流れ:

1. 一時間以内に銀行へ連絡します。
2. 3〜5日でカードに戻ります。

{receipt}
_これはリハーサルです。お金は動いていません。_"""

GRANTED: Mapping[Language, Granted] = {
    Language.ENGLISH: Granted(
        "All done ✅ My colleague has approved it:",
        "| Order | Item | Refunded | Reference |",
        _GRANTED_EN,
    ),
    Language.CHINESE: Granted(
        "办好了 ✅ 同事已经批准:", "| 订单 | 商品 | 退款 | 编号 |", _GRANTED_ZH
    ),
    Language.JAPANESE: Granted(
        "完了しました ✅ 担当者が承認しました:", "| 注文 | 商品 | 返金額 | 番号 |", _GRANTED_JA
    ),
}

TURNED_DOWN: Mapping[Language, TurnedDown] = {
    Language.ENGLISH: TurnedDown(
        "I'm sorry, my colleague has **not** approved {what}, and gives this reason:",
        "I'm sorry, my colleague has **not** approved {what}, and gave no reason.",
        "That leaves room for less: I can ask for **{amount}** instead.",
        "I take that as it is: nothing has been paid, and your order stays as it was.",
        "The refund itself failed on our side; nothing has been paid.",
        "If you want me to ask once more, just say so: *please ask again*.",
    ),
    Language.CHINESE: TurnedDown(
        "很抱歉,同事**没有**批准 {what},理由是:",
        "很抱歉,同事**没有**批准 {what},也没有说明理由。",
        "那么可以改为申请 **{amount}**。",
        "我尊重这个决定:没有退款,订单保持不变。",
        "退款在我们这边失败了,没有任何款项退回。",
        "如果要我再申请一次,请说:*请再试一次*。",
    ),
    Language.JAPANESE: TurnedDown(
        "申し訳ありません。{what} は**承認されませんでした**。理由は次のとおりです:",
        "申し訳ありません。{what} は**承認されませんでした**。理由は示されていません。",
        "それでは **{amount}** で申請し直すことができます。",
        "この決定に従います。返金は行われず、ご注文はそのままです。",
        "返金の処理に失敗しました。お金は動いていません。",
        "もう一度申請する場合は、*もう一度お願いします* とお書きください。",
    ),
}

# Reasons are understood in English, in which they are mostly written; answered as one is spoken to.
REACTIONS: Mapping[re.Pattern[str], Mapping[Language, str]] = {
    any_of(r"\bfraud|\bsuspicious|\bverif|\bidentity|\bproof|\breceipt|\bphoto|\bevidence"): {
        Language.ENGLISH: "So there has to be something to show for it first: "
        "a photo of the item will do.",
        Language.CHINESE: "那么需要先有个凭证:一张商品照片就够了。",
        Language.JAPANESE: "では、まず証明になるものが必要です。商品の写真で結構です。",
    },
    any_of(r"\bpolicy|\brule|\bwindow|\bdays\b|\blate\b|\bexpired|\bdeadline"): {
        Language.ENGLISH: "Rules are rules. What has no deadline is **store credit** "
        "of the same value.",
        Language.CHINESE: "规定就是规定。没有期限的是同等金额的**购物积分**。",
        Language.JAPANESE: "規則は規則です。期限がないのは、同額の**ストアクレジット**です。",
    },
    any_of(r"\bmanager|\blimit|\btoo (?:much|high|large)|\bbudget|\bexpensive|\bamount"): {
        Language.ENGLISH: "So it is the sum. A smaller one may well pass: "
        "half of it, for instance.",
        Language.CHINESE: "原来是金额的问题。少一些也许可以,比如一半。",
        Language.JAPANESE: "金額の問題ですね。少なければ通るかもしれません。たとえば半額です。",
    },
    any_of(r"\bwrong\b|\bmistake|\bother order|\btypo|\bmix(?:ed)?[ -]?up"): {
        Language.ENGLISH: "Then I may have put up the wrong thing. "
        "Which order number is it, please?",
        Language.CHINESE: "那么我可能提交错了。请问是哪个订单号?",
        Language.JAPANESE: "それでは申請を間違えたかもしれません。注文番号を教えてください。",
    },
    any_of(r"\bwait|\blater\b|\btomorrow|\bfirst\b|\bnot yet\b|\bhold\b"): {
        Language.ENGLISH: "Then I'll wait, and leave a note on the order "
        "so that it isn't forgotten.",
        Language.CHINESE: "那我就等一等,并在订单上留个备注,免得忘记。",
        Language.JAPANESE: "では待ちます。忘れないよう、注文にメモを残しておきます。",
    },
}
