"""BentoML."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Annotated

import bentoml
from bentoml.validators import ContentType
from payloads import Count, Numbers, Passage, classify


@bentoml.service(workers=1)
class Service:
    @bentoml.api(route="/small")
    async def small(self, passage: Passage, /) -> dict:
        return {"length": len(passage.text), "top": passage.top}

    @bentoml.api(route="/bytes")
    async def count_bytes(self, body: Annotated[Path, ContentType("application/octet-stream")], /) -> dict:
        content = body.read_bytes()
        return {"count": len(content), "last": content[-1]}

    @bentoml.api(route="/numbers")
    async def count_numbers(self, numbers: Numbers, /) -> dict:
        return {"count": len(numbers.data), "last": numbers.data[-1]}

    @bentoml.api(route="/stream")
    async def stream(self, count: Count, /) -> AsyncGenerator[str, None]:
        for index in range(count.count):
            yield f"data: {json.dumps({'index': index})}\n\n"

    @bentoml.api(route="/mlp-single")
    def classify_one(self, numbers: Numbers, /) -> dict:
        return classify([numbers.data])[0]

    @bentoml.api(route="/mlp-batched", batchable=True, max_batch_size=32)
    def classify_many(self, batch: list[Numbers]) -> list[dict]:
        return classify([numbers.data for numbers in batch])
