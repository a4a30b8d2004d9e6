if event.type == "raw_response_event":
    # low-level token/character deltas
    pass

elif event.type == "run_item_stream_event":
    # higher-level semantic items
    pass

elif event.type == "agent_updated_stream_event":
    # handoff occurred
    pass

