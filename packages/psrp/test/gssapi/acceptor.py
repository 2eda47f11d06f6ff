"""An acceptor that is not ours: one security context over standard input and output, by python3-gssapi.

Arguments: `kerberos KEYTAB` or `ntlm` (users from NTLM_USER_FILE). Each line asks with a verb and base64; each answer is a
word and base64. ACCEPT steps the context, OPEN unwraps, SEAL and SIGN wrap with and without confidentiality.
"""
import base64
import sys

import gssapi


def credentials(mechanism, keytab=None):
    if mechanism == "ntlm":
        ntlm = gssapi.OID.from_int_seq("1.3.6.1.4.1.311.2.2.10")
        return gssapi.Credentials(usage="accept", mechs=[ntlm])
    return gssapi.Credentials(usage="accept", store={"keytab": keytab})


def answer(context, verb, data):
    if verb == "ACCEPT":
        token = context.step(data) or b""
        return ("COMPLETE" if context.complete else "CONTINUE"), token
    if verb == "OPEN":
        opened = context.unwrap(data)
        return ("SEALED" if opened.encrypted else "SIGNED"), opened.message
    return "WRAPPED", context.wrap(data, verb == "SEAL").message


def main():
    context = gssapi.SecurityContext(creds=credentials(*sys.argv[1:]), usage="accept")
    for line in sys.stdin:
        verb, _, value = line.strip().partition(" ")
        try:
            word, data = answer(context, verb, base64.b64decode(value))
        except gssapi.exceptions.GSSError as error:
            word, data = "ERROR", (getattr(error, "token", None) or b"")
        print(word, base64.b64encode(data).decode(), flush=True)


main()
