#!/usr/bin/env python3
"""Checks the root of an exported log, and proofs of events, with the package pymerkle from PyPI.

verify-log-pymerkle.py ENTRIES CHECKPOINT [PROOF...]
"""
import base64, pathlib, sys
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion


def need(condition, text):
    if not condition:
        sys.exit(f"FAILED: {text}")


def stated(note):
    """Size and root of a checkpoint; its signature is checked elsewhere."""
    return int(note.split("\n")[1]), base64.b64decode(note.split("\n")[2])


entries = pathlib.Path(sys.argv[1]).read_bytes().split(b"\n")[:-1]
tree = InmemoryTree(algorithm="sha256")
for entry in entries:
    tree.append_entry(entry)
size, root = stated(pathlib.Path(sys.argv[2]).read_text())
need(tree.get_root(size) == root, f"another root for {size} entries")
print(f"pymerkle: the root of {size} entries is that of the checkpoint")
for path in sys.argv[3:]:
    head, _, note = pathlib.Path(path).read_text().partition("\n\n")
    size, root = stated(note)
    lines = [line for line in head.split("\n")[1:] if not line.startswith("extra ")]
    index, hashes = int(lines[0][6:]), [base64.b64decode(line) for line in lines[1:]]
    proof = tree.prove_inclusion(index + 1, size)
    need(proof.path[1:] == hashes, f"{path}: another way up")
    proof.path = [tree.get_leaf(index + 1)] + hashes
    verify_inclusion(tree.get_leaf(index + 1), root, proof)
    half = size // 2
    verify_consistency(tree.get_root(half), root, tree.prove_consistency(half, size))
    print(f"pymerkle: entry {index + 1} of {size} holds, and the log grew from {half}")
