#!/usr/bin/env python3
"""Prints report pages with a headless Chromium, and checks what comes out: Python's standard library alone.

print-reports.py [--chromium PROGRAM] [--out DIR] PAGE...

Each PAGE is what `provledger report NAME --format html` wrote. It is printed to PDF, whose pages must all be A4, and
drawn light and dark, where the paper must be light and dark. All of the browser's traffic goes to a proxy of this
script's own: a page that asks for anything outside is told by its request. A page that does so on purpose goes first,
to see that the check sees. Ends with 0 when all of it holds, and 1 when something does not.
"""
import argparse, http.server, pathlib, re, shutil, subprocess, sys, tempfile, threading, zlib

# What the browser itself asks for, whatever it shows.
OWN = re.compile(r"(^|\.)(google|googleapis|gstatic|gvt1|chromium)\.(com|org)$")


class Proxy(http.server.BaseHTTPRequestHandler):
    """Answers nothing, and remembers for whom it was asked."""
    hosts = []

    def refuse(self):
        host = re.sub(r"^[a-z]+://", "", self.path).split("/")[0].split(":")[0]
        if not OWN.search(host):
            Proxy.hosts.append(host)
        self.send_response(502)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = do_POST = do_CONNECT = refuse

    def log_message(self, *_):
        pass


def browse(program, port, page, *options):
    """Shows a page in a browser with a profile of its own; the hosts that it asked for."""
    Proxy.hosts.clear()
    with tempfile.TemporaryDirectory() as profile:
        command = [
            program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}",
            f"--proxy-server=http://127.0.0.1:{port}", "--proxy-bypass-list=<-loopback>", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", *options, page.resolve().as_uri()]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
    return list(Proxy.hosts)


def sheets(pdf):
    """The sizes of the pages in points, each with its longer side last."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    return [tuple(sorted(round(float(side)) for side in box)) for box in boxes]


def corner(png):
    """How light the first pixel of a picture is, from 0 to 255."""
    chunks, place = b"", 8
    while place < len(png):
        length = int.from_bytes(png[place:place + 4], "big")
        if png[place + 4:place + 8] == b"IDAT":
            chunks += png[place + 8:place + 8 + length]
        place += 12 + length
    # Behind the filter's byte; whatever the filter, the first pixel stands as it is.
    return sum(zlib.decompress(chunks)[1:4]) // 3


def check(program, port, page, out):
    pdf, name = out / f"{page.stem}.pdf", page.stem
    asked = browse(program, port, page, "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
    sizes = sheets(pdf.read_bytes())
    wrong = [f"it asked {host}" for host in asked]
    if not sizes or set(sizes) != {(595, 842)}:
        wrong.append(f"its pages are {sizes}, and A4 is 595 by 842 points")
    for scheme, value, is_light in [("light", 1, True), ("dark", 0, False)]:
        picture = out / f"{name}-{scheme}.png"
        wrong += [f"it asked {host}" for host in browse(
            program, port, page, f"--blink-settings=preferredColorScheme={value}", "--window-size=1100,1400",
            f"--screenshot={picture}")]
        light = corner(picture.read_bytes())
        if (light > 200) != is_light:
            wrong.append(f"its paper is {light} of 255 light where it should be {scheme}")
    print(f"{name}: {len(sizes)} pages of A4, light and dark, asks nobody" if not wrong else f"{name}: {'; '.join(wrong)}")
    return not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--chromium", default=shutil.which("chromium") or "chromium")
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    with tempfile.TemporaryDirectory() as temporary:
        out = options.out or pathlib.Path(temporary)
        out.mkdir(parents=True, exist_ok=True)
        lure = pathlib.Path(temporary, "lure.html")
        lure.write_text('<img src="http://outside.example/a.png"><p>asks for a picture')
        if browse(options.chromium, port, lure, f"--screenshot={temporary}/lure.png") != ["outside.example"]:
            print("a page that asks for a picture outside is not seen to", file=sys.stderr)
            return 1
        return 0 if all([check(options.chromium, port, page, out) for page in options.pages]) else 1


if __name__ == "__main__":
    sys.exit(main())
