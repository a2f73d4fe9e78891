"""A Lambda Runtime API for one event."""

import json
import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# No function understands it, so none asks AWS for anything.
EVENT = {"unheardOf": True}
HEADERS = {
    "lambda-runtime-aws-request-id": "00000000-0000-4000-8000-000000000000",
    "lambda-runtime-deadline-ms": "4102444800000",
    "lambda-runtime-invoked-function-arn": "arn:aws:lambda:us-west-2:123456789012:function:curfew",
}
VARIABLES = {
    "AWS_LAMBDA_FUNCTION_NAME": "curfew",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/curfew",
    "AWS_LAMBDA_LOG_STREAM_NAME": "local",
    "AWS_REGION": "us-west-2",
    "CURFEW_ENVIRONMENT": "dev",
    "CURFEW_STATE_BUCKET": "state",
    # Without these, budget ends before it asks for an event.
    "CURFEW_BUDGET_TOPIC_ARN": "arn:aws:sns:us-west-2:123456789012:budget",
    "CURFEW_BUDGET_NAME": "curfew-dev",
    "CURFEW_BUDGET_ACTION": "tell",
    "CURFEW_BUDGET_OVER_UP": "false",
}
PATIENCE = 30


class Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """The bootstrap is ended while it waits for another event."""


def first_error(bootstrap: Path) -> str:
    """What a bootstrap finds wrong with an event; empty if it does not say."""
    errors: list[str] = []
    answered = threading.Event()

    class Api(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if answered.is_set():
                return
            self.reply(200, EVENT, HEADERS)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path.endswith(f"/invocation/{HEADERS['lambda-runtime-aws-request-id']}/error"):
                errors.append(body["errorMessage"])
            answered.set()
            self.reply(202, {}, {})

        def reply(self, status: int, body: dict, headers: dict[str, str]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers.items() | {("Content-Length", str(len(content)))}:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with Server(("127.0.0.1", 0), Api) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        variables = VARIABLES | {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}"}
        with subprocess.Popen([bootstrap], env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            answered.wait(PATIENCE)
            process.kill()
        server.shutdown()
    return errors[0] if errors else ""
