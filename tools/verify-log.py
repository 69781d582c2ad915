#!/usr/bin/env python3
"""Checks a log of ProvisioningLedger with none of its code: Python's standard library alone.

verify-log.py --key VKEY --entries FILE [--checkpoint FILE]... [--proof FILE]... [--opened FILE]... [--growth FILE]...
              [--tiles DIR]

FILE of --entries is what `provledger log export` wrote. Recomputes the RFC 6962 root of the entries for the size that
each checkpoint states, checks its Ed25519 signature (RFC 8032), each proof of an event (C2SP tlog-proof), each proof of
growth (C2SP tlog-witness), what `log prove event --open` discloses, and published tiles (C2SP tlog-tiles). A proof
whose checkpoint is later than the entries is checked by itself. Ends with 0 when all of it holds, 1 when something does
not, and 2 when nothing is wrong but a checkpoint is later than the entries: they were exported before it, or cut.
"""
import argparse, base64, hashlib, json, pathlib, sys


class Bad(Exception):
    """What does not hold."""

class Later(Exception):
    """What these entries are too few for."""

def need(condition, text):
    if not condition:
        raise Bad(text)


def bytes_of(text):
    """What base64 stands for, in the one form that it has: another text for the same bytes is another file."""
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "a text is not base64 as it is written")
    return data

def hashes(lines):
    found = [bytes_of(line) for line in lines]
    need(all(len(value) == 32 for value in found), "a hash has another length than 32 bytes")
    return found


# RFC 6962, section 2.1.

def sha256(data): return hashlib.sha256(data).digest()
def leaf(entry): return sha256(b"\x00" + entry)
def node(left, right): return sha256(b"\x01" + left + right)

def root(leaves):
    """The Merkle tree hash of leaf hashes: perfect subtrees are merged as they become complete, then from the right."""
    stack = []
    for index, value in enumerate(leaves):
        while index & 1:
            value = node(stack.pop(), value)
            index >>= 1
        stack.append(value)
    if not stack:
        return sha256(b"")
    value = stack.pop()
    while stack:
        value = node(stack.pop(), value)
    return value

def climb(first, last, path, values, sides):
    """RFC 9162's walk. `sides` says, for each value, whether hashes to its right count for it."""
    values = list(values)
    for sibling in path:
        need(last, "a proof is too long")
        if first & 1 or first == last:
            values = [node(sibling, value) for value in values]
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            values = [node(value, sibling) if side else value for value, side in zip(values, sides)]
        first, last = first >> 1, last >> 1
    need(last == 0, "a proof is too short")
    return values

def check_inclusion(index, size, value, path, expected):
    need(0 <= index < size, "the index of a proof is outside the log")
    need(climb(index, size - 1, path, [value], [True]) == [expected], "a proof of an event does not lead to the root")

def check_growth(old, new, path, old_root, new_root):
    need(0 < old < new, "the sizes of a proof of growth are not in order")
    if old & (old - 1) == 0:
        path = [old_root] + path
    need(path, "a proof of growth is empty")
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    found = climb(first, last, path[1:], [path[0]] * 2, [False, True])
    need(found == [old_root, new_root], "a proof of growth does not lead to both roots")


# RFC 8032, section 5.1, after its own Python sketch in section 6 and as slow.

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P

def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)

def times(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result

def x_of(y, sign):
    need(y < P, "a point is not on the curve")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    need((x * x - square) % P == 0 and (x or not sign), "a point is not on the curve")
    return P - x if (x & 1) != sign else x

def point(data):
    number = int.from_bytes(data, "little")
    y, sign = number & (2**255 - 1), number >> 255
    x = x_of(y, sign)
    return (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (x_of(BASE_Y, 0), BASE_Y, 1, x_of(BASE_Y, 0) * BASE_Y % P)

def signed(public, message, signature):
    a, r, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    left, right = times(s, BASE), add(r, times(h, a))
    return s < Q and all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))


# C2SP signed-note and tlog-checkpoint.

def key(vkey):
    name, number, data = vkey.strip().split("+", 2)
    data = bytes_of(data)
    need(data[:1] == b"\x01" and len(data) == 33, "the key is not an Ed25519 verifier key")
    need(sha256(name.encode() + b"\n" + data)[:4].hex() == number, "the key's number does not fit the key")
    return name, bytes.fromhex(number), data[1:]

def checkpoint(note, vkey):
    name, number, public = key(vkey)
    text, _, lines = note.rpartition("\n\n")
    need(text and note.endswith("\n") and all(sign >= " " or sign == "\n" for sign in note),
         "the note is no signed note")
    good = False
    for line in lines.split("\n")[:-1]:
        mark, signer, data = line.split(" ")
        data = bytes_of(data)
        need(mark == "\u2014" and len(data) > 4, "a signature line is malformed")
        if signer == name and data[:4] == number:
            need(len(data) == 68 and signed(public, f"{text}\n".encode(), data[4:]),
                 "a signature of the log's key is wrong")
            good = True
    need(good, "the note is not signed by the log's key")
    origin, size, value = text.split("\n")[:3]
    need(origin == name, "the note is another log's")
    need(size == str(int(size)), "the note's size is not written as sizes are")
    return int(size), *hashes([value])

