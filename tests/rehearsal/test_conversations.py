"""Different requests lead down different paths, and a decision changes what is said."""

import json
import re

import pytest
from openai.types.responses import ResponseCompletedEvent, ResponseTextDeltaEvent

from tests.rehearsal.playing import Customer

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("Hello!", ["Triage"]),
        ("What is the weather like?", ["Triage"]),
        ("I'd like a refund, please", ["Triage", "Refunds"]),
        ("My invoice looks odd", ["Triage", "Billing"]),
        ("Why was I charged twice?", ["Triage", "Billing", "Refunds"]),
        ("The app does not work", ["Triage", "Technical"]),
        ("请帮我退款", ["Triage", "Refunds"]),
        ("アプリでエラーが出ます", ["Triage", "Technical"]),
    ],
)
async def test_what_was_typed_decides_who_answers(asked, path):
    seen = await Customer().says(asked)
    assert list(dict.fromkeys(seen.agents)) == path


async def test_a_refund_looks_things_up_in_parallel_asks_an_agent_and_then_a_person():
    seen = await Customer().says("I'd like a refund for order A-1042")
    assert seen.calls == ["lookup_order", "check_payment", "ask_policies", "issue_refund"]
    assert [json.loads(text)["order_id"] for text in seen.asked] == ["A-1042"]


async def test_an_approved_refund_is_told_with_table_list_and_code():
    seen = await Customer().says("Refund A-1043, please")
    assert f"| A-1043 | Family game box {FAMILY} | €54.50 | RF-" in seen.answer
    assert "\n1. The bank is told" in seen.answer
    assert "```json\n" in seen.answer
    assert "✅" in seen.answer
    assert "rehearsal" in seen.answer


async def test_a_rejection_is_quoted_and_its_reason_answered():
    refused = await Customer().says("Refund A-1042", "I need proof of the damage first.")
    assert "> I need proof of the damage first." in refused.answer
    assert "a photo of the item will do" in refused.answer


async def test_different_reasons_are_answered_differently():
    answers = {
        (await Customer().says("Refund A-1042", reason)).answer.split("\n\n")[2]
        for reason in ("too much", "outside the policy", "wrong order", "not yet", "because")
    }
    assert len(answers) == 5


async def test_a_rejection_without_a_reason_says_so():
    customer = Customer()
    seen = await customer.says("Refund A-1042", "Tool execution was not approved.")
    assert "gave no reason" in seen.answer


@pytest.mark.parametrize("follows_agent", [True, False])
async def test_asking_again_asks_the_person_again(follows_agent):
    customer = Customer(follows_agent)
    await customer.says("Refund A-1042", "Not today.")
    again = await customer.says("Please ask again")
    assert [json.loads(text)["amount_eur"] for text in again.asked] == [89.0]
    assert "Aurora desk lamp | €89.00" in again.answer


@pytest.mark.parametrize("follows_agent", [True, False])
@pytest.mark.parametrize(
    ("asked", "again", "words"),
    [
        ("Refund half of A-1042", "please ask again", "withdrawn before anyone decided"),
        ("请退一半 A-1042 退款", "请再试一次", "在有人决定之前就撤回了"),
        ("A-1042 の半額を返金してください", "もう一度お願いします", "決定の前に取り下げられました"),
    ],
)
async def test_a_withdrawn_request_is_made_again(follows_agent, asked, again, words):
    customer = Customer(follows_agent)
    await customer.withdraws(asked)
    seen = await customer.says(again)
    assert [json.loads(text)["amount_eur"] for text in seen.asked] == [44.5]
    assert words in "".join(seen.texts)
    assert "RF-" in seen.answer


async def test_nobody_is_said_to_have_decided_on_a_withdrawn_request():
    customer = Customer()
    await customer.withdraws("I would like a refund for order A-1042")
    seen = await customer.says("hi")
    assert "not carried out" not in seen.answer
    assert "Hello!" in seen.answer


async def test_of_two_requests_the_rejected_and_the_withdrawn_are_made_again():
    customer = Customer()
    await customer.says("Refund A-1042", "Not today.")
    await customer.withdraws("Refund A-1043")
    again = await customer.says("please ask again")
    assert [json.loads(text)["order_id"] for text in again.asked] == ["A-1042", "A-1043"]


@pytest.mark.parametrize(
    ("asked", "before", "words"),
    [
        ("Refund half of A-1057", "lookup_order", "| A-1057 | Oak shelf, 120 cm | €74.50 |"),
        ("My invoice for A-1057 looks odd", "check_payment", "The amount of A-1057"),
        ("I can't log in, there is an error", "run_diagnostics", "your **account**"),
    ],
)
async def test_what_was_cancelled_midway_is_taken_up_where_only_again_is_said(asked, before, words):
    customer = Customer()
    await customer.withdraws(asked, before=before)
    assert words in (await customer.says("Once more, please")).answer


async def test_a_smaller_sum_in_the_reason_is_what_is_asked_for_next():
    customer = Customer()
    refused = await customer.says("Refund A-1042", "At most €40.")
    assert "**€40.00**" in refused.answer
    again = await customer.says("Fine, go ahead")
    assert [json.loads(text)["amount_eur"] for text in again.asked] == [40.0]


