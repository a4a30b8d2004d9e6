while True:
    async for event in result.stream_events():
        if event.type == "raw_response_event":
            raw = event.data
            if raw.type == "response.reasoning_summary_text.delta":
                # print incremental reasoning text
                pass

            elif raw.type == "response.output_text.delta":
                # print incremental assistant output
                pass

            continue

        if event.type != "run_item_stream_event":
            continue

        item = event.item
        if item.type == "tool_call_item":
            print(f"[tool call] {tool_name}({tool_args})")
        elif item.type == "tool_call_output_item":
            print(f"[tool result] {item.output}")

