"""Checks of what clients other than JupyterLab send: VS Code, consoles, a second window. Part of `cargo lab --test`.

VS Code talks to kernels through the sockets themselves, with @jupyterlab/services; these are the requests that it, the
console and the widgets' extension make. Each must be answered within seconds, to the one who asked.
"""

import os
import sys
import tempfile
import time
from queue import Empty

from checks import Checks
from front_end import AT_ONCE, collect, kinds, run, text
from jupyter_client.session import Session
from kernels import Kernel

# What a widget's extension opens, and what a console asks for.
WIDGETS = {"comm_id": "c1", "target_name": "jupyter.widget.control", "data": {}}
HISTORIES = {
    "of a console": {"hist_access_type": "tail", "n": 500, "output": False, "raw": True},
    "of a range": {"hist_access_type": "range", "session": 0, "start": 0, "stop": 5, "output": False, "raw": True},
    "of a search": {"hist_access_type": "search", "pattern": "*", "n": 5, "unique": False, "output": False, "raw": True},
}


def ask(client, kind, content, channel="shell", replies=True):
    """Sends a request; returns its reply's type and content, what was published for it, and the seconds.

    Without a reply in time, type and content are `None`.
    """
    start = time.monotonic()
    request = client.session.msg(kind, content)
    place = getattr(client, f"{channel}_channel")
    client.session.send(place.socket, request)
    mine = request["header"]["msg_id"]

    def await_message(source, fits):
        while time.monotonic() < start + AT_ONCE:
            try:
                message = source.get_msg(timeout=max(0.01, start + AT_ONCE - time.monotonic()))
            except Empty:
                break
            if message["parent_header"].get("msg_id") == mine and fits(message):
                return message
        return None

    published = []

    def is_idle(message):
        published.append(message.get("content", {}).get("execution_state") or message["msg_type"])
        return published[-1] == "idle"

    await_message(client.iopub_channel, is_idle)
    reply = await_message(place, lambda _: True) if replies else None
    kind, content = (reply["msg_type"], reply["content"]) if reply else (None, None)
    return kind, content, published, time.monotonic() - start


def check_start(check, kernel):
    """What a client asks before the first cell: the first two kinds are answered while the library is loading."""
    client = kernel.client
    for channel in ["shell", "control"]:
        kind, content, published, seconds = ask(client, "kernel_info_request", {}, channel)
        well = kind == "kernel_info_reply" and published == ["busy", "idle"] and content["language_info"]["name"] == "rust"
        check(f"kernel_info on {channel}", well and content["status"] == "ok", (kind, content, published, seconds))
    for name, request in {"of all targets": {}, "of one target": {"target_name": "jupyter.widget"}}.items():
        kind, content, published, _ = ask(client, "comm_info_request", request)
        well = kind == "comm_info_reply" and content["status"] == "ok" and content["comms"] == {}
        check(f"comm_info {name}", well and published == ["busy", "idle"], (kind, content, published))
    run(kernel, "")
    *_, published, _ = ask(client, "comm_open", WIDGETS, replies=False)
    check("a widget that nobody here knows is closed", published == ["busy", "comm_close", "idle"], published)
    for kind in ["comm_msg", "comm_close"]:
        *_, published, _ = ask(client, kind, {"comm_id": "never opened", "data": {}}, replies=False)
        check(f"{kind} of an unknown comm hurts nobody", published == ["busy", "idle"], published)
    for name, request in HISTORIES.items():
        kind, content, _, _ = ask(client, "history_request", request)
        check(f"the history {name} is a list", kind == "history_reply" and content["history"] == [], (kind, content))
    kind, content, _, _ = ask(client, "is_complete_request", {"code": "let x ="})
    check("is_complete is answered", kind == "is_complete_reply", (kind, content))


