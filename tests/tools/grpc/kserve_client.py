"""KServe's client over gRPC. Argument: the address of a server of predictors/."""

import asyncio
import sys

from kserve import InferenceGRPCClient, InferInput, InferRequest
from samples import SAMPLES, check, equal


async def datatypes_kserve():
    combinations = 0
    kserve = InferenceGRPCClient(sys.argv[1])
    check(await kserve.is_server_live() and await kserve.is_server_ready(), "kserve: live and ready")
    check(await kserve.is_model_ready("types"), "kserve: the model is ready")
    for datatype, sent in SAMPLES.items():
        # KServe does not know them.
        if datatype == "BF16":
            continue
        for raw in (True, False):
            # Halves have no field, in any client.
            if datatype == "FP16" and not raw:
                continue
            tensor = InferInput(name=datatype, shape=list(sent.shape), datatype=datatype)
            tensor.set_data_from_numpy(sent, binary_data=raw)
            answer = await kserve.infer(InferRequest(model_name="types", infer_inputs=[tensor]))
            found = answer.outputs[0].as_numpy()
            check(equal(found, sent), f"kserve: {datatype} {'raw' if raw else 'in fields'}: {found} is not {sent}")
            combinations += 1
    await kserve.close()
    print(f"kserve: {combinations} arrays are equal, numpy to numpy")


asyncio.run(datatypes_kserve())
