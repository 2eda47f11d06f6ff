"""Runs a command by pywinrm and prints what came of it. Its one argument is JSON: how to connect, and what to run."""
import base64
import json
import sys

from winrm.protocol import Protocol

asked = json.loads(sys.argv[1])
protocol = Protocol(read_timeout_sec=60, **asked["connect"])
shell = protocol.open_shell(codepage=65001, env_vars={"GREETING": "hello"}, working_directory=asked.get("folder"))
command = protocol.run_command(shell, asked["command"], asked.get("arguments", []))
stdout, stderr, code = protocol.get_command_output(shell, command)
protocol.cleanup_command(shell, command)
protocol.close_shell(shell)
print(json.dumps({
    "stdout": base64.b64encode(stdout).decode(),
    "stderr": base64.b64encode(stderr).decode(),
    "code": code,
}))
