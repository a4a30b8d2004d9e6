async with Runner.run_streamed(agent, "Summarise AI trends in 2026") as stream:
    async for event in stream:
        # ... handle events ...
        pass
    # After the stream completes, the full result is available
    result = stream.result
    print("Final output:", result.final_output)
    print("New items:", result.new_items)
    print("Raw responses:", result.raw_responses)
