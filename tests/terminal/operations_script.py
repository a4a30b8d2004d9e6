"""What the model of `agents/operations.py` says, by what it was asked."""

from tests.fakes.http1 import ReceivedRequest
from tui.rehearsal.script import Reply, call, reply, say, think


def answer(request: ReceivedRequest) -> Reply:
    """Return the next response: look, hand over, restart, report.

    "crash" asks for `crash`, "again" for the restart alone, of the operator.
    """
    items = request.body["input"]
    last_user = max(n for n, item in enumerate(items) if item.get("role") == "user")
    since = [item["type"] for item in items[last_user:] if "type" in item]
    outputs = since.count("function_call_output")
    asked = str(items[last_user]["content"])
    if "crash" in asked:
        return _crash(request, outputs)
    if "again" in asked:
        return _again(outputs)
    match outputs:
        case 0:
            return reply(
                think("**Looking first**\n\nTwo looks at once cost no more than one."),
                say("Let me *look* at it."),
                call("probe", "call_probe", host="db-1"),
                call("read_log", "call_log"),
            )
        case 2:
            return reply(call("transfer_to_operator", "call_handoff"))
        case 3:
            return reply(
                say("The host is up but wedged."), call("restart", "call_restart", host="db-1")
            )
        case _:
            return reply(say("All **done**: db-1 was restarted."))


def _again(outputs: int) -> Reply:
    if outputs:
        return reply(say("That was **all**."))
    return reply(call("restart", "call_again", host="db-1"))


def _crash(request: ReceivedRequest, outputs: int) -> Reply:
    tools = {tool["name"] for tool in request.body["tools"]}
    if "crash" in tools:
        return reply(say("Here goes."), call("crash", f"call_crash_{outputs}"))
    return reply(call("transfer_to_operator", f"call_over_{outputs}"))
