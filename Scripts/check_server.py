#!/usr/bin/env python3
"""Checks that `emnist serve` answers, whatever is sent to it.

    swift build -c release && Scripts/check_server.py [RUN] [--program PROGRAM] [--malformed 10000] [--slow 1000]

Without a run a short one of cnn-2 is trained. Every kind of body has the answer of `predict`; malformed requests and connections that send a byte a second leave it
answering; SIGTERM ends it with 0 and what is whole is still answered. With wrk on the path also how fast it is: 784 raw
bytes, 16 connections.
"""
import argparse, gzip, http.client, json, os, random, resource, shutil, signal, socket, subprocess, sys, tempfile, time
from pathlib import Path

from exports.case import train

ROOT = Path(__file__).resolve().parent.parent
random.seed(1)


def raw(port, data, wait=3):
    """What comes back for some bytes, as far as it comes."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as connection:
        connection.sendall(data)
        answer = b""
        try:
            while piece := connection.recv(1 << 16):
                answer += piece
        except (TimeoutError, ConnectionError):
            pass
        return answer


def ask(port, method, path, body=None, kind=None, **fields):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body, ({"Content-Type": kind} if kind else {}) | fields)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, json.loads(content) if answer.headers["Content-Type"] == "application/json" else content


def check_bodies(port, image):
    status, one = ask(port, "POST", "/predict", image, "application/octet-stream")
    assert status == 200 and len(one["predictions"][0]["top"]) == 5, one
    rows = [list(image[start:start + 28]) for start in range(0, 784, 28)]
    for body in ({"image": list(image)}, {"image": rows}, {"images": [rows]}):
        assert ask(port, "POST", "/predict", json.dumps(body), "application/json") == (200, one), body
    status, many = ask(port, "POST", "/predict", image * 300, "application/octet-stream")
    assert status == 200 and len(many["predictions"]) == 300
    assert all(p["probability"] == one["predictions"][0]["probability"] for p in many["predictions"])
    try:
        from PIL import Image
    except ImportError:
        return print("pictures: skipped, there is no pillow")
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("png", "jpeg"):
            Image.frombytes("L", (28, 28), image).resize((200, 200)).save(f"{folder}/a.{kind}")
            status, answer = ask(port, "POST", "/predict", Path(f"{folder}/a.{kind}").read_bytes(), f"image/{kind}")
            command = [PROGRAM, "predict", "--run", RUN, "--json", "--top", "5", f"{folder}/a.{kind}"]
            said = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
            for answers in (answer, said):
                answers["predictions"][0].pop("file")
            assert status == 200 and answer["predictions"] == said["predictions"], (kind, answer, said)


def check_rules(port):
    host = f"Host: 127.0.0.1:{port}\r\n".encode()
    for status, text in [
        (400, b"GET / HTTP/1.1\r\n\r\n"), (421, b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
        (403, b"GET / HTTP/1.1\r\n" + host + b"Origin: http://evil.example\r\n\r\n"),
        (400, b"POST /predict HTTP/1.1\r\n" + host + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
        (411, b"POST /predict HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\n"),
        (413, b"POST /predict HTTP/1.1\r\n" + host + b"Content-Length: 999999999999\r\n\r\n"),
        (404, b"GET /../../etc/passwd HTTP/1.1\r\n" + host + b"Connection: close\r\n\r\n"),
        (405, b"DELETE /predict HTTP/1.1\r\n" + host + b"Connection: close\r\n\r\n"),
        (431, b"GET / HTTP/1.1\r\nA: " + b"b" * 20_000),
    ]:  # fmt: skip
        answer = raw(port, text)
        assert answer.startswith(f"HTTP/1.1 {status} ".encode()), (status, text[:80], answer[:200])
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"], answer
    assert b"Access-Control" not in raw(port, b"GET / HTTP/1.1\r\n" + host + b"Connection: close\r\n\r\n")
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        head = b"POST /predict HTTP/1.1\r\n" + host + b"Content-Type: application/octet-stream\r\nContent-Length: 784\r\n"
        connection.sendall(head + b"Expect: 100-continue\r\n\r\n")
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(bytes(784))
        assert connection.recv(5000).startswith(b"HTTP/1.1 200 ")
        # The same connection, two requests at once.
        connection.sendall(2 * (head + b"\r\n" + bytes(784)))
        answers = b""
        while answers.count(b"HTTP/1.1 200 ") < 2:
            answers += connection.recv(5000)


def check_malformed(port, count, image):
    """Requests with some bytes changed, left out or put in."""
    body = b"Host: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: 784\r\nConnection: close\r\n\r\n"
    good = b"POST /predict HTTP/1.1\r\n" + body + image
    for number in range(count):
        request = bytearray(good)
        for _ in range(random.randint(1, 6)):
            place = random.randrange(min(len(request), 160))
            match random.randrange(4):
                case 0: request[place] = random.randrange(256)
                case 1: del request[place]
                case 2: request.insert(place, random.choice(b"\r\n :0"))
                case 3: del request[place:place + random.randrange(40)]
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            try:
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1 << 16)
            except (TimeoutError, ConnectionError):
                pass
    assert ask(port, "GET", "/healthz")[0] == 200


def check_slow(port, count, image):
    """Connections that send a byte a second, and others that are answered all the while."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(count + 200, limit[1]), limit[1]))
    slow = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(count)]
    text, longest = b"POST /predict HTTP/1.1\r\nHost: localhost\r\n", 0.0
    for second in range(15):
        for connection in slow:
            try:
                connection.send(text[second:second + 1])
            except OSError:
                pass
        start = time.monotonic()
        assert ask(port, "POST", "/predict", image, "application/octet-stream")[0] == 200
        longest = max(longest, time.monotonic() - start)
        time.sleep(1)
    dropped = 0
    for connection in slow:
        connection.settimeout(0.01)
        try:
            dropped += connection.recv(1000)[:12] in (b"HTTP/1.1 408", b"")
        except ConnectionError:
            dropped += 1
        except TimeoutError:
            pass
        connection.close()
    assert dropped == count, f"{dropped} of {count} slow connections were dropped"
    print(f"{count} slow connections: all dropped; another waited {longest * 1000:.0f} ms at most")


