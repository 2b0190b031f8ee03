"""Makes RSA keys, and checks the signatures of mails with an implementation that shares nothing with ours.

`rsa-key BITS FORM` prints a private key in PEM, of the form `pkcs8` or `pkcs1`, and after it a line with the public one.
`verify RECORD` reads a mail and says whether its signature holds against that DNS record.
"""

import base64
import sys

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def rsa_key(bits, form):
    key = rsa.generate_private_key(public_exponent=65537, key_size=int(bits))
    forms = {
        "pkcs8": serialization.PrivateFormat.PKCS8,
        "pkcs1": serialization.PrivateFormat.TraditionalOpenSSL,
    }
    private = key.private_bytes(
        serialization.Encoding.PEM, forms[form], serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    sys.stdout.write(private.decode() + base64.b64encode(public).decode() + "\n")


def verify(record):
    asked = []

    def dns(name, timeout=5):
        asked.append(name)
        return record.encode()

    holds = dkim.verify(sys.stdin.buffer.read(), dnsfunc=dns)
    print(f"{holds} {asked[0].decode() if asked else ''}")


if sys.argv[1] == "rsa-key":
    rsa_key(*sys.argv[2:])
else:
    verify(*sys.argv[2:])
