from agents import Agent, Runner, AgentUpdatedStreamEvent
billing_agent = Agent(name="Billing", instructions="Handle billing questions.")
tech_agent = Agent(name="Technical", instructions="Handle technical questions.")
triage_agent = Agent(
    name="Triage",
    instructions="Route to the right specialist agent.",
    handoffs=[billing_agent, tech_agent]
)
async def stream_with_handoffs():
    async with Runner.run_streamed(triage_agent, "I can't log in to my account") as stream:
        async for event in stream:
            # Detect when a handoff happens
            if isinstance(event, AgentUpdatedStreamEvent):
                print(f"[HANDOFF] Now talking to: {event.new_agent.name}")
