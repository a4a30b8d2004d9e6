"""The policy file that the README shows is one, and says what stands there."""

from pathlib import Path

from tui.policy.facts import Call
from tui.policy.file import read_policy
from tui.policy.judging import judge

README = Path(__file__).parents[2] / "README.md"


def effect_on(tool: str, arguments: str, agent: str = "Refunds") -> str | None:
    shown = README.read_text().partition("```toml\n")[2].partition("```")[0]
    rules = read_policy(shown, "policy.toml").rules
    return judge(Call(agent, tool, arguments), rules, (), 0.0).effect


def test_the_example_says_what_its_comments_say():
    assert effect_on("shell", '{"command": "rm -rf /"}') == "deny"
    assert effect_on("shell", '{"command": "ls; rm -rf /"}') == "deny"
    assert effect_on("shell", '{"command": "ls"}') is None
    assert effect_on("issue_refund", "{}") == "ask"
    assert effect_on("lookup_order", "{}") == "allow"
    assert effect_on("lookup_order", "{}", agent="Triage") is None
    assert effect_on("pay", '{"cents": 5001, "customer": {"country": "DE"}}') == "ask"
    assert effect_on("pay", '{"cents": 5000, "customer": {"country": "DE"}}') is None
