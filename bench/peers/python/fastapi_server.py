"""FastAPI on uvicorn, on the port that is given."""

import json
import sys

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from payloads import Count, Numbers, Passage, classify

app = FastAPI()


@app.get("/ready")
async def ready():
    return {"status": "ok"}


@app.post("/small")
async def small(passage: Passage):
    return {"length": len(passage.text), "top": passage.top}


@app.post("/bytes")
async def count_bytes(request: Request):
    body = await request.body()
    return {"count": len(body), "last": body[-1]}


@app.post("/numbers")
async def count_numbers(numbers: Numbers):
    return {"count": len(numbers.data), "last": numbers.data[-1]}


@app.post("/stream")
async def stream(count: Count):
    return StreamingResponse(events(count.count), media_type="text/event-stream")


async def events(count: int):
    for index in range(count):
        yield f"data: {json.dumps({'index': index})}\n\n"


# On a thread of the pool, since it computes.
@app.post("/mlp-single")
def classify_one(numbers: Numbers):
    return classify([numbers.data])[0]


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]))
