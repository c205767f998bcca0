"""Clients of the Open Inference Protocol as people install them: tritonclient and kserve, against the models in predictors/."""

import asyncio
import os

import ml_dtypes
import numpy as np
import tritonclient.http as triton
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig
from tritonclient.utils import InferenceServerException

URL = os.environ["INFERENCE_URL"]
client = triton.InferenceServerClient(URL.removeprefix("http://"))
count = 0


def check(found, wanted):
    global count
    count += 1
    assert found == wanted, f"{found!r}, and it should be {wanted!r}"


def equal(found, wanted):
    check((found.dtype.kind, found.shape, found.tolist()), (wanted.dtype.kind, wanted.shape, wanted.tolist()))


def refused(call, text):
    try:
        call()
    except InferenceServerException as error:
        check(text in error.message(), True)
    else:
        raise AssertionError(f"not refused: {text}")


def infer(model, inputs, outputs=None, binary_in=True, binary_out=True, **more):
    sent = []
    for name, (values, datatype) in inputs.items():
        tensor = triton.InferInput(name, list(values.shape), datatype)
        tensor.set_data_from_numpy(values, binary_data=binary_in)
        sent.append(tensor)
    wanted = [triton.InferRequestedOutput(name, binary_data=binary_out) for name in outputs or []]
    return client.infer(model, sent, outputs=wanted or None, **more)


# What Triton's simple_http_health_metadata.py asks.
check(client.is_server_live(), True)
check(client.is_server_ready(), True)
check(client.is_model_ready("simple"), True)
check(client.is_model_ready("simple", "1"), True)
check(client.is_model_ready("absent"), False)
check(client.get_server_metadata()["name"], "incant")
metadata = client.get_model_metadata("simple")
check(metadata["inputs"][0], {"name": "INPUT0", "datatype": "INT32", "shape": [-1, 16]})
check([row["name"] for row in client.get_model_repository_index()], ["simple", "simple_string", "echo", "lengths"])
refused(lambda: client.get_model_metadata("wrong_model_name"), "does not exist")
refused(lambda: client.load_model("simple"), "none is loaded")

# simple_http_infer_client.py: with outputs, without, and with JSON.
row0 = np.arange(16, dtype=np.int32).reshape(1, 16)
row1 = np.ones((1, 16), dtype=np.int32)
simple = {"INPUT0": (row0, "INT32"), "INPUT1": (row1, "INT32")}
for names in (["OUTPUT0", "OUTPUT1"], None):
    for binary in (True, False):
        answer = infer("simple", simple, names, binary_in=binary, binary_out=binary, request_id="7")
        check(answer.get_response()["id"], "7")
        equal(answer.as_numpy("OUTPUT0"), row0 + row1)
        equal(answer.as_numpy("OUTPUT1"), row0 - row1)
mixed = [triton.InferInput(name, [1, 16], "INT32") for name in ("INPUT0", "INPUT1")]
mixed[0].set_data_from_numpy(row0, binary_data=False)
mixed[1].set_data_from_numpy(row1, binary_data=True)
outputs = [triton.InferRequestedOutput("OUTPUT0", True), triton.InferRequestedOutput("OUTPUT1", False)]
answer = client.infer("simple", mixed, outputs=outputs, model_version="1")
equal(answer.as_numpy("OUTPUT0"), row0 + row1)
equal(answer.as_numpy("OUTPUT1"), row0 - row1)
check(infer("simple", simple, ["OUTPUT1"]).as_numpy("OUTPUT0") is None, True)

# simple_http_async_infer_client.py.
sent = []
for name, (values, datatype) in simple.items():
    sent.append(triton.InferInput(name, [1, 16], datatype))
    sent[-1].set_data_from_numpy(values)
for request in [client.async_infer("simple", sent) for _ in range(4)]:
    equal(request.get_result().as_numpy("OUTPUT0"), row0 + row1)

# simple_http_string_infer_client.py.
text0 = np.array([str(number).encode() for number in range(16)], dtype=np.object_).reshape(1, 16)
text1 = np.array([b"1"] * 16, dtype=np.object_).reshape(1, 16)
for binary in (True, False):
    inputs = {"INPUT0": (text0, "BYTES"), "INPUT1": (text1, "BYTES")}
    answer = infer("simple_string", inputs, ["OUTPUT0", "OUTPUT1"], binary_in=binary, binary_out=binary)
    check([int(text) for text in answer.as_numpy("OUTPUT0")[0]], [number + 1 for number in range(16)])
    check([int(text) for text in answer.as_numpy("OUTPUT1")[0]], [number - 1 for number in range(16)])

# Every datatype that numpy has, each way in and each way out.
VALUES = {
    "BOOL": np.array([[True, False], [False, True]]),
    "INT8": np.array([[-128, 127]], np.int8),
    "INT16": np.array([[-32768, 32767]], np.int16),
    "INT32": np.array([[-(2**31), 2**31 - 1]], np.int32),
    "INT64": np.array([[-(2**63), 2**63 - 1]], np.int64),
    "UINT8": np.array([[0, 255]], np.uint8),
    "UINT16": np.array([[0, 65535]], np.uint16),
    "UINT32": np.array([[0, 2**32 - 1]], np.uint32),
    "UINT64": np.array([[2**53 + 1, 2**64 - 1]], np.uint64),
    "FP16": np.array([[1.5, -65504]], np.float16),
    "FP32": np.array([[0.1, -3.4e38], [1e-45, 7]], np.float32),
    "FP64": np.array([[0.1, -1.7e308]], np.float64),
    "BYTES": np.array([["ü".encode(), b""]], np.object_),
}
combinations = 0
for datatype, values in VALUES.items():
    for binary_in in (True, False):
        for binary_out in (True, False):
            if datatype == "FP16" and not (binary_in and binary_out):
                continue
            answer = infer("echo", {datatype: (values, datatype)}, [datatype], binary_in, binary_out)
            found = answer.as_numpy(datatype)
            if datatype == "BYTES" and not binary_out:
                found = np.array([[text.encode() for text in row] for row in found], np.object_)
            equal(found, values)
            combinations += 1
