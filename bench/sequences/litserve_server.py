"""The model of examples/char-lm behind LitServe's continuous batching: the same file, runtime and number of threads."""

import json
import sys
from pathlib import Path

import litserve as ls
import numpy as np
import onnxruntime as ort
from litserve.loops import ContinuousBatchingLoop
from litserve.loops.continuous_batching_loop import Output
from litserve.utils import LitAPIStatus

MODEL = Path(__file__).parent / "../../examples/char-lm/model"
TEMPERATURE = 0.6


class Text:
    def __init__(self, unread, length, hidden, seed):
        self.unread, self.left = unread, length
        self.memory = np.zeros((1, 1, hidden), dtype=np.float32)
        self.random = np.random.default_rng(seed)


class Writer(ls.LitAPI):
    def setup(self, device):
        about = json.loads((MODEL / "charlm.json").read_text())
        self.characters, self.hidden = about["chars"], about["hidden"]
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = ort.InferenceSession(str(MODEL / "charlm.onnx"), options, providers=["CPUExecutionProvider"])
        self.numbers = {character: number for number, character in enumerate(self.characters)}
        self.texts = {}

    def decode_request(self, request):
        return request

    def encode_response(self, output):
        return json.dumps(output) + "\n"

    def add_request(self, uid, request):
        unread = [0] + [self.numbers.get(character, 0) for character in request["prompt"]]
        self.texts[uid] = Text(unread, request["length"], self.hidden, request["seed"])

    def has_capacity(self):
        return len(self.texts) < 32

    def has_active_requests(self):
        return bool(self.texts)

    def has_finished(self, uid, token, max_sequence_length):
        return uid not in self.texts

    def read(self, texts):
        tokens = np.array([text.unread for text in texts], dtype=np.int64)
        memory = np.concatenate([text.memory for text in texts], axis=1)
        logits, after = self.session.run(["logits", "hN"], {"tokens": tokens, "h": memory})
        for index, text in enumerate(texts):
            text.memory = after[:, index : index + 1]
        return logits[:, -1]

    def step(self, _previous):
        live = list(self.texts.items())
        single = [entry for entry in live if len(entry[1].unread) == 1]
        rows = list(zip(single, self.read([text for _, text in single]))) if single else []
        rows += [((uid, text), self.read([text])[0]) for uid, text in live if len(text.unread) > 1]
        logits = np.stack([row for _, row in rows])
        sums = np.cumsum(np.exp((logits - logits.max(axis=1, keepdims=True)) / TEMPERATURE), axis=1)
        drawn = np.array([text.random.random() for (_, text), _ in rows])[:, None] * sums[:, -1:]
        numbers = (sums <= drawn).sum(axis=1)
        outputs = []
        for ((uid, text), _), number in zip(rows, numbers.tolist()):
            text.unread, text.left = [number], text.left - 1
            outputs.append(Output(uid, self.characters[number], LitAPIStatus.OK))
            if text.left == 0:
                del self.texts[uid]
                outputs.append(Output(uid, "", LitAPIStatus.FINISH_STREAMING))
        return outputs


if __name__ == "__main__":
    api = Writer(stream=True, loop=ContinuousBatchingLoop(), max_batch_size=32, batch_timeout=0)
    server = ls.LitServer(api, accelerator="cpu", timeout=120)
    server.run(port=int(sys.argv[1]), host="127.0.0.1", generate_client_file=False, log_level="warning")
