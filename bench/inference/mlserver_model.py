"""The same model with MLServer, which has no binary tensors over HTTP."""

import numpy as np
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse


class Mean(MLModel):
    async def load(self):
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        image = NumpyCodec.decode_input(payload.inputs[0])
        mean = np.array([image.mean(dtype=np.float64)])
        return InferenceResponse(model_name=self.name, outputs=[NumpyCodec.encode_output("mean", mean)])