def check_cells(check, kernel):
    """Cells as clients send them."""
    client = kernel.client
    count = run(kernel, "1")[0]["execution_count"]
    for name, source in {"nothing": "", "a comment": "// only this", "a value": "40 + 2"}.items():
        request = {"code": source, "silent": True, "store_history": False, "user_expressions": {}, "allow_stdin": False}
        kind, content, published, _ = ask(client, "execute_request", request)
        well = kind == "execute_reply" and content["status"] == "ok" and content["execution_count"] == count
        check(f"a silent cell with {name}: no output, no number", well and published == ["busy", "idle"], (content, published))
    whole = {"code": "6 * 7", "silent": False, "user_expressions": {"seven": "7"}, "allow_stdin": True, "stop_on_error": True}
    for name, stored in {"without a place in the history": False, "with one": True}.items():
        kind, content, published, _ = ask(client, "execute_request", {**whole, "store_history": stored})
        well = kind == "execute_reply" and content["status"] == "ok" and "execute_result" in published
        well = well and content["execution_count"] == count + stored
        check(f"a cell with expressions and an open keyboard, {name}", well, (kind, content, published, count))
    cells = [client.execute(f'println!("cell {number}"); {number}') for number in range(6)]
    shown, order = {}, []
    while len(order) < len(cells):
        message = client.get_iopub_msg(timeout=AT_ONCE)
        parent, content = message["parent_header"].get("msg_id"), message["content"]
        said = content.get("text", "") or content.get("data", {}).get("text/plain", "")
        shown[parent] = shown.get(parent, "") + said
        if content.get("execution_state") == "idle":
            order.append(parent)
    replies = [client.get_shell_msg(timeout=AT_ONCE)["parent_header"]["msg_id"] for _ in cells]
    well = order == cells == replies and [shown[cell] for cell in cells] == [f"cell {number}\n{number}" for number in range(6)]
    check("cells that are sent at once run in their order, each with its outputs", well, (shown, order == cells, replies == cells))


def check_questions(check, kernel):
    """Completion and inspection at many places of a line, as a client asks while somebody types. At some of them
    rust-analyzer panics; then the answer is empty.
    """
    client = kernel.client
    run(kernel, 'let größe = vec![1u8, 2]; let bird = "🐦🐦";')
    source = '"🐦🐦é"; größe.'
    _, content, *_ = ask(client, "complete_request", {"code": source, "cursor_pos": len(source)})
    well = content and "len()" in content["matches"] and content["cursor_start"] == content["cursor_end"] == len(source)
    check("a completion behind letters of two and four bytes", well, content and (content["matches"][:5], content["cursor_start"]))
    matches = content["matches"] if content else []
    fields = [place for place, match in enumerate(matches) if match in ("buf", "len")]
    check("a vector's methods come before its private fields", all(place > matches.index("len()") for place in fields), matches[:8])
    # Here rust-analyzer panics.
    for code in ["grö", "let x = grö"]:
        _, content, *_ = ask(client, "complete_request", {"code": code, "cursor_pos": len(code)})
        well = content and content["matches"] == ["größe"] and content["cursor_start"] == len(code) - 3
        check(f"`{code}`: a variable's name is completed", well, content)
    slow, wrong = 0, []
    for position in [0, 1, 2, 3, len(source) - 3, len(source) + 5]:
        for kind, detail in [("complete_request", {}), ("inspect_request", {"detail_level": 0}), ("inspect_request", {"detail_level": 1})]:
            name, content, published, seconds = ask(client, kind, {"code": source, "cursor_pos": position, **detail})
            slow = max(slow, seconds)
            if not content or content["status"] != "ok" or name != kind.replace("request", "reply") or published != ["busy", "idle"]:
                wrong.append((kind, position, name, content, published))
    check("questions at all these places are answered", not wrong, wrong)
    _, content, *_ = ask(client, "inspect_request", {"code": source, "cursor_pos": len(source) - 3})
    well = content and content["found"] and "[1, 2]" in str(content["data"])
    check("a variable is found behind such letters, without a level of detail", well, content)
    print(f"  longest answer {slow:.2f} s", flush=True)


