from agents import Agent, Runner
agent = Agent(
    name="Assistant",
    instructions="You are a helpful assistant."
)
# Blocking — waits for full response
result = await Runner.run(agent, "Explain vector databases")
print(result.final_output)
# Streaming — yields events as they happen
async with Runner.run_streamed(agent, "Explain vector databases") as stream:
    async for event in stream:
        print(event) # StreamEvent objects