assert combinations >= 30, combinations

# Other types of a predictor.
OTHERS = {
    "floats": ("FP32", np.array([0.5, 2], np.float32)),
    "matrix": ("FP64", np.array([[1.0, 2, 3], [4, 5, 6]])),
    "rows": ("FP32", np.array([[1, 2], [3, 4]], np.float32)),
    "integers": ("INT64", np.array([1, -5], np.int64)),
    "flags": ("BOOL", np.array([True, False, True])),
    "texts": ("BYTES", np.array([b"a", b"b"], np.object_)),
    "halves": ("FP16", np.array([1.5, -2], np.float16)),
    "shaped": ("INT32", np.array([[1, 2, 3], [4, 5, 6]], np.int32)),
    "bytes": ("UINT8", np.array([0, 255], np.uint8)),
}
for name, (datatype, values) in OTHERS.items():
    equal(infer("echo", {name: (values, datatype)}, [name]).as_numpy(name), values)
whole = np.array([b'{"name":"a","scores":[1,2.5]}'], np.object_)
equal(infer("echo", {"whole": (whole, "BYTES")}, ["whole"]).as_numpy("whole"), whole)
bits = triton.InferInput("BF16", [1, 2], "BF16")
brains = np.array([[1.0, -2.0]], ml_dtypes.bfloat16)
bits.set_data_from_numpy(brains)
check(client.infer("echo", [bits]).as_numpy("BF16").astype(np.float32).tolist(), [[1.0, -2.0]])
wider = np.array([[1, 2]], np.int32)
equal(infer("echo", {"FP64": (wider, "INT32")}, ["FP64"]).as_numpy("FP64"), wider.astype(np.float64))

# Rows of a batch, and one that is not as it should be.
texts = np.array([b"a", b"bcd", b"ef"], np.object_)
weights = np.array([1.0, 2.0, 3.0])
answer = infer("lengths", {"text": (texts, "BYTES"), "weight": (weights, "FP64")})
equal(answer.as_numpy("length"), np.array([1.0, 6.0, 6.0]))
long = np.array([b"a", b"b" * 11, b"c"], np.object_)
refused(lambda: infer("lengths", {"text": (long, "BYTES"), "weight": (weights, "FP64")}), "Row 1 ")
refused(lambda: infer("echo", {"FP16": (VALUES["FP16"], "FP16")}, ["FP16"], binary_out=False), "binary_data")
refused(lambda: infer("simple", {"INPUT0": (row0, "INT32")}), "INPUT1 is missing")
refused(lambda: client.infer("simple", sent, outputs=[triton.InferRequestedOutput("OUTPUT0", class_count=3)]), "classification")
refused(lambda: client.infer("simple", sent, sequence_id=5, sequence_start=True), "sequence_id")


async def kserve():
    v2 = InferenceRESTClient(RESTConfig(protocol="v2", retries=0))
    check(await v2.is_server_live(URL), True)
    check(await v2.is_server_ready(URL), True)
    check(await v2.is_model_ready(URL, "simple"), True)
    for binary in (True, False):
        inputs = [InferInput("INPUT0", [1, 16], "INT32"), InferInput("INPUT1", [1, 16], "INT32")]
        inputs[0].set_data_from_numpy(row0, binary_data=binary)
        inputs[1].set_data_from_numpy(row1, binary_data=binary)
        request = InferRequest("simple", inputs, request_id="8", parameters={"binary_data_output": binary})
        answer = await v2.infer(URL, request, model_name="simple")
        check(answer.id, "8")
        equal(answer.outputs[0].as_numpy(), row0 + row1)
        equal(answer.outputs[1].as_numpy(), row0 - row1)
    for datatype, values in VALUES.items():
        for binary in (True, False):
            if datatype == "FP16" and not binary:
                continue
            tensor = InferInput(datatype, list(values.shape), datatype)
            tensor.set_data_from_numpy(values, binary_data=binary)
            request = InferRequest("echo", [tensor], parameters={"binary_data_output": binary})
            answer = await v2.infer(URL, request, model_name="echo")
            found = answer.outputs[0].as_numpy()
            if datatype == "BYTES":
                found = np.array([text if isinstance(text, bytes) else text.encode() for text in found.flat], np.object_)
                found = found.reshape(values.shape)
            equal(found, values)
    v1 = InferenceRESTClient(RESTConfig(protocol="v1", retries=0))
    check(await v1.is_model_ready(URL, "lengths"), True)
    instances = [{"text": "abc", "weight": 2}, {"text": "d", "weight": 1}]
    answer = await v1.infer(URL, {"instances": instances}, model_name="lengths")
    check([prediction["length"] for prediction in answer["predictions"]], [6, 1])


asyncio.run(kserve())
print(f"{count} checks of tritonclient and kserve passed, {combinations} combinations of datatypes and forms among them")
