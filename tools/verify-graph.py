#!/usr/bin/env python3
"""Reads a simulated Microsoft Graph with Microsoft's own libraries: msal signs in, msgraph-core's client pages.

  verify-graph.py BASE TENANT CLIENT SECRET CA.pem CLIENT.pem CLIENT.key CONTROL

BASE is what `provledger simulate graph` prints, CONTROL the token of its control side; CLIENT.pem and CLIENT.key are the
certificate that it was started with. Ends with 1 when anything differs.
"""

import asyncio
import base64
import json
import os
import ssl
import sys
import time
import urllib.request

import httpx
import msal
import requests
from msgraph_core import GraphClientFactory

base, tenant, client, secret, ca, certificate, key, control = sys.argv[1:]
origin = base.removesuffix("/v1.0")
authority = f"{origin}/{tenant}"
scopes = ["https://graph.microsoft.com/.default"]
trusted = ssl.create_default_context(cafile=ca)
# The library requests puts this variable before what msal tells it.
os.environ["REQUESTS_CA_BUNDLE"] = ca


def check(what, holds, seen=""):
    if not holds:
        sys.exit(f"not so: {what} {seen}")
    print(f"{what}: yes")


def act(route, body):
    """Changes the tenant on the control side."""
    request = urllib.request.Request(
        f"{origin}/_simulator/{route}", json.dumps(body).encode(), {"Authorization": f"Bearer {control}"}, method="POST"
    )
    with urllib.request.urlopen(request, context=trusted) as answer:
        return json.load(answer)


def sign_in(credential, client_id=client, where=authority):
    application = msal.ConfidentialClientApplication(
        client_id, authority=where, client_credential=credential, instance_discovery=False, verify=ca
    )
    return application.acquire_token_for_client(scopes=scopes)


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def sign_ins():
    """A token by every way, and what is wrong by its code."""
    token = sign_in(secret)
    check("msal gets a token by a secret", "access_token" in token, token)
    signed = sign_in({"private_key": open(key).read(), "public_certificate": open(certificate).read()})
    check("msal gets a token by a certificate", "access_token" in signed, signed)

    act(f"applications/{client}", {"federated": [{"issuer": "https://issuer.example", "subject": "ledger"}]})
    now = int(time.time())
    claims = {"iss": "https://issuer.example", "sub": "ledger", "aud": "api://AzureADTokenExchange", "exp": now + 600}
    assertion = f"{encoded({'alg': 'RS256'})}.{encoded(claims)}.AAAA"
    trusted_token = sign_in({"client_assertion": lambda: assertion})
    check("msal gets a token by another authority's", "access_token" in trusted_token, trusted_token)

    session = requests.Session()
    session.verify = ca
    for name, settings in {
        "App Service": {"IDENTITY_ENDPOINT": f"{origin}/msi/token", "IDENTITY_HEADER": secret},
        "a virtual machine": {"AZURE_POD_IDENTITY_AUTHORITY_HOST": origin},
    }.items():
        os.environ.update(settings)
        identity = msal.ManagedIdentityClient(msal.SystemAssignedManagedIdentity(), http_client=session)
        answer = identity.acquire_token_for_client(resource="https://graph.microsoft.com")
        check(f"msal gets a token by the managed identity of {name}", "access_token" in answer, answer)
        for variable in settings:
            del os.environ[variable]

    wrong = sign_in(secret + "x")
    check("a wrong secret is 7000215", wrong.get("error_codes") == [7000215], wrong)
    unknown = sign_in(secret, client_id="00000000-0000-4000-8000-000000000001")
    check("an unknown client is 700016", unknown.get("error_codes") == [700016], unknown)
    try:
        sign_in(secret, where=f"{origin}/00000000-0000-4000-8000-000000000002")
        sys.exit("not so: a wrong tenant is refused")
    except ValueError as refusal:
        check("a wrong tenant is refused by discovery", "Unable to get authority configuration" in str(refusal), refusal)
    return token["access_token"]


async def get(graph, link):
    """One answer, through the middleware: it handles only what bears its options."""
    return await graph.get(link, extensions={"kiota_request_options": {}})


async def pages(graph, link):
    """All entries from a link on, and the deltaLink at the end."""
    entries, count = [], 0
    while True:
        answer = await get(graph, link)
        answer.raise_for_status()
        page = answer.json()
        entries += page["value"]
        count += 1
        if "@odata.nextLink" not in page:
            return entries, count, page.get("@odata.deltaLink")
        link = page["@odata.nextLink"]


