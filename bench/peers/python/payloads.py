"""What the servers are sent, and the model of the tasks that compute."""

import os
from functools import cache

from pydantic import BaseModel, Field


class Passage(BaseModel):
    text: str = Field(min_length=1, max_length=10_000)
    top: int = Field(ge=1, le=10)


class Numbers(BaseModel):
    data: list[float]


class Count(BaseModel):
    count: int


def classify(vectors):
    import numpy

    (scores,) = load_model().run(None, {"x": numpy.asarray(vectors, dtype=numpy.float32)})
    return [{"label": int(label)} for label in scores.argmax(axis=1)]


@cache
def load_model():
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(os.environ["BENCH_MODEL"], options)
