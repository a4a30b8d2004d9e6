"""Which rules stand over all conversations, and how many calls each answered."""

from tests.cockpit.projection.folding import RUN, asked, called, fold, started
from tui.cockpit.projection.standing import HostedView, standing_grants, written_rules
from tui.wire.events import ApprovalDecided, RuleGranted, RuleRevoked, RunCompleted
from tui.wire.rules import Condition, Rule

GRANT = Rule(
    effect="allow", tool="refund", granted=True, origin="granted by ada", rule_id="grant-1"
)
OTHER = Rule(effect="deny", tool="shell", granted=True, origin="granted by ada", rule_id="grant-2")
KEPT = Rule(effect="allow", tool="mail", granted=True, origin="policy.toml:9", rule_id="kept-1")
WRITTEN = Rule(
    effect="allow",
    tool="look",
    origin="policy.toml:1",
    arguments=(Condition(name="days", test="max", value=3),),
)
OPTION = Rule(effect="allow", granted=True, origin="--approve-all", rule_id="approve-all")


def granting(*rules: Rule):
    return [RuleGranted(run_id=RUN, rule=rule) for rule in rules]


def answered(call: str, rule: Rule):
    decided = ApprovalDecided(run_id=RUN, call_id=call, approved=True, by="rule", rule=rule)
    return [called(call), asked(call), decided]


def one(*events, host="desk") -> HostedView:
    return HostedView("a", host, fold(started(), *events))


def rules_of(standing) -> list[Rule]:
    return [each.rule for each in standing]


def test_what_was_granted_stands_until_it_is_taken_back():
    taken = RuleRevoked(run_id=RUN, rule_id="grant-1")
    assert rules_of(standing_grants([one(*granting(GRANT, OTHER))])) == [GRANT, OTHER]
    assert rules_of(standing_grants([one(*granting(GRANT, OTHER), taken)])) == [OTHER]


def test_a_host_whose_runs_all_ended_is_as_the_one_said_that_ended_last():
    early = one(*granting(GRANT), RunCompleted(run_id=RUN, at=5.0))
    late = one(*granting(GRANT, OTHER), RunCompleted(run_id=RUN, at=9.0))
    assert rules_of(standing_grants([early, late])) == [GRANT, OTHER]
    assert rules_of(standing_grants([late, early])) == [GRANT, OTHER]


def test_a_run_that_works_knows_best():
    ended = one(*granting(GRANT, OTHER), RunCompleted(run_id=RUN, at=9.0))
    working = one(*granting(GRANT))
    assert rules_of(standing_grants([ended, working])) == [GRANT]


def test_each_host_has_grants_of_its_own():
    standing = standing_grants([one(*granting(GRANT)), one(*granting(OTHER), host="lab")])
    assert [(each.host, each.rule) for each in standing] == [("desk", GRANT), ("lab", OTHER)]


def test_a_grant_that_stands_in_the_file_is_told_there_alone():
    assert rules_of(standing_grants([one(*granting(GRANT, KEPT))], [WRITTEN, KEPT])) == [GRANT]


def test_calls_that_a_rule_answered_are_counted_over_all_conversations():
    events = [*granting(GRANT), *answered("c1", GRANT), *answered("c2", GRANT)]
    views = [one(*events), one(*answered("c1", WRITTEN), host="lab")]
    assert [each.answered for each in standing_grants(views)] == [2]
    assert [each.answered for each in written_rules(views, [KEPT, WRITTEN])] == [0, 1]


def test_a_written_rule_is_known_by_what_it_says_when_the_file_grew_above_it():
    moved = Rule(effect="allow", tool="look", origin="policy.toml:20", arguments=WRITTEN.arguments)
    views = [one(*answered("c1", WRITTEN))]
    assert [each.answered for each in written_rules(views, [moved])] == [1]


def test_only_what_a_person_granted_can_be_taken_back():
    standing = standing_grants([one(*granting(GRANT, OPTION))])
    written = written_rules([], [KEPT, WRITTEN])
    assert [each.is_revocable for each in (*standing, *written)] == [True, False, True, False]
