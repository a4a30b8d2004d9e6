"""What the scripted service understands."""

import pytest

from tui.rehearsal.words import (
    Language,
    Topic,
    amount_meant,
    asks_again,
    euros,
    language_of,
    orders_meant,
    says_twice,
    topic_of,
)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("I want a refund", Topic.REFUND),
        ("I want my MONEY BACK", Topic.REFUND),
        ("I was charged twice, refund me", Topic.REFUND),
        ("Can I return it?", Topic.REFUND),
        ("the app returns an error", Topic.TECHNICAL),
        ("What's on my bill?", Topic.BILLING),
        ("Where is my receipt", Topic.BILLING),
        ("It doesn't work", Topic.TECHNICAL),
        ("退款", Topic.REFUND),
        ("請求書をください", Topic.BILLING),
        ("登录不了", Topic.TECHNICAL),
        ("Tell me a joke", None),
        ("", None),
    ],
)
def test_the_topic_is_found(text, topic):
    assert topic_of(text) is topic


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("order a-1042, please", ("A-1042",)),
        ("A-1043 and B-77777, and A-1043", ("A-1043", "B-77777")),
        ("both of them", ("A-1042", "A-1043")),
        ("两个订单", ("A-1042", "A-1043")),
        ("my order", ("A-1042",)),
        ("order 4711 came broken, it cost 12 euros", ("4711",)),
        ("refund orders 4711 and 4712", ("4711", "4712")),
        ("orders 4711, 4712, and #4713.", ("4711", "4712", "4713")),
        ("Orders: 4711/4712 & A-1042", ("4711", "4712", "A-1042")),
        ("order 4711 and order 4712", ("4711", "4712")),
        ("order number 4711, please", ("4711",)),
        ("order no. 4711.", ("4711",)),
        ("refund #4711 and #4712", ("4711", "4712")),
        ("refund 500 euros of order 4711, 300 EUR or 40 %", ("4711",)),
        ("refund order 4711 and 250.50 of the other", ("4711",)),
        ("订单 4711", ("4711",)),
        ("请退款订单4711和4712", ("4711", "4712")),
        ("4711号订单", ("4711",)),
        ("注文 4711 を返金", ("4711",)),
        ("注文番号4711と4712を返金", ("4711", "4712")),
        ("order " + "4711, " * 4_000 + "!", ("4711",)),
        ("order 4711" + " , " * 4_000 + "!", ("4711",)),
        ("charged twice", ("A-1060",)),
        ("A-1057を返金", ("A-1057",)),
    ],
)
def test_orders_are_found(text, orders):
    assert orders_meant(text) == orders


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("all of it", 80.0),
        ("only €12.50", 12.5),
        ("12,50 EUR", 12.5),
        ("at most 40 euros", 40.0),
        ("$500", 80.0),
        ("25 %", 20.0),
        ("half of it", 40.0),
        ("一半", 40.0),
    ],
)
def test_amounts_are_found_and_never_exceed_the_whole(text, amount):
    assert amount_meant(text, 80.0) == amount


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hello", Language.ENGLISH),
        ("您好", Language.CHINESE),
        ("返金してください", Language.JAPANESE),
        ("", Language.ENGLISH),
    ],
)
def test_the_language_is_recognised(text, language):
    assert language_of(text) is language


def test_insistence_and_repetition_are_heard():
    assert asks_again("please ask again")
    assert not asks_again("never mind")
    assert says_twice("I paid TWICE")
    assert not says_twice("once")


def test_amounts_are_written_with_cents():
    assert euros(1234.5) == "€1,234.50"
