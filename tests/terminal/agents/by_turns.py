"""A program that opens the screen, runs its agent itself and traces, in the order of its arguments.

What was traced is kept here: nothing is uploaded.
"""

import asyncio
import importlib
import sys

import tui

traced = []


def keep_traces(library):
    """Have the SDK tell this program of its traces, and nobody else."""

    class Kept(library.TracingProcessor):
        def on_trace_start(self, trace):
            traced.append(trace.name)

        def on_trace_end(self, trace): ...
        def on_span_start(self, span): ...
        def on_span_end(self, span): ...
        def shutdown(self): ...
        def force_flush(self): ...

    library.set_trace_processors([Kept()])


def trace(library, name, **options):
    with library.trace(name, **options):
        pass


def main():
    library = importlib.import_module(sys.argv[1])
    if hasattr(library, "TracingProcessor"):
        keep_traces(library)
    agent = library.Agent(name="Desk")
    for number, turn in enumerate(sys.argv[2:]):
        match turn:
            case "screen":
                came_to = tui.run(agent, "Hello")
            case "run_sync":
                came_to = library.Runner.run_sync(agent, "Hello").final_output
            case "loop":
                came_to = asyncio.run(asyncio.sleep(0, "nothing"))
            case "switch":
                came_to = trace(library, "switched off", disabled=True)
            case "trace":
                came_to = trace(library, "own")
        print(f"turn {number} came to {came_to}")
    print("traced", traced)


if __name__ == "__main__":
    main()
