from agents import Agent, Runner, RunItemStreamEvent, function_tool
from agents.items import ToolCallItem, ToolCallOutputItem, MessageOutputItem
import asyncio
@function_tool
def get_stock_price(ticker: str) -> str:
    """Get the current stock price for a ticker symbol."""
    prices = {"AAPL": "$189.50", "GOOGL": "$175.20", "MSFT": "$420.30"}
    return prices.get(ticker.upper(), "Ticker not found")
agent = Agent(
    name="Finance Agent",
    instructions="Help users with stock price queries.",
    tools=[get_stock_price]
)
async def stream_with_tools():
    async with Runner.run_streamed(agent, "What are the prices of AAPL and MSFT?") as stream:
        async for event in stream:
            if isinstance(event, RunItemStreamEvent):
                item = event.item
                if isinstance(item, ToolCallItem):
                    name = item.raw_item.name
                    args = item.raw_item.arguments
                    print(f"[TOOL CALL] {name}({args})")
                elif isinstance(item, ToolCallOutputItem):
                    print(f"[TOOL RESULT] {item.output}")
                elif isinstance(item, MessageOutputItem):
                    print(f"[AGENT] {item.raw_item.content[0].text}")
asyncio.run(stream_with_tools())