def merge(objects, entries):
    for entry in entries:
        if "@removed" in entry:
            objects.pop(entry["id"], None)
        else:
            objects.setdefault(entry["id"], {}).update(entry)


async def read(token):
    """Users, delta, groups and assignments through Microsoft's middleware."""
    graph = GraphClientFactory.create_with_default_middleware(
        client=httpx.AsyncClient(
            base_url=base, verify=trusted, headers={"Authorization": f"Bearer {token}"}, timeout=60
        )
    )
    users, count, _ = await pages(graph, "/users?$top=50&$select=id,displayName,department")
    check(f"{len(users)} users on {count} pages", count > 2 and len({user["id"] for user in users}) == len(users))

    objects = {}
    entries, count, link = await pages(graph, "/users/delta?$select=displayName,department,accountEnabled,manager")
    merge(objects, entries)
    names = {user["id"]: user["displayName"] for user in users}
    check(f"the delta's {count} pages give the same users", {i: o["displayName"] for i, o in objects.items()} == names)

    first, second, third = list(objects)[:3]
    act(f"users/{first}", {"displayName": "Renamed by the portal"})
    act(f"users/{second}", {"remove": True})
    act(f"users/{third}", {"purge": True})
    made = act("users", [{"userPrincipalName": "new@contoso.example", "displayName": "New"}])["ids"][0]
    entries, _, link = await pages(graph, link)
    merge(objects, entries)
    users, _, _ = await pages(graph, "/users?$select=id,displayName")
    check("a change, two removals and a newcomer come by the deltaLink", objects[first]["displayName"].startswith("Renamed")
          and made in objects and {user["id"] for user in users} == set(objects))
    reasons = {entry["id"]: entry["@removed"]["reason"] for entry in entries if "@removed" in entry}
    check("with the reason of each removal", reasons == {second: "changed", third: "deleted"}, reasons)
    bin, _, _ = await pages(graph, "/directory/deletedItems/microsoft.graph.user")
    check("the recycle bin holds who can be restored", [user["id"] for user in bin] == [second])

    groups, _, _ = await pages(graph, "/groups/delta?$select=displayName,members")
    members = {}
    for group in groups:
        for member in group.get("members@delta", []):
            members.setdefault(group["id"], set()).add(member["id"])
    for group, ids in members.items():
        listed, _, _ = await pages(graph, f"/groups/{group}/members?$select=id")
        check(f"group {group[:8]} has {len(ids)} members by delta and by list", {one["id"] for one in listed} == ids)

    some = list(members)[:2]
    ids = " or ".join(f"id eq '{group}'" for group in some)
    entries, _, link = await pages(graph, f"/groups/delta?$select=members&$filter={ids}")
    check("of the groups that a filter names, all members and nobody else", set(some) == {one["id"] for one in entries})
    left = next(iter(members[some[0]]))
    act(f"groups/{some[0]}", {"drop": [left]})
    entries, _, _ = await pages(graph, link)
    gone = {(one["id"], member["id"]) for one in entries for member in one.get("members@delta", []) if "@removed" in member}
    check("who left one of them comes by the deltaLink", gone == {(some[0], left)}, gone)

    principal = (await get(graph, "/servicePrincipals?$filter=displayName eq 'TeamViewer'")).json()["value"][0]
    roles = {role["id"] for role in principal["appRoles"]} | {"00000000-0000-0000-0000-000000000000"}
    by_id, count, _ = await pages(graph, f"/servicePrincipals/{principal['id']}/appRoleAssignedTo?$top=10")
    by_app, _, _ = await pages(graph, f"/servicePrincipals(appId='{principal['appId']}')/appRoleAssignedTo")
    check(f"{len(by_id)} assignments on {count} pages, by id and by appId", by_id == by_app and count > 1
          and {one["appRoleId"] for one in by_id} <= roles)

    act("settings", {"faults": {"script": [{"kind": "429-seconds", "retryAfterSeconds": 1, "next": 2, "path": "/users"}]}})
    began = time.monotonic()
    answer = await get(graph, "/users?$top=1")
    check("the middleware waits as Retry-After says, twice", answer.status_code == 200 and time.monotonic() - began >= 2)
    act("tokens", {})
    answer = await get(graph, "/users?$top=1")
    check("an ended token is 401", answer.status_code == 401 and answer.json()["error"]["code"] == "InvalidAuthenticationToken")
    await graph.aclose()


asyncio.run(read(sign_ins()))
