"""A small MCP server to be started as a process: it speaks the protocol in a few lines, at once.

Arguments: `stubborn` stays when its input ends, `mute` answers nothing, `loud` prints its id.
"""

from __future__ import annotations

import json
import os
import signal
import sys

TOOLS = ("echo", "die", "say", "pid")


def result_of(method: str, params: dict) -> dict | None:
    """Return what a request is answered with; None for a method it does not know."""
    match method:
        case "initialize":
            return {
                "protocolVersion": "2025-06-18",
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "small", "version": "1"},
            }
        case "tools/list":
            schema = {"type": "object", "properties": {"word": {"type": "string"}}}
            return {"tools": [{"name": name, "inputSchema": schema} for name in TOOLS]}
        case "tools/call":
            text = called(params["name"], params.get("arguments", {}).get("word", ""))
            return {"content": [{"type": "text", "text": text}]}
    return None


def called(name: str, word: str) -> str:
    """Do what a tool does."""
    if name == "pid":
        return str(os.getpid())
    if name != "echo":
        print(f"\x1b[31m{word} 日本", file=sys.stderr, flush=True)
    if name == "die":
        os._exit(3)
    return word


def main() -> None:
    """Answer until the input ends."""
    if "stubborn" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if "loud" in sys.argv:
        print(os.getpid(), file=sys.stderr, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        if "id" not in request or "mute" in sys.argv:
            continue
        result = result_of(request["method"], request.get("params", {}))
        error = {"code": -32601, "message": "Method not found"}
        answer = {"error": error} if result is None else {"result": result}
        print(json.dumps({"jsonrpc": "2.0", "id": request["id"], **answer}), flush=True)
    while "stubborn" in sys.argv:
        signal.pause()


if __name__ == "__main__":
    main()
