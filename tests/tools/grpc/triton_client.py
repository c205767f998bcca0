"""Triton's client over gRPC, as its examples use it, and health checks. Argument: the address of a server of predictors/."""

import queue
import sys

import grpc
import numpy as np
import tritonclient.grpc as triton
from grpc_health.v1 import health_pb2, health_pb2_grpc
from samples import SAMPLES, check, equal
from tritonclient.grpc import service_pb2, service_pb2_grpc
from tritonclient.utils import InferenceServerException

address = sys.argv[1]
client = triton.InferenceServerClient(address)


def refused(call, status):
    try:
        call()
    except InferenceServerException as error:
        check(error.status() == f"StatusCode.{status}", f"{error.status()} {error.message()} is not {status}")
        return error.message()
    raise SystemExit(f"FAILED: nothing was refused with {status}")


def simple_health_metadata():
    check(client.is_server_live() and client.is_server_ready(), "live and ready")
    check(client.is_model_ready("simple") and client.is_model_ready("simple", "1"), "the model is ready")
    check(client.get_server_metadata().name == "incant", "server metadata")
    metadata = client.get_model_metadata("simple", as_json=True)
    expected = {"name": "INPUT0", "datatype": "INT32", "shape": ["-1", "16"]}
    check(metadata["name"] == "simple" and metadata["inputs"][0] == expected, f"metadata {metadata}")
    names = sorted(model.name for model in client.get_model_repository_index().models)
    check(names == ["pause", "simple", "simple_string", "slow", "types"], f"index {names}")
    refused(lambda: client.get_model_metadata("wrong_model_name"), "NOT_FOUND")
    channel = grpc.insecure_channel(address)
    health = health_pb2_grpc.HealthStub(channel)
    serving = health_pb2.HealthCheckResponse.SERVING
    check(health.Check(health_pb2.HealthCheckRequest()).status == serving, "health")
    check(next(health.Watch(health_pb2.HealthCheckRequest())).status == serving, "health watched")
    channel.close()


ones, others = np.arange(16, dtype=np.int32).reshape(1, 16), np.ones((1, 16), dtype=np.int32)


def simple_inputs(first=ones, second=others, datatype="INT32"):
    inputs = [triton.InferInput(name, first.shape, datatype) for name in ("INPUT0", "INPUT1")]
    for tensor, numbers in zip(inputs, (first, second)):
        tensor.set_data_from_numpy(numbers)
    return inputs


def check_simple(result):
    check((result.as_numpy("OUTPUT0") == ones + others).all(), "sums")
    check((result.as_numpy("OUTPUT1") == ones - others).all(), "differences")


def simple_infer():
    outputs = [triton.InferRequestedOutput(name) for name in ("OUTPUT0", "OUTPUT1")]
    result = client.infer("simple", simple_inputs(), outputs=outputs, request_id="mine", headers={"test": "1"})
    check_simple(result)
    check(result.get_response().id == "mine" and result.get_response().model_version == "1", "id and version")
    check(client.infer("simple", simple_inputs(), outputs=outputs[1:]).as_numpy("OUTPUT0") is None, "one output")
    for algorithm in ("gzip", "deflate"):
        check_simple(client.infer("simple", simple_inputs(), compression_algorithm=algorithm))
    check_simple(client.infer("simple", simple_inputs(), model_version="1", client_timeout=30))


def simple_async_infer():
    answers = queue.Queue()
    for _ in range(20):
        client.async_infer("simple", simple_inputs(), callback=lambda result, error: answers.put(error or result))
    for _ in range(20):
        check_simple(answers.get(timeout=60))


def simple_string_infer():
    texts = [np.array([[str(value).encode() for value in row] for row in rows], dtype=np.object_) for rows in (ones, others)]
    result = client.infer("simple_string", simple_inputs(*texts, "BYTES"))
    for name, expected in (("OUTPUT0", ones + others), ("OUTPUT1", ones - others)):
        found = np.array([int(text) for text in result.as_numpy(name).flatten()]).reshape(1, 16)
        check((found == expected).all(), f"{name} as text")


