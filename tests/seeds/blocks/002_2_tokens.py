from agents import Agent, Runner, RawResponsesStreamEvent
from openai.types.responses import ResponseTextDeltaEvent
import asyncio
agent = Agent(
    name="Writer",
    instructions="You are a concise technical writer."
)
async def stream_tokens():
    async with Runner.run_streamed(agent, "Describe the CAP theorem briefly") as stream:
        async for event in stream:
            # Filter to raw model events only
            if not isinstance(event, RawResponsesStreamEvent):
                continue
            # Extract text delta from the underlying response event
            data = event.data
            if isinstance(data, ResponseTextDeltaEvent):
                print(data.delta, end="", flush=True)
    print() # newline after stream completes
asyncio.run(stream_tokens())
