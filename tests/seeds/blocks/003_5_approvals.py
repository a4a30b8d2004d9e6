state = result.to_state()
for interruption in result.interruptions:
    if ask_approval(...):
        state.approve(interruption)
    else:
        state.reject(interruption)

result = ws.run_streamed(agent, state)   # resume

