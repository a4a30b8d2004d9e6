"""A look at many conversations costs by those that changed, and says when the next is due."""

import math

from tests.cockpit.projection.folding import RUN, fold, started
from tui.cockpit.watch import Watch
from tui.policy.settings import Sentinel
from tui.wire.events import RunCompleted


def test_it_is_due_when_the_first_of_all_may_look_stuck():
    watch = Watch(Sentinel(model_silence_s=45))
    watch.look([("a", fold(started())), ("b", fold(started(), RunCompleted(run_id=RUN)))], 1.0)
    assert watch.next_at == 45.0
    assert watch.found("a") == ()


def test_a_view_that_did_not_change_is_looked_at_again_only_when_it_is_due():
    watch, view = Watch(Sentinel(model_silence_s=45)), fold(started())
    watch.look([("a", view)], 46.0)
    found = watch.found("a")
    watch.look([("a", view)], 49.0)
    assert watch.found("a") is found
    watch.look([("a", view)], 50.0)
    assert watch.found("a")[0].silent_s == 50.0


def test_other_settings_hold_from_the_next_look_on():
    watch, view = Watch(Sentinel(model_silence_s=45)), fold(started())
    watch.look([("a", view)], 46.0)
    watch.set(Sentinel(model_silence_s=0))
    watch.look([("a", view)], 46.0)
    assert watch.found("a") == ()
    assert watch.next_at == math.inf


def test_what_is_no_longer_there_is_forgotten():
    watch = Watch(Sentinel(model_silence_s=45))
    watch.look([("a", fold(started()))], 46.0)
    watch.look([], 47.0)
    assert watch.found("a") == ()
    assert watch.next_at == math.inf
