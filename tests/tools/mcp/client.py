"""The official Python client against a server: lists, calls, follows progress, and reads errors. Prints what it saw as JSON."""

import asyncio
import json
import sys

from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client


async def look(url: str) -> dict:
    async with streamable_http_client(url) as streams:
        async with ClientSession(streams[0], streams[1]) as session:
            await session.initialize()
            tools = (await session.list_tools()).tools
            seen = {"tools": [tool.name for tool in tools]}
            name = tools[0].name
            if name == "add":
                added = await session.call_tool(name, {"a": 1, "b": 2})
                wrong = await session.call_tool(name, {"a": -1, "b": 2})
                seen["added"] = added.model_dump(by_alias=True, exclude_none=True)["structuredContent"]
                seen["wrong"] = wrong.model_dump(by_alias=True, exclude_none=True)["isError"]
            else:
                messages: list[str | None] = []

                async def hear(progress: float, total: float | None, message: str | None) -> None:
                    messages.append(message)

                result = await session.call_tool(name, {}, progress_callback=hear)
                seen["progress"] = messages
                seen["text"] = result.content[0].text
            return seen


print(json.dumps(asyncio.run(look(sys.argv[1]))))
