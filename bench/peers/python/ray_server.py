"""Ray Serve, on the port that is given."""

import json
import signal
import sys

import ray
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from payloads import Count, Numbers, Passage, classify
from ray import serve

app = FastAPI()


@serve.deployment
@serve.ingress(app)
class Service:
    @app.get("/ready")
    async def ready(self):
        return {"status": "ok"}

    @app.post("/small")
    async def small(self, passage: Passage):
        return {"length": len(passage.text), "top": passage.top}

    @app.post("/bytes")
    async def count_bytes(self, request: Request):
        body = await request.body()
        return {"count": len(body), "last": body[-1]}

    @app.post("/numbers")
    async def count_numbers(self, numbers: Numbers):
        return {"count": len(numbers.data), "last": numbers.data[-1]}

    @app.post("/stream")
    async def stream(self, count: Count):
        return StreamingResponse(self.events(count.count), media_type="text/event-stream")

    async def events(self, count: int):
        for index in range(count):
            yield f"data: {json.dumps({'index': index})}\n\n"

    @app.post("/mlp-single")
    def classify_one(self, numbers: Numbers):
        return classify([numbers.data])[0]

    @app.post("/mlp-batched")
    async def classify_many(self, numbers: Numbers):
        return await self.classify_batch(numbers.data)

    @serve.batch(max_batch_size=32)
    async def classify_batch(self, batch: list):
        return classify(batch)


if __name__ == "__main__":
    ray.init(include_dashboard=False)
    serve.start(http_options={"host": "127.0.0.1", "port": int(sys.argv[1])})
    serve.run(Service.bind())
    signal.pause()