async def test_what_is_paid_is_not_paid_twice():
    customer = Customer()
    await customer.says("Refund A-1042")
    again = await customer.says("Refund A-1042 again")
    assert again.asked == []
    assert "nothing left to ask for" in again.answer


async def test_several_refunds_wait_together_beside_a_free_tool():
    customer = Customer()
    seen = await customer.says("Refund A-1043 and A-2001", "outside the window", None)
    assert seen.calls[-3:] == ["issue_refund", "issue_refund", "send_update"]
    assert len(seen.asked) == 2
    assert "| A-2001 | Rain jacket" in seen.answer
    assert "> outside the window" in seen.answer


async def test_an_old_order_is_asked_for_as_goodwill():
    seen = await Customer().says("Refund A-2001")
    assert "goodwill" in json.loads(seen.asked[0])["reason"]


async def test_part_of_a_sum_can_be_asked_for():
    seen = await Customer().says("Refund half of A-1042")
    assert json.loads(seen.asked[0])["amount_eur"] == 44.5


async def test_billing_hands_a_double_charge_to_refunds():
    seen = await Customer().says("Why was I charged twice?")
    assert seen.calls[:2] == ["list_invoices", "check_payment"]
    assert json.loads(seen.asked[0])["reason"].startswith("Charged twice")


async def test_billing_explains_a_single_charge_itself():
    seen = await Customer().says("Why was I charged twice for A-1057?")
    assert seen.agents == ["Triage", "Billing"]
    assert "taken **once**" in seen.answer


async def test_technical_answers_with_its_findings():
    seen = await Customer().says("I can't log in, there is an error")
    assert seen.calls == ["search_knowledge_base", "run_diagnostics", "check_service_status"]
    assert "| session | expired 2 days ago |" in seen.answer
    assert "```bash\n" in seen.answer


async def test_a_new_topic_goes_back_through_triage():
    customer = Customer()
    await customer.says("Refund A-1042")
    seen = await customer.says("And now the app crashes")
    assert seen.agents == ["Refunds", "Triage", "Technical"]


async def test_thanks_are_answered_by_whoever_is_there():
    customer = Customer()
    await customer.says("The app is slow")
    seen = await customer.says("thanks!")
    assert seen.agents == ["Technical"]
    assert "welcome" in seen.answer


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("我要退款 A-1043", ["办好了", FAMILY, "演练"]),
        ("A-1043 を返金してください", ["完了しました", FAMILY, "リハーサル"]),
        ("我的账单", ["这是我看到的账单", "演练"]),
        ("エラーが出ます", ["原因が分かったようです", "リハーサル"]),
        ("你好", ["您好", "演练"]),
    ],
)
async def test_a_request_in_cjk_is_answered_in_its_language(asked, words):
    seen = await Customer().says(asked)
    assert all(word in seen.answer for word in words)


async def test_a_rejection_in_japanese_is_quoted_in_japanese():
    seen = await Customer().says("A-1057 を返金してください", "領収書が必要です")
    assert "> 領収書が必要です" in seen.answer
    assert "承認されませんでした" in seen.answer


@pytest.mark.parametrize("asked", ["Hello", "What is the weather like?", "こんにちは", "你好"])
async def test_small_talk_says_that_it_is_a_rehearsal(asked):
    seen = await Customer().says(asked)
    assert any(word in seen.answer for word in ("rehearsal", "リハーサル", "演练"))


async def test_agents_think_aloud():
    seen = await Customer().says("Refund A-1042")
    assert len(seen.thoughts) >= 4


async def test_raw_events_are_the_client_s_own_classes():
    seen = await Customer().says("Hello")
    deltas = [event.delta for event in seen.raw if isinstance(event, ResponseTextDeltaEvent)]
    assert "".join(deltas) == seen.answer
    assert len(deltas) > 20
    completed = [event for event in seen.raw if isinstance(event, ResponseCompletedEvent)]
    assert completed[-1].response.usage.total_tokens > 0


async def test_every_order_that_was_named_is_asked_for():
    seen = await Customer().says("refund orders 4711 and 4712")
    assert [json.loads(text)["order_id"] for text in seen.asked] == ["4711", "4712"]


ENGLISH = re.compile(
    r"\b(?:the|ok|ago|expired|captured|ending|refunds?|is on|check|systems|account)\b"
)


@pytest.mark.parametrize(
    "asked",
    [
        ["你好"],
        ["今天天气怎么样"],
        ["账单 A-1042"],
        ["登录错误"],
        ["退款订单 A-1042", "再退款 A-1042"],
        ["こんにちは"],
        ["今日の天気は?"],
        ["A-1042 の請求書をください"],
        ["アプリでエラーが出ます"],
        ["A-1042 を返金してください", "A-1042 を返金してください"],
    ],
)
async def test_an_answer_in_another_language_has_no_english_sentence_in_it(asked):
    customer = Customer()
    for sentence in asked:
        seen = await customer.says(sentence)
        prose = re.sub(r"```.*?```", "", "\n".join(seen.texts), flags=re.DOTALL)
        assert ENGLISH.findall(prose) == []
