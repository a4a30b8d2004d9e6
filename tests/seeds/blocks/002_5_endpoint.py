from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from agents import Agent, Runner, RawResponsesStreamEvent, RunItemStreamEvent
from agents.items import ToolCallItem, ToolCallOutputItem
from openai.types.responses import ResponseTextDeltaEvent
import json
app = FastAPI()
class ChatRequest(BaseModel):
    message: str
agent = Agent(
    name="Assistant",
    instructions="You are a helpful assistant.",
    tools=[get_stock_price]
)
async def sse_generator(message: str):
    async with Runner.run_streamed(agent, message) as stream:
        async for event in stream:
            if isinstance(event, RawResponsesStreamEvent):
                if isinstance(event.data, ResponseTextDeltaEvent):
                    payload = json.dumps({"type": "token", "content": event.data.delta})
                    yield f"data: {payload}\n\n"
            elif isinstance(event, RunItemStreamEvent):
                if isinstance(event.item, ToolCallItem):
                    payload = json.dumps({
                        "type": "tool_call",
                        "name": event.item.raw_item.name
                    })
                    yield f"data: {payload}\n\n"
                elif isinstance(event.item, ToolCallOutputItem):
                    payload = json.dumps({"type": "tool_done"})
                    yield f"data: {payload}\n\n"
    yield 'data: {"type": "done"}\n\n'
@app.post("/chat/stream")
async def chat_stream(req: ChatRequest):
    return StreamingResponse(
        sse_generator(req.message),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    )
