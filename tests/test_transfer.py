"""Files of Slack's: what is fetched, and where the token may go."""

import pytest

from bot import transfer
from bot.errors import UserError

HOME = "https://slack.com/api/"


@pytest.mark.parametrize(
    "url",
    [
        "http://slack.com/files-pri/T1-F1/clients.csv",
        "http://files.slack.com/files-pri/T1-F1/clients.csv",
        "https://slack.com.example/files-pri/T1-F1/clients.csv",
        "https://slack.com@files.example/clients.csv",
        "//slack.com/files-pri/T1-F1/clients.csv",
        "file:///etc/passwd",
    ],
)
def test_the_token_goes_to_slack_alone_and_never_in_the_clear(url: str) -> None:
    with pytest.raises(UserError, match="only files that are kept in Slack"):
        transfer.get(url, "xoxb-secret", HOME, 1_000, 0.2)
