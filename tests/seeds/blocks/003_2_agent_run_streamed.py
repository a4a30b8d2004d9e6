result = Agent.run_streamed(agent, prompt)
async for event in result.stream_events():
    # handle event
    pass

