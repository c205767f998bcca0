"""MLServer, whose payloads are tensors of the Open Inference Protocol."""

from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse, ResponseOutput
from payloads import classify


class Small(MLModel):
    async def load(self) -> bool:
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        (text,) = StringCodec.decode_input(payload.inputs[0])
        (top,) = NumpyCodec.decode_input(payload.inputs[1])
        return self.answer(payload, "INT64", [len(text), int(top)])

    def answer(self, payload: InferenceRequest, datatype: str, values: list) -> InferenceResponse:
        output = ResponseOutput(name="output", shape=[len(values)], datatype=datatype, data=values)
        return InferenceResponse(id=payload.id, model_name=self.name, outputs=[output])


class CountNumbers(Small):
    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        numbers = NumpyCodec.decode_input(payload.inputs[0])
        return self.answer(payload, "FP64", [float(numbers.size), float(numbers[-1])])


class Classify(Small):
    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        vectors = NumpyCodec.decode_input(payload.inputs[0])
        return self.answer(payload, "INT64", [answer["label"] for answer in classify(vectors)])
