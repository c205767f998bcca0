"""The same model with KServe's own server, on the port that is given."""

import sys

import numpy as np
from kserve import InferOutput, InferResponse, Model, ModelServer


class Mean(Model):
    def __init__(self):
        super().__init__("mean")
        self.ready = True

    def predict(self, payload, headers=None, response_headers=None):
        image = payload.inputs[0].as_numpy()
        mean = np.array([image.mean(dtype=np.float64)])
        output = InferOutput("mean", [1], "FP64")
        output.set_data_from_numpy(mean, binary_data=False)
        return InferResponse(payload.id, "mean", [output])


if __name__ == "__main__":
    port = int(sys.argv[1])
    ModelServer(http_port=port, enable_grpc=False, workers=1).start([Mean()])
