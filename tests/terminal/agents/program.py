"""A program that opens the cockpit itself, and goes on when the person leaves it."""

import asyncio
import sys

import tui
from tui.agents import Agent, function_tool
from tui.errors import BatonError

ATTACK = "\x1b]0;owned title\x07"


@function_tool
def look(city: str) -> str:
    """Look at a city's weather."""
    print("looking at", city, ATTACK)
    return "sunny"


desk = Agent(name="Desk", instructions="Tell the weather.", tools=[look])


async def inside_a_loop() -> None:
    """Open the cockpit where a loop runs: the wrong way, then the right one."""
    try:
        tui.run(desk)
    except BatonError as error:
        print(type(error).__name__, error)
    print("came to", await tui.run_async(desk, "Hello"))


def main() -> None:
    print("before")
    match sys.argv[1:]:
        case ["loop"]:
            asyncio.run(inside_a_loop())
        case ["interrupt"]:
            try:
                tui.run(desk)
            except KeyboardInterrupt:
                print("interrupted")
        case ["screen dies"]:
            try:
                tui.run(desk)
            except BatonError as error:
                print(type(error).__name__, error)
        case prompt:
            print("came to", repr(tui.run(desk, *prompt)))
    print("child:", flush=True)
    asyncio.run(say_from_a_child())
    print("You are", input())


async def say_from_a_child() -> None:
    """Let a child print where this program prints."""
    child = await asyncio.create_subprocess_exec("echo", "printed by a child")
    await child.wait()


if __name__ == "__main__":
    main()
