"""Receives mail on a free port of loopback until standard input ends.

Prints the port first, then one JSON line for each mail received.
Some recipients are answered in their own way, by the local part of their address:
`nobody` is refused for good (550), `later` for now (451), `stalls` never gets an answer.

`SMTP_TEST_TLS` is `starttls` or `tls`, with the certificate and key in the folder `SMTP_TEST_CERTIFICATES`;
`SMTP_TEST_USER` and `SMTP_TEST_PASSWORD` are the one sign-in that counts, and without it nothing is taken.
"""

import asyncio
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

TLS = os.environ.get("SMTP_TEST_TLS")
USER = os.environ.get("SMTP_TEST_USER")
PASSWORD = os.environ.get("SMTP_TEST_PASSWORD", "")


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        local = address.split("@")[0]
        if local == "nobody":
            return "550 5.1.1 no such mailbox"
        if local == "later":
            return "451 4.3.0 try again later"
        if local == "stalls":
            await asyncio.Event().wait()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "raw": envelope.original_content.decode("ascii"),
            "encrypted": server.transport.get_extra_info("ssl_object") is not None,
            "signed_in": session.authenticated,
        }
        print(json.dumps(mail), flush=True)
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    good = data.login == USER.encode() and data.password == PASSWORD.encode()
    return AuthResult(success=good, handled=False)


def context():
    folder = os.environ["SMTP_TEST_CERTIFICATES"]
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(f"{folder}/certificate.pem", f"{folder}/key.pem")
    return made


def protocol(loop, starttls):
    return SMTP(
        Handler(),
        loop=loop,
        tls_context=starttls,
        require_starttls=starttls is not None,
        authenticator=authenticate if USER else None,
        auth_required=USER is not None,
        auth_require_tls=starttls is not None,
    )


async def main():
    loop = asyncio.get_running_loop()
    starttls = context() if TLS == "starttls" else None
    from_the_start = context() if TLS == "tls" else None
    server = await loop.create_server(
        lambda: protocol(loop, starttls), "127.0.0.1", 0, ssl=from_the_start
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main())
