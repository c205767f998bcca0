"""The same tool with LitServe, on the port that is given."""

import sys

import litserve as ls
from litserve.mcp import MCP
from pydantic import BaseModel


class Numbers(BaseModel):
    a: float
    b: float


class Add(ls.LitAPI):
    def setup(self, device):
        pass

    def decode_request(self, request: Numbers):
        return request

    def predict(self, numbers):
        return numbers.a + numbers.b

    def encode_response(self, output):
        return {"result": output}


if __name__ == "__main__":
    api = Add(mcp=MCP(name="add", description="Adds two numbers."))
    server = ls.LitServer(api, accelerator="cpu", workers_per_device=1)
    server.run(port=int(sys.argv[1]), host="127.0.0.1", generate_client_file=False, log_level="warning")
