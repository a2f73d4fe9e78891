"""The server: one request at a time, time first.

Moto's models are not made for concurrent requests, and the order of what happens in virtual time must not depend on
threads: so each request waits for the one before it, settles the clock, is answered, and its tags are noted.
"""

import argparse
import io
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from . import control, faults, rpc
from .clock import clock

#: Calls whose name is only in their method and path.
_REST = {("GET", "/2020-05-31/vpc-origin"): "ListVpcOrigins"}


class Application:
    """The WSGI application around moto's."""

    def __init__(self) -> None:
        self._moto: Any = None
        self._note_changes: Callable[[], None] = lambda: None
        self._authorizations: Any = None
        self._dated: Callable[[Any, str], Any] = lambda headers, _: headers
        self._one_at_a_time = threading.RLock()

    def load(self) -> None:
        """Import moto and the corrections: the second that a start costs, after the port is already open."""
        with self._one_at_a_time:
            if self._moto is None:
                from . import fast_start  # noqa: F401, I001 - before moto
                from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

                from . import authorizations, corrections, s3  # noqa: F401
                from .global_accelerator import applications
                from .tagging import note_changes

                faults.install()
                self._moto = DomainDispatcherApplication(create_backend_app)
                self._moto.app_instances.update(applications())
                self._note_changes = note_changes
                self._authorizations = authorizations
                self._dated = s3.dated

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if rpc.is_spoken(environ):
            return rpc.answered(self._called, environ, start_response, _body(environ))
        return self._called(environ, start_response)

    def _called(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = _body(environ)
        self.load()
        with clock.answering(), self._one_at_a_time:
            if environ["PATH_INFO"].startswith("/_emulator/"):
                status, value = control.answer(environ["REQUEST_METHOD"], environ["PATH_INFO"], json.loads(body or b"{}"))
                encoded = control.encode(value)
                start_response(f"{status} -", [("Content-Type", "application/json"), ("Content-Length", str(len(encoded)))])
                return [encoded]
            clock.settle()
            call = _name(environ, body)
            self._authorizations.note(environ, body)
            fault = faults.striking(call["operation"])
            if fault is None or "before" not in (fault.get("cut"), fault.get("hold")):
                answer = self._answer(environ, start_response, call, fault)
                if fault is None or "error" in fault:
                    return answer
        faults.end(fault)
        return []

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any], call: dict[str, Any], fault: Any) -> Iterable[bytes]:
        """Moto's answer; or that of a fault which is an error."""
        environ["curfew.fault"] = fault
        seen: list[str] = []

        def noting(status: str, headers: Any, exception: Any = None) -> Any:
            seen.append(status)
            return start_response(status, self._dated(headers, call["service"]), exception)

        if fault and "error" in fault and call["service"] == "s3":
            status, body = faults.plain_error(fault)
            noting(f"{status} -", [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
            answer = [body]
        else:
            answer = list(self._moto(environ, noting))
        if faults.changes(call["operation"]):
            self._note_changes()
        status = int(seen[-1].split()[0]) if seen else 500
        self._authorizations.note_missing(environ, status)
        control.calls.append(call | {"status": status})
        return answer


def _body(environ: dict[str, Any]) -> bytes:
    """The whole body, which moto then reads again."""
    length = environ.get("CONTENT_LENGTH") or ""
    if environ.get("wsgi.input_terminated") and not length:
        body = environ["wsgi.input"].read()
    else:
        body = environ["wsgi.input"].read(int(length or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return body


def _name(environ: dict[str, Any], body: bytes) -> dict[str, Any]:
    """Service, operation and region of a call, for the list of calls."""
    scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].split(",")[0].split("/")
    service, region = (scope[3], scope[2]) if len(scope) > 3 else ("", "")
    operation = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    if not operation and environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        operation = parse_qs(body.decode(errors="replace")).get("Action", [""])[0]
    if not operation:
        operation = _REST.get((environ["REQUEST_METHOD"], environ["PATH_INFO"]), "")
    if not operation:
        operation = f"{environ['REQUEST_METHOD'].capitalize()} {environ['PATH_INFO']}"
    return {"at": clock.now(), "service": service, "operation": operation, "region": region}


def serve(port: int, factor: float, clock_file: str | None, until_stdin_closes: bool) -> None:
    """Serve on the loopback interface until ended."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        """HTTP/1.1, and nothing on the console for each request."""

        protocol_version = "HTTP/1.1"

        def send_response(self, code: int, message: str | None = None) -> None:
            """Without a date: each answer has its own, S3's that of the emulator's clock."""
            self.send_response_only(code, message)
            self.send_header("Server", self.version_string())

        def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
            """A cut fault leaves nothing to wait for on this connection."""
            self.close_connection = True

        def log(self, type: str, message: str, *arguments: Any) -> None:
            if type == "error":
                super().log(type, message, *arguments)

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    clock.start(factor, clock_file)
    application = Application()
    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    threading.Thread(target=application.load, daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))
    if until_stdin_closes:
        threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
    print(f"ready http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="serve", description="An AWS for tests: moto's server made strict.")
    parser.add_argument("--port", type=int, default=5555, help="port on 127.0.0.1; 0 chooses a free one (default: 5555)")
    parser.add_argument("--clock-factor", type=float, default=100.0, help="how many AWS seconds pass in one real second (default: 100)")
    parser.add_argument("--clock-file", help="where other processes on this machine read what time it is (strict/clock.py)")
    parser.add_argument(
        "--until-stdin-closes", action="store_true", help="end when standard input is closed, so with the process that started it"
    )
    chosen = parser.parse_args(arguments)
    serve(chosen.port, chosen.clock_factor, chosen.clock_file, chosen.until_stdin_closes)


if __name__ == "__main__":
    main(sys.argv[1:])
