"""LitServe, on the port and with the task that are given."""

import json
import sys

import litserve
from fastapi import Request
from payloads import Count, Numbers, Passage, classify


class Small(litserve.LitAPI):
    def setup(self, device):
        pass

    def decode_request(self, request: Passage):
        return request

    def predict(self, passage):
        return {"length": len(passage.text), "top": passage.top}

    def encode_response(self, output):
        return output


class CountBytes(Small):
    # A body is JSON or a form.
    def decode_request(self, request: Request):
        return request["body"].file.read()

    def predict(self, body):
        return {"count": len(body), "last": body[-1]}


class CountNumbers(Small):
    def decode_request(self, request: Numbers):
        return request.data

    def predict(self, data):
        return {"count": len(data), "last": data[-1]}


class Stream(Small):
    def decode_request(self, request: Count):
        return request.count

    def predict(self, count):
        for index in range(count):
            yield {"index": index}

    def encode_response(self, output):
        for item in output:
            yield f"data: {json.dumps(item)}\n\n"


class Classify(CountNumbers):
    def predict(self, data):
        return classify([data])[0]


class ClassifyBatch(CountNumbers):
    def batch(self, inputs):
        return inputs

    def predict(self, batch):
        return classify(batch)

    def unbatch(self, output):
        return output


APIS = {
    "small": Small,
    "bytes": CountBytes,
    "numbers": CountNumbers,
    "stream": Stream,
    "mlp-single": Classify,
    "mlp-batched": ClassifyBatch,
}

if __name__ == "__main__":
    port, task = int(sys.argv[1]), sys.argv[2]
    # A batch waits for more for so many seconds.
    batch = {"max_batch_size": 32, "batch_timeout": 0.005} if task == "mlp-batched" else {}
    api = APIS[task](stream=task == "stream", **batch)
    server = litserve.LitServer(api, accelerator="cpu", workers_per_device=1)
    server.run(port=port, host="127.0.0.1", generate_client_file=False)
