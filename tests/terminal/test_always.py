"""A rule made of a call, in a real pty with a real agent process: checked by what the tool did."""


def test_a_call_approved_always_is_not_asked_for_again_in_this_conversation(session, restarts):
    session.type("What is wrong with db-1?\r")
    session.go_to_request()
    session.type("Y")
    session.wait_for("Approve this call, and calls like it from now on")
    session.settle()
    assert restarts.read_text() == ""
    session.type("Y")
    session.wait_for("db-1 was restarted")
    session.type("again\r")
    session.wait_for("That was all")
    assert restarts.read_text() == "db-1\ndb-1\n"


def test_a_call_rejected_always_is_refused_without_a_question(session, restarts):
    session.type("What is wrong with db-1?\r")
    session.go_to_request()
    session.type("N")
    session.wait_for("Reject this call, and calls like it from now on")
    session.settle()
    session.type("N")
    session.wait_for("✗ rejected")
    session.type("again\r")
    session.wait_for("That was all")
    assert "denied by a rule" in session.text
    assert restarts.read_text() == ""
