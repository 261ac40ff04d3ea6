# SPDX-License-Identifier: BSD-3-Clause
"""What follows from the clear text of SSH, worked out apart from the program: the algorithms that
two KEXINIT agree on, and the fingerprint of a host key from its parts."""

import base64
import hashlib

# RFC 8308 section 2.1 and OpenSSH's PROTOCOL 1.10: in the list of methods, but no methods.
MARKERS = {"ext-info-c", "ext-info-s", "kex-strict-c-v00@openssh.com",
           "kex-strict-s-v00@openssh.com"}

# Ciphers that bring their own authentication: OpenSSH's PROTOCOL 1.6 and
# PROTOCOL.chacha20poly1305; the MAC of the lists is not used.
AEAD = {"chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com", "aes256-gcm@openssh.com",
        "chacha20-poly1305", "aes128-gcm", "aes256-gcm", "AEAD_AES_128_GCM", "AEAD_AES_256_GCM"}
IMPLICIT = "<implicit>"

# RFC 4253 section 7.1, in the order of the message: name here, and the field of tshark.
AGREED = {
    "kex": "kex_algorithms",
    "host_key": "server_host_key_algorithms",
    "cipher.client": "encryption_algorithms_client_to_server",
    "cipher.server": "encryption_algorithms_server_to_client",
    "mac.client": "mac_algorithms_client_to_server",
    "mac.server": "mac_algorithms_server_to_client",
    "compression.client": "compression_algorithms_client_to_server",
    "compression.server": "compression_algorithms_server_to_client",
}


def choose(client, server):
    """RFC 4253 section 7.1: the first name of the client's that the server has, too."""
    offered = set(server.split(","))
    return next((name for name in client.split(",") if name in offered and name not in MARKERS
                 and name), None)


def agreed(client, server):
    """{name: algorithm} of two KEXINIT, up to the first list without a common name."""
    result = {}
    if not client or not server:
        return result
    for name, key in AGREED.items():
        way = name.partition(".")[2]
        if name.startswith("mac") and result[f"cipher.{way}"] in AEAD:
            result[name] = IMPLICIT
            continue
        chosen = choose(client[key] or "", server[key] or "")
        if chosen is None:
            break
        result[name] = chosen
    return result


# RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4: what follows the type.
PARTS = {
    "ssh-rsa": ("rsa.e", "rsa.n"),
    "ssh-dss": ("dsa.p", "dsa.q", "dsa.g", "dsa.y"),
    "ssh-ed25519": ("eddsa.key",),
    "ssh-ed448": ("eddsa.key",),
}

def string(data):
    return len(data).to_bytes(4, "big") + data


def blob_of(key):
    """The key as it was sent, or None when a part of it is missing, as of a certificate."""
    parts = {name: bytes.fromhex((key[name] or "").replace(":", ""))
             for name in key if name not in ("type", "ecdsa.id")}
    if "-cert-" in key["type"]:
        return None
    if key["type"].startswith("ecdsa-sha2-"):
        fields = [(key["ecdsa.id"] or "").encode(), parts["ecdsa.q"]]
    elif key["type"] in PARTS:
        fields = [parts[name] for name in PARTS[key["type"]]]
    else:
        return string(key["type"].encode()) + parts["data"]
    if not all(fields):
        return None
    return b"".join(map(string, [key["type"].encode(), *fields]))


def fingerprint(key):
    """As OpenSSH writes it; None without the whole key."""
    blob = blob_of(key) if key else None
    if blob is None:
        return None
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