def check_strangers(check, kernel):
    """What the kernel does not know does not end it."""
    client = kernel.client
    for channel in ["shell", "control"]:
        *_, published, _ = ask(client, "no_such_request", {"anything": [1]}, channel, replies=False)
        check(f"an unknown request on {channel} is passed over", published == ["busy", "idle"], published)
    debug = {"type": "request", "seq": 1, "command": "debugInfo", "arguments": {}}
    kind, content, published, _ = ask(client, "debug_request", debug, "control")
    well = kind == "debug_reply" and content["success"] is False and content["command"] == "debugInfo"
    check("a debugger is told that there is none", well and published == ["busy", "idle"], (kind, content, published))
    stranger = Session(key=b"not the key", signature_scheme=client.session.signature_scheme)
    stranger.send(client.shell_channel.socket, stranger.msg("kernel_info_request", {}))
    client.session.send(client.shell_channel.socket, client.session.msg("complete_request", {"nothing": "of this"}))
    kind, *_ = ask(client, "kernel_info_request", {})
    check("a wrong signature and a request without its fields end nothing", kind == "kernel_info_reply", kind)
    kind, content, published, _ = ask(client, "interrupt_request", {}, "control")
    well = kind == "interrupt_reply" and content["status"] == "ok" and published == ["busy", "idle"]
    check("an interrupt without a cell is answered", well, (kind, content, published))
    reply, outputs = run(kernel, "6 * 7")
    check("and the next cell works", reply["status"] == "ok" and outputs[-1][2]["data"]["text/plain"] == "42", (reply, outputs))


def check_second_client(check, kernel):
    """A second window: it sees what the first one runs, and each gets its own replies."""
    second = kernel.manager.client()
    second.session = Session(key=kernel.client.session.key, signature_scheme=kernel.client.session.signature_scheme)
    second.start_channels()
    second.wait_for_ready(timeout=AT_ONCE)
    start = time.monotonic()
    cell = kernel.client.execute('println!("for both"); std::thread::sleep(std::time::Duration::from_secs(2)); 1')
    kind, *_, seconds = ask(second, "kernel_info_request", {})
    check("a second client is answered while a cell runs", kind == "kernel_info_reply" and seconds < 2, (kind, seconds))
    other = second.execute('println!("of the second"); 2')
    reply, outputs = collect(kernel, cell, start)
    check("the first gets its reply and outputs", reply["status"] == "ok" and text(outputs) == "for both\n", outputs)
    reply = second.get_shell_msg(timeout=AT_ONCE)
    check("and the second its own", reply["parent_header"]["msg_id"] == other, reply["parent_header"])
    seen = {"for both\n": None, "of the second\n": None}
    while None in seen.values():
        message = second.get_iopub_msg(timeout=AT_ONCE)
        if message["content"].get("text") in seen:
            seen[message["content"]["text"]] = message["parent_header"]["msg_id"]
    check("the second sees the outputs of both", seen == {"for both\n": cell, "of the second\n": other}, seen)
    second.stop_channels()
    check("the first goes on when the second has left", kinds(run(kernel, "3")[1])[-1] == "execute_result")


def check_restart(check, kernel):
    """A restart: the request is answered, the process ends, and the next one has no variables. Then the end, in a cell."""
    client = kernel.client
    run(kernel, "let kept = 41;")
    end(check, kernel, True, "control")
    # Otherwise Jupyter's manager would ask for an end once more, and the next kernel would get that request.
    kernel.manager.restart_kernel(now=True)
    client.wait_for_ready(timeout=300)
    reply, _ = run(kernel, "kept + 1")
    check("the next kernel has no variables", reply["status"] == "error" and "kept" in reply["evalue"], reply)
    reply, outputs = run(kernel, "6 * 7")
    check("and works", reply["status"] == "ok" and outputs[-1][2]["data"]["text/plain"] == "42", outputs)
    client.execute("loop { std::hint::black_box(1); }")
    end(check, kernel, False, "shell")


def end(check, kernel, restart, channel):
    """Asks the kernel to end, and waits until it has."""
    kind, content, published, _ = ask(kernel.client, "shutdown_request", {"restart": restart}, channel)
    well = kind == "shutdown_reply" and content["restart"] is restart and published == ["busy", "idle"]
    check(f"a request on {channel} to end is answered", well, (kind, content, published))
    until = time.monotonic() + AT_ONCE
    while kernel.manager.is_alive() and time.monotonic() < until:
        time.sleep(0.1)
    check("and the kernel ends", not kernel.manager.is_alive())


def main():
    check = Checks()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SOFTNESS_STORE"] = folder
        kernel = Kernel(folder)
        check_start(check, kernel)
        check_cells(check, kernel)
        check_questions(check, kernel)
        check_strangers(check, kernel)
        check_second_client(check, kernel)
        check_restart(check, kernel)
        kernel.stop()
    sys.exit(0 if check.all_well else 1)


if __name__ == "__main__":
    main()
