"""What stands in an invoker's place, and how it is told from what only looks like it."""

import functools

import pytest

from tui.host.live.invokers import gated_invoker, stood_for


async def around(invoke, context, errors):
    return await invoke(None)


async def works(ctx, input, more=None):
    return ctx, input, more


class Invoker:
    async def __call__(self, ctx, input):
        return input


class Forgetful(Invoker):
    """An invoker whose copy is bare."""

    def __init__(self):
        self.kept = "field"

    def __copy__(self):
        return type(self).__new__(type(self))


class Foreign:
    """An invoker that no Python method calls."""

    __call__ = functools.partial(works)


def test_what_stands_in_a_place_knows_in_whose():
    invoker = Invoker()
    assert stood_for(gated_invoker(works, around)) is works
    assert stood_for(gated_invoker(invoker, around)) is invoker


def test_what_stands_in_no_place_says_so():
    assert stood_for(works) is None
    assert stood_for(Invoker()) is None


def test_what_wraps_a_stand_in_is_none():
    gated = gated_invoker(works, around)

    @functools.wraps(gated)
    def wrapper(*args):
        return gated(*args)

    assert stood_for(wrapper) is None


def test_a_stand_in_is_of_a_class_with_the_same_name_and_place():
    stand_in = gated_invoker(Invoker(), around)
    assert isinstance(stand_in, Invoker)
    assert (type(stand_in).__name__, type(stand_in).__module__) == (
        Invoker.__name__,
        Invoker.__module__,
    )


def test_a_stand_in_has_the_fields_that_a_copy_would_lose():
    assert gated_invoker(Forgetful(), around).kept == "field"


def test_what_cannot_be_told_apart_from_its_stand_in_is_refused():
    with pytest.raises(TypeError, match=r"^Foreign is not called by a Python method$"):
        gated_invoker(Foreign(), around)


async def test_arguments_behind_the_changed_one_stay():
    async def changes(invoke, context, errors):
        return await invoke("new")

    assert await gated_invoker(works, changes)("ctx", "in", 5) == ("ctx", "new", 5)


async def test_errors_are_those_of_the_call_they_happened_in():
    told = {}

    def noting(name):
        async def notes(invoke, context, errors):
            result = await invoke(None)
            told[name] = [str(each) for each in errors]
            return result

        return notes

    class Handling:
        def __init__(self, name, inner=None):
            self.name, self.inner = name, inner
            self._on_handled_error = lambda error: None

        async def __call__(self, ctx, input):
            if self.inner is not None:
                await self.inner(ctx, input)
            self._on_handled_error(ValueError(self.name))

    inner = gated_invoker(Handling("inner"), noting("inner"))
    await gated_invoker(Handling("outer", inner), noting("outer"))("ctx", "in")
    assert told == {"inner": ["inner"], "outer": ["outer"]}
