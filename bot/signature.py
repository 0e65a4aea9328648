"""Whether a request is Slack's: signed with our secret, within the last five minutes.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from slack_sdk.signature import SignatureVerifier

from bot.errors import Missing


class Signature:
    """Checks requests by a signing secret, before anybody reads what they say. Raises Missing where there is none."""

    def __init__(self, secret: str) -> None:
        if not secret:
            # Anybody can sign with nothing.
            raise Missing("SLACK_SIGNING_SECRET is not set; the README says where Slack shows it")
        self.verifier = SignatureVerifier(secret)

    def fits(self, body: bytes, timestamp: str, signature: str) -> bool:
        """Whether the signature of Slack's headers is that of the body, and not older than five minutes."""
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12 and signature.isascii()):
            return False
        try:
            return self.verifier.is_valid(body, timestamp, signature)
        except UnicodeDecodeError:
            return False