def check_end(process, port, image):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(
            b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
            b"Content-Length: 784\r\n\r\n" + image)  # fmt: skip
        assert connection.recv(5000).startswith(b"HTTP/1.1 200 ")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0, process.returncode


def measure(port, image):
    if not shutil.which("wrk"):
        return print("speed: skipped, there is no wrk")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "image").write_bytes(image)
        Path(folder, "post.lua").write_text(
            f'local f = io.open("{folder}/image", "rb")\nwrk.method = "POST"\nwrk.body = f:read("*all")\n'
            'wrk.headers["Content-Type"] = "application/octet-stream"\n')  # fmt: skip
        command = ["wrk", "-t1", "-c16", "-d10s", "--latency", "-s", f"{folder}/post.lua", f"http://127.0.0.1:{port}/predict"]
        print(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("run", nargs="?")
arguments.add_argument("--program", default=str(ROOT / ".build/release/emnist"))
arguments.add_argument("--malformed", type=int, default=10_000)
arguments.add_argument("--slow", type=int, default=1_000)
options = arguments.parse_args()
PROGRAM = os.path.abspath(options.program)
trainings = tempfile.TemporaryDirectory()
RUN = os.path.abspath(options.run or train(PROGRAM, "cnn-2", Path(trainings.name, "cnn-2")))
pixels = gzip.open(ROOT / "Data/emnist-tiny-test-images-idx3-ubyte.gz").read()[16:16 + 784]
server = subprocess.Popen([PROGRAM, "serve", RUN, "--port", "0"], stdout=subprocess.PIPE, text=True)
try:
    line = server.stdout.readline()
    assert "http://127.0.0.1:" in line, line
    port = int(line.rpartition(":")[2].rstrip("/\n"))
    check_bodies(port, pixels)
    check_rules(port)
    check_malformed(port, options.malformed, pixels)
    check_slow(port, options.slow, pixels)
    measure(port, pixels)
    check_end(server, port, pixels)
finally:
    server.kill()
print("the server answers as it should")