def check_tiles(folder, leaves, entries):
    """Whole tiles of level 0 and their entries; the checkpoint there is checked like any other."""
    for index in range(len(leaves) // 256):
        groups = [f"{index:012d}"[at:at + 3] for at in range(0, 12, 3)]
        groups = groups[next((at for at in range(3) if groups[at] != "000"), 3):]
        path = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
        span = slice(index * 256, index * 256 + 256)
        need((folder / "tile/0" / path).read_bytes() == b"".join(leaves[span]), f"tile/0/{path} is wrong")
        bundle = b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries[span])
        need((folder / "tile/entries" / path).read_bytes() == bundle, f"tile/entries/{path} is wrong")

# What `log prove event --open` discloses (the article Formats, "Sealed values").

def compact(value):
    """RFC 8785, as far as events need it: texts, booleans, whole numbers, null, lists, and objects of these."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return b"{" + b",".join(compact(name) + b":" + compact(value[name]) for name in names) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(map(compact, value)) + b"]"
    return json.dumps(value, ensure_ascii=False).encode()

def check_disclosure(part, entry):
    """A member with its salt is a leaf of the tree that the event commits to."""
    sealed = entry["data"]["sealed"]
    need((part["event"], part["stream"], part["subject"]) == (entry["id"], entry["stream"], sealed["subject"]),
         "what is disclosed is of another event, or of another person")
    need(len(bytes_of(part["salt"])) == 16, "a salt has another length than 16 bytes")
    value = leaf(compact([part["member"], part["salt"], part["value"]]))
    for step in part["path"]:
        (side, sibling), = step.items()
        need(side in ("left", "right"), "a hash stands on no side")
        sibling, = hashes([sibling])
        value = node(sibling, value) if side == "left" else node(value, sibling)
    need(value == bytes_of(sealed["commit"]), f"{part['member']} is not what the event says")

def main():
    parser = argparse.ArgumentParser(description="Check a log with none of its code.")
    parser.add_argument("--key", required=True)
    parser.add_argument("--entries", required=True, type=pathlib.Path)
    for name in ("--checkpoint", "--proof", "--opened", "--growth", "--tiles"):
        parser.add_argument(name, action="append", default=[], type=pathlib.Path)
    options = parser.parse_args()
    entries = options.entries.read_bytes().split(b"\n")[:-1]
    leaves = [leaf(entry) for entry in entries]
    for position, entry in enumerate(entries, 1):
        need(json.loads(entry)["position"] == str(position), f"entry {position} says another position")

    def check(note):
        size, value = checkpoint(note, options.key)
        if size > len(leaves):
            raise Later(f"the checkpoint states {size} entries and there are {len(leaves)}: export again, and ask why "
                        "if there are no more")
        need(root(leaves[:size]) == value, f"the entries do not have the root of the checkpoint of size {size}")
        return size, value

    def check_event(text, path):
        """The entry that a proof is about."""
        head, _, note = text.partition("\n\n")
        lines = head.split("\n")[1:]
        carried = bytes_of(lines.pop(0)[6:]) if lines[0].startswith("extra ") else None
        index, path_up = int(lines[0][6:]), hashes(lines[1:])
        size, value = checkpoint(note, options.key)
        if size <= len(leaves):
            check(note)
        entry = entries[index] if index < len(entries) else carried
        need(entry is not None, f"{path} carries no entry, and there are {len(entries)}")
        need(carried in (None, entry), f"{path} carries another entry than the log")
        check_inclusion(index, size, leaf(entry), path_up, value)
        later = f", which is later than the {len(entries)} entries" if size > len(entries) else ""
        print(f"{path}: entry {index + 1} of {size} holds{later}")
        return entry

    for path in options.checkpoint + [folder / "checkpoint" for folder in options.tiles]:
        print(f"{path}: size {check(path.read_text())[0]}, root and signature hold")
    for path in options.proof:
        check_event(path.read_text(), path)
    for path in options.opened:
        opened = json.loads(path.read_text())
        need(opened["form"] == "provledger-opened/v1", f"{path} is of no form that is known")
        entry = json.loads(check_event(opened["proof"], path))
        for part in opened["disclosures"]:
            check_disclosure(part, entry)
            print(f"{path}: {part['member']} is {compact(part['value']).decode()}")
    for path in options.growth:
        head, _, note = path.read_text().partition("\n\n")
        lines = head.split("\n")
        size, value = check(note)
        old = int(lines[0][4:])
        check_growth(old, size, hashes(lines[1:]), root(leaves[:old]), value)
        print(f"{path}: growth from {old} to {size} holds")
    for folder in options.tiles:
        check_tiles(folder, leaves, entries)
        print(f"{folder}: {len(leaves) // 256} whole tiles hold")


if __name__ == "__main__":
    try:
        main()
    except Later as error:
        print(f"NOT CHECKED: {error}", file=sys.stderr)
        sys.exit(2)
    except (Bad, OSError, ValueError, IndexError, KeyError) as error:
        sys.exit(f"FAILED: {error}")
