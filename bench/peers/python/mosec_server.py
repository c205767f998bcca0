"""Mosec, with the task that the environment names."""

import json
import os

import pydantic
from mosec import Server, SSEWorker, ValidationError, Worker
from payloads import Count, Numbers, Passage, classify


def check(model, data: bytes):
    try:
        return model.model_validate_json(data)
    except pydantic.ValidationError as error:
        raise ValidationError(str(error)) from error


class Small(Worker):
    def deserialize(self, data: bytes):
        return check(Passage, data)

    def forward(self, passage):
        return {"length": len(passage.text), "top": passage.top}


class CountBytes(Worker):
    def deserialize(self, data: bytes):
        return data

    def forward(self, body):
        return {"count": len(body), "last": body[-1]}


class CountNumbers(Worker):
    def deserialize(self, data: bytes):
        return check(Numbers, data).data

    def forward(self, data):
        return {"count": len(data), "last": data[-1]}


class Stream(SSEWorker):
    def deserialize(self, data: bytes):
        return check(Count, data).count

    def forward(self, count):
        for index in range(count):
            self.send_stream_event(json.dumps({"index": index}))


class Classify(CountNumbers):
    def forward(self, data):
        return classify([data])[0]


class ClassifyBatch(CountNumbers):
    def forward(self, batch):
        return classify(batch)


WORKERS = {
    "small": Small,
    "bytes": CountBytes,
    "numbers": CountNumbers,
    "stream": Stream,
    "mlp-single": Classify,
    "mlp-batched": ClassifyBatch,
}

if __name__ == "__main__":
    task = os.environ["BENCH_TASK"]
    # A batch waits for more for so many milliseconds.
    batch = {"max_batch_size": 32, "max_wait_time": 5} if task == "mlp-batched" else {}
    server = Server()
    server.append_worker(WORKERS[task], num=1, route="/predict", **batch)
    server.run()
