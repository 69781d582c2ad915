#!/usr/bin/env python3
"""Compares the users of a SCIM server with an export: every row has one account as it says. Standard library only.

  verify-users.py URL TOKEN EXPORT.csv [KEPT.csv]

KEPT.csv is an older export: whoever is in it and no longer in the newer one has an account that is not active.
Ends with 1 when anything differs.
"""

import csv
import json
import sys
import urllib.request

url, token = sys.argv[1:3]


def page(start):
    request = urllib.request.Request(f"{url}/Users?startIndex={start}", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


users, total = [], 1
while len(users) < total:
    read = page(len(users) + 1)
    users, total = users + read["Resources"], read["totalResults"]

wanted = {}
for path in reversed(sys.argv[3:]):
    for person in csv.DictReader(open(path)):
        enabled = path == sys.argv[3] and person["accountEnabled"] == "true"
        wanted[person["id"]] = (person["userPrincipalName"], person["displayName"], enabled)

found = {}
for user in users:
    found.setdefault(user["userName"], []).append(user)
wrong = []
for address, name, enabled in wanted.values():
    accounts = found.pop(address, [])
    if len(accounts) != 1:
        wrong.append(f"{address} has {len(accounts)} accounts")
    elif accounts[0]["active"] != enabled:
        wrong.append(f"{address} is {'active' if accounts[0]['active'] else 'not active'}")
    elif enabled and accounts[0]["displayName"] != name:
        wrong.append(f"{address} is called {accounts[0]['displayName']}")
    elif [email["value"] for email in accounts[0]["emails"]] != [address]:
        wrong.append(f"{address} has other addresses: {accounts[0]['emails']}")
wrong += [f"{address} is nobody's" for address in found]
for line in wrong:
    print(line, file=sys.stderr)
print(f"{len(users)} accounts, {len(wanted)} people, {len(wrong)} differ")
sys.exit(1 if wrong else 0)
