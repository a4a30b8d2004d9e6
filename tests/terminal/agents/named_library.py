"""A program with an agent of the library that its argument names. It opens the cockpit itself."""

import importlib
import os
import sys

import tui

if __name__ == "__main__":
    library = importlib.import_module(sys.argv[1])
    output = tui.run(library.Agent(name="Desk"), "Hello")
    print("came to", repr(output), "with key", repr(os.environ.get("OPENAI_API_KEY")))