def explicit_contents():
    """As Triton's grpc_explicit_int_content_client and grpc_explicit_byte_content_client."""
    channel = grpc.insecure_channel(address)
    stub = service_pb2_grpc.GRPCInferenceServiceStub(channel)
    request = service_pb2.ModelInferRequest(model_name="simple")
    for name, numbers in (("INPUT0", ones), ("INPUT1", others)):
        tensor = request.inputs.add(name=name, datatype="INT32", shape=[1, 16])
        tensor.contents.int_contents[:] = numbers.flatten().tolist()
    answer = stub.ModelInfer(request)
    check((np.frombuffer(answer.raw_output_contents[0], np.int32) == (ones + others).flatten()).all(), "int_contents")
    request = service_pb2.ModelInferRequest(model_name="simple_string")
    for name, numbers in (("INPUT0", ones), ("INPUT1", others)):
        tensor = request.inputs.add(name=name, datatype="BYTES", shape=[1, 16])
        tensor.contents.bytes_contents[:] = [str(value).encode() for value in numbers.flatten()]
    check(stub.ModelInfer(request).raw_output_contents[0].startswith(b"\x01\x00\x00\x001"), "bytes_contents")
    channel.close()


def datatypes_raw():
    for datatype, sample in SAMPLES.items():
        for sent in (sample, sample[:, :1], np.asfortranarray(np.tile(sample, (3, 2)))):
            tensor = triton.InferInput(datatype, sent.shape, datatype)
            tensor.set_data_from_numpy(sent)
            found = client.infer("types", [tensor]).as_numpy(datatype)
            check(equal(found, np.ascontiguousarray(sent)), f"{datatype} raw: {found} is not {sent}")


def refusals():
    message = refused(lambda: client.infer("simple", simple_inputs()[:1]), "INVALID_ARGUMENT")
    check("INPUT1 is missing" in message, message)
    refused(lambda: client.infer("simple", simple_inputs(ones.reshape(2, 8), others.reshape(2, 8))), "INVALID_ARGUMENT")
    refused(lambda: client.infer("simple", simple_inputs(ones.astype(np.float32), others.astype(np.float32), "FP32")), "INVALID_ARGUMENT")
    refused(lambda: client.infer("other", simple_inputs()), "NOT_FOUND")
    refused(lambda: client.infer("simple", simple_inputs(), model_version="7"), "NOT_FOUND")


def slow_input():
    tensor = triton.InferInput("_numbers", [1], "FP32")
    tensor.set_data_from_numpy(np.zeros(1, np.float32))
    return tensor


def ends():
    refused(lambda: client.infer("slow", [slow_input()], client_timeout=0.5), "DEADLINE_EXCEEDED")
    answers = queue.Queue()
    call = client.async_infer("slow", [slow_input()], callback=lambda result, error: answers.put(error))
    call.cancel()
    check(answers.get(timeout=60).status() == "StatusCode.CANCELLED", "cancelled")


def sizes():
    """The limit of a body is 10 MiB."""
    fits = np.zeros((1, (10 * 2**20 - 100) // 4), np.float32)
    tensor = triton.InferInput("FP32", fits.shape, "FP32")
    tensor.set_data_from_numpy(fits)
    check(client.infer("types", [tensor]).as_numpy("FP32").shape == fits.shape, "10 MB")
    larger = np.zeros((1, 10 * 2**20 // 4 + 1), np.float32)
    tensor = triton.InferInput("FP32", larger.shape, "FP32")
    tensor.set_data_from_numpy(larger)
    refused(lambda: client.infer("types", [tensor]), "RESOURCE_EXHAUSTED")


for part in (
    simple_health_metadata,
    simple_infer,
    simple_async_infer,
    simple_string_infer,
    explicit_contents,
    datatypes_raw,
    refusals,
    ends,
    sizes,
):
    part()
client.close()
print(f"tritonclient: {3 * len(SAMPLES)} arrays are equal, numpy to numpy")
