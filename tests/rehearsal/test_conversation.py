"""A request's input, read back as a conversation."""

from tui.host.live.history import closed
from tui.rehearsal.conversation import read_conversation


def user(text):
    return {"role": "user", "content": text}


def said(text):
    content = [{"type": "output_text", "text": text}]
    return {"type": "message", "role": "assistant", "content": content}


def called(name, call_id, arguments="{}"):
    return {"type": "function_call", "name": name, "call_id": call_id, "arguments": arguments}


def answered(call_id, output):
    return {"type": "function_call_output", "call_id": call_id, "output": output}


def test_a_plain_string_is_a_question():
    assert read_conversation({"input": "Hi"}).now.asked == "Hi"


def test_calls_are_joined_with_their_outputs():
    items = [user("Go"), called("f", "c1", '{"x": 1}'), answered("c1", '{"y": 2}')]
    (step,) = read_conversation({"input": items}).now.steps
    assert (step.name, step.arguments, step.facts) == ("f", {"x": 1}, {"y": 2})


def test_a_finished_exchange_is_history():
    conversation = read_conversation({"input": [user("One"), said("Done."), user("Two")]})
    assert [exchange.said for exchange in conversation.earlier] == [("Done.",)]
    assert conversation.now.asked == "Two"


def test_a_remark_while_tools_run_steers_the_same_exchange():
    items = [user("Refund"), called("f", "c1"), answered("c1", "ok"), user("only half")]
    conversation = read_conversation({"input": items})
    assert conversation.earlier == ()
    assert conversation.now.asked == "Refund\nonly half"
    assert len(conversation.now.steps) == 1


def test_text_before_a_call_does_not_end_an_exchange():
    items = [user("Refund"), said("Let me look."), called("f", "c1"), answered("c1", "ok")]
    conversation = read_conversation({"input": items})
    assert conversation.now.said == ("Let me look.",)
    assert len(conversation.now.steps) == 1


def test_what_follows_a_withdrawn_call_is_a_new_exchange():
    left_behind = closed([user("Refund"), called("f", "c1")])
    conversation = read_conversation({"input": [*left_behind, user("ask again")]})
    assert [exchange.is_cut_short for exchange in conversation.earlier] == [True]
    assert conversation.earlier[0].steps[0].is_withdrawn
    assert conversation.now.asked == "ask again"


def test_what_only_says_again_means_what_was_cut_short():
    left_behind = closed([user("Refund A-1"), called("f", "c1")])
    wishes = {
        asked: read_conversation({"input": [*left_behind, user(asked)]}).wish
        for asked in ("again", "again for A-1043", "hello")
    }
    assert wishes == {
        "again": "Refund A-1\nagain",
        "again for A-1043": "again for A-1043",
        "hello": "hello",
    }


def test_nonsense_is_no_conversation():
    conversation = read_conversation({"input": 7})
    assert conversation.now.asked == ""
    broken = read_conversation({"input": [user("x"), called("f", "c1", "{oops")]})
    assert broken.now.steps[0].arguments == {}
