"""The client in Python, in all that it does with these routes."""

import base64
import os
import struct

import openai
from openai import OpenAI
from pydantic import BaseModel

TEXT = "Hello 😀 world. END more"
KEY = os.environ["API_KEY"]


class Person(BaseModel):
    name: str
    age: int


def ask(content):
    return {"model": "chat", "messages": [{"role": "user", "content": content}]}


def failure_of(kind, work):
    try:
        work()
    except kind as error:
        return error
    raise AssertionError("did not fail")


client = OpenAI(base_url=os.environ["CHAT_URL"] + "/v1", api_key=KEY)
create = client.chat.completions.create
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}


def text_of(chunks):
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def chat():
    answer = create(**ask("hi"))
    assert answer.choices[0].message.content == TEXT
    assert answer.usage.total_tokens == 15
    assert answer._request_id


def stream():
    chunks = list(create(**ask("hi"), stream=True, stream_options={"include_usage": True}))
    assert text_of(chunks) == TEXT
    assert chunks[-1].usage.total_tokens == 15
    assert text_of(create(**ask("hi"), stream=True, stop=[" END"])) == "Hello 😀 world."


def helper():
    with client.chat.completions.stream(**ask("hi")) as running:
        content = "".join(event.delta for event in running if event.type == "content.delta")
        assert content == TEXT
        assert running.get_final_completion().choices[0].message.content == TEXT


def tools():
    answer = create(**ask("weather?"), tools=[WEATHER])
    assert [call.id for call in answer.choices[0].message.tool_calls] == ["call_Graz", "call_Wien"]
    assert answer.choices[0].finish_reason == "tool_calls"
    with client.chat.completions.stream(**ask("weather?"), tools=[WEATHER]) as running:
        calls = running.get_final_completion().choices[0].message.tool_calls
    assert [call.function.arguments for call in calls] == ['{"city":"Graz"}', '{"city":"Wien"}']


def parse():
    answer = client.chat.completions.parse(**ask("who?"), response_format=Person)
    assert answer.choices[0].message.parsed == Person(name="Ada", age=36)


def errors():
    before = int(create(**ask("failures")).choices[0].message.content)
    error = failure_of(openai.InternalServerError, lambda: create(**ask("fail before"), stream=True))
    assert (error.code, error.type) == ("internal", "server_error") and error.request_id
    assert int(create(**ask("failures")).choices[0].message.content) == before + 1
    error = failure_of(openai.BadRequestError, lambda: create(model="chat", messages=[{"role": "bogus"}]))
    assert error.param.startswith("messages[0]") and "messages[0]" in error.message
    error = failure_of(openai.BadRequestError, lambda: create(**ask("hi"), extra_body={"top_k": 5}))
    assert (error.code, error.param) == ("unsupported_parameter", "top_k")


def error_in_the_middle():
    chunks = []

    def read():
        for chunk in create(**ask("fail in the middle"), stream=True):
            chunks.append(chunk)

    error = failure_of(openai.APIError, read)
    assert (text_of(chunks), error.code) == ("so far", "internal")


def cancel():
    def ended():
        return int(create(**ask("ended")).choices[0].message.content)

    before = ended()
    running = create(**ask("endless"), stream=True)
    next(iter(running))
    running.close()
    while ended() == before:
        pass


def wrong_key():
    other = OpenAI(base_url=os.environ["CHAT_URL"] + "/v1", api_key="sk-wrong")
    error = failure_of(openai.AuthenticationError, lambda: other.chat.completions.create(**ask("hi")))
    assert error.code == "invalid_api_key"


def models():
    assert [model.id for model in client.models.list()] == ["chat"]
    assert client.models.retrieve("chat").object == "model"
    failure_of(openai.NotFoundError, lambda: client.models.retrieve("org/other"))
    error = failure_of(openai.NotFoundError, lambda: create(model="other", messages=[]))
    assert error.code == "model_not_found"


def responses():
    answer = client.responses.create(model="chat", input="hi")
    assert (answer.output_text, answer.store) == (TEXT, False)
    with client.responses.stream(model="chat", input="hi") as running:
        assert running.get_final_response().output_text == TEXT


def completions():
    writer = OpenAI(base_url=os.environ["MODELS_URL"] + "/v1", api_key="none").completions
    answer = writer.create(model="completions", prompt=["Call me", "He is"], n=2, stop=" END")
    assert [choice.text for choice in answer.choices] == [" Ishmael."] * 4
    chunks = list(writer.create(model="completions", prompt="Call me", stream=True))
    assert "".join(chunk.choices[0].text for chunk in chunks) == " Ishmael. END more"
    assert chunks[-1].choices[0].finish_reason == "length"


def embeddings():
    embedder = OpenAI(base_url=os.environ["MODELS_URL"] + "/v1", api_key="none").embeddings
    expected = [list(struct.unpack("<3f", struct.pack("<3f", n, 0.1, -1 / 3))) for n in (1, 2)]
    for options in ({}, {"encoding_format": "float"}):
        answer = embedder.create(model="embeddings", input=["a", "bb"], **options)
        found = [[struct.unpack("<f", struct.pack("<f", x))[0] for x in one.embedding] for one in answer.data]
        assert found == expected, found


def transcriptions_images_and_moderations():
    others = OpenAI(base_url=os.environ["MODELS_URL"] + "/v1", api_key="none")
    answer = others.audio.transcriptions.create(model="transcriptions", file=("a.wav", b"spoken"))
    assert answer.text == "a.wav: spoken"
    images = others.images.generate(model="images", prompt="a cat")
    assert base64.b64decode(images.data[0].b64_json) == b"a cat"
    moderation = others.moderations.create(model="moderations", input="hit")
    assert moderation.results[0].flagged and moderation.results[0].categories.violence


CHECKS = [chat, stream, helper, tools, parse, errors, error_in_the_middle, cancel, wrong_key, models, responses]
CHECKS += [completions, embeddings, transcriptions_images_and_moderations]
for check in CHECKS:
    try:
        check()
    except Exception as error:
        raise SystemExit(f"openai (Python), {check.__name__}: {type(error).__name__}: {error}") from error
print(f"openai {openai.__version__} (Python): {len(CHECKS)}")
