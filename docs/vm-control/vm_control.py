#!/usr/bin/env python3
"""Client of the VM control API of Aether-V: Python 3.8 or newer, standard library only.

    VM_CONTROL_URL=https://aether.example.org:8000 VM_CONTROL_KEY=... VM_CONTROL_SECRET=... python3 vm_control.py list
    python3 vm_control.py start|shutdown|restart NAME

VM_CONTROL_SIGNATURE=1 uses the formula of the VM controller; VM_CONTROL_HOST selects a host; VM_CONTROL_CA is a file with
the certificate of a private authority. Without VM_CONTROL_SECRET requests are not signed.
"""
import hashlib
import hmac
import http.client
import os
import secrets
import ssl
import sys
import time
from urllib.parse import quote, urlsplit


def sign(method, target, body, secret, formula):
    """Returns the headers that sign a request."""
    # The fraction keeps the signatures of requests in the same second apart.
    timestamp = f"{time.time():.6f}"

    def mac(message):
        return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()

    if formula == "1":
        return {"x-timestamp": timestamp, "x-signature": mac(body + timestamp.encode())}
    nonce = secrets.token_hex(16)
    lines = ["aether-vm-2", method, target, timestamp, nonce, hashlib.sha256(body).hexdigest()]
    return {"x-timestamp": timestamp, "x-nonce": nonce, "x-signature-v2": mac("\n".join(lines).encode())}


def call(method, target, body):
    """Sends a request and returns its status and answer."""
    url = urlsplit(os.environ["VM_CONTROL_URL"])
    headers = {"x-api-key": os.environ["VM_CONTROL_KEY"]}
    secret = os.environ.get("VM_CONTROL_SECRET")
    if secret:
        headers.update(sign(method, target, body, secret, os.environ.get("VM_CONTROL_SIGNATURE", "2")))
    if body:
        headers["content-type"] = "application/json"
    if url.scheme == "https":
        context = ssl.create_default_context(cafile=os.environ.get("VM_CONTROL_CA"))
        connection = http.client.HTTPSConnection(url.hostname, url.port, timeout=180, context=context)
    else:
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=180)
    try:
        connection.request(method, target, body or None, headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def main(arguments):
    if arguments == ["list"]:
        method, target, body = "GET", "/vm/list", b""
    elif len(arguments) == 2 and arguments[0] in ("start", "shutdown", "restart"):
        method, target, body = "POST", f"/vm/{quote(arguments[1], safe='')}/{arguments[0]}", b"{}"
    else:
        print("Usage: vm_control.py list | start NAME | shutdown NAME | restart NAME", file=sys.stderr)
        return 2
    host = os.environ.get("VM_CONTROL_HOST")
    if host:
        target += "?host=" + quote(host, safe="")
    for setting in ("VM_CONTROL_URL", "VM_CONTROL_KEY"):
        if not os.environ.get(setting):
            print(f"{setting} is not set", file=sys.stderr)
            return 2
    try:
        status, answer = call(method, target, body)
    except (OSError, http.client.HTTPException) as error:
        print(error, file=sys.stderr)
        return 1
    print(answer)
    return 0 if 200 <= status < 300 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
