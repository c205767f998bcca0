"""Sends the form as requests does, and as urllib3 does for a caller who has its bytes."""

import sys

import requests

url, path = sys.argv[1:]
note = "grün & \"blau\"\n%41"
with open(path, "rb") as file:
    answer = requests.post(
        url,
        data={"note": note},
        files={"file": ("naïve \"a\".bin", file, "application/x-thing")},
        timeout=60,
    )
print(answer.status_code, answer.text)
