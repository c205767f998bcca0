"""Arrays of each datatype, and whether two are equal to the bit."""

import ml_dtypes
import numpy as np

def check(condition, what):
    if not condition:
        raise SystemExit(f"FAILED: {what}")


# Bounds, and what has no exact value in a wider type.
SAMPLES = {
    "BOOL": np.array([[True, False]]),
    "INT8": np.array([[-128, 127]], np.int8),
    "INT16": np.array([[-(2**15), 2**15 - 1]], np.int16),
    "INT32": np.array([[-(2**31), 2**31 - 1]], np.int32),
    "INT64": np.array([[-(2**63), 2**63 - 1], [2**53 + 1, 0]], np.int64),
    "UINT8": np.array([[0, 255]], np.uint8),
    "UINT16": np.array([[0, 2**16 - 1]], np.uint16),
    "UINT32": np.array([[0, 2**32 - 1]], np.uint32),
    "UINT64": np.array([[0, 2**64 - 1]], np.uint64),
    "FP16": np.array([[-0.0, 65504.0], [6e-8, np.inf]], np.float16),
    "BF16": np.array([[1.5, -2.0], [1e-40, 3e38]], ml_dtypes.bfloat16),
    "FP32": np.array([[0.1, -0.0, np.inf], [np.nan, 1e-45, 3.4e38]], np.float32),
    "FP64": np.array([[0.1, np.pi], [5e-324, -np.inf]], np.float64),
    "BYTES": np.array([["ä".encode(), b""], [b"plain", "𝄞".encode()]], np.object_),
}


def equal(found, sent):
    if sent.dtype == np.object_:
        return found.tolist() == sent.tolist()
    return found.dtype == sent.dtype and found.shape == sent.shape and found.tobytes() == sent.tobytes()
