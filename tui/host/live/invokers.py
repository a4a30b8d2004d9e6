"""Makes an invoker that calls another one and looks like it to the runtime that inspects it.

Knows no run and no gate. A runtime decides by the invoker's class and fields whether it may trust
an approval policy with a call; so class, fields and signature stay what they were.
"""

import copy
import functools
import inspect
import types
import weakref
from collections.abc import Awaitable, Callable
from contextvars import ContextVar

# Invokers are of either library or the user's own.
from typing import Any, TypeAlias

Call: TypeAlias = Callable[..., Any]
"""Returns a tool's result; some invokers are no coroutines."""
Invoke: TypeAlias = Callable[[str | None], Awaitable[Any]]
"""Makes the call; a text stands in the place of its arguments."""
Around: TypeAlias = Callable[[Invoke, Any, list[Any]], Awaitable[Any]]
"""Takes the call to make, the tool's context, and a list that the errors which the invoker turned
into a text are added to; returns what the call returned."""

_STANDS_FOR = "_baton_stands_for"
_handled: ContextVar[list[Any] | None] = ContextVar("baton_handled_errors", default=None)


def gated_invoker(original: Any, around: Around) -> Any:
    """Return what stands in the place of `original` and calls it through `around`.

    Raises:
        TypeError: If nothing can stand there without being told apart from it.
    """
    if isinstance(original, types.MethodType):
        # A copied tool binds the method anew to itself: so must the stand-in's function be.
        function = _gated_function(original.__func__, around, context_at=1)
        vars(function)[_STANDS_FOR] = weakref.ref(function), original
        return types.MethodType(function, original.__self__)
    if isinstance(original, types.FunctionType | types.BuiltinFunctionType | functools.partial):
        function = _gated_function(original, around, context_at=0)
        vars(function)[_STANDS_FOR] = weakref.ref(function), original
        return function
    return _derived(original, around)


def stood_for(invoker: Any) -> Any:
    """Return the invoker in whose place this one stands, or None.

    It is kept with the stand-in alone, so that a tool made for one turn can be forgotten.
    """
    function = getattr(invoker, "__func__", invoker)
    if not isinstance(function, types.FunctionType):
        return vars(type(invoker)).get(_STANDS_FOR)
    stand_in, original = vars(function).get(_STANDS_FOR, (None, None))
    # A function that wraps it has the same fields.
    return original if stand_in is not None and stand_in() is function else None


def _gated_function(original: Any, around: Around, context_at: int) -> Callable[..., Any]:
    @functools.wraps(original)
    async def gated(*args: Any, **kwargs: Any) -> Any:
        return await _through(around, original, args, kwargs, context_at)

    return gated


def _derived(original: Any, around: Around) -> Any:
    """Return an object of a class derived from the original's, with the same fields."""
    base = type(original)
    if not isinstance(vars(base).get("__call__", base.__call__), types.FunctionType):
        raise TypeError(f"{base.__name__} is not called by a Python method")

    @functools.wraps(base.__call__)
    async def __call__(self: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N807
        return await _through(around, base.__call__, (self, *args), kwargs, context_at=1)

    namespace = {"__call__": __call__, "__slots__": (), "__module__": base.__module__}
    namespace[_STANDS_FOR] = original
    derived = type(base.__name__, (base,), namespace)
    stand_in = copy.copy(original)
    # The class is changed last: a copy made by the original's own rules is of its class.
    stand_in.__class__ = derived
    if hasattr(stand_in, "__dict__"):
        stand_in.__dict__.update(original.__dict__)
        _note_handled_errors(stand_in)
    return stand_in


def _note_handled_errors(invoker: Any) -> None:
    """Let the SDK's own report of an error that became a text reach the gate too."""
    report = vars(invoker).get("_on_handled_error")
    if not callable(report):
        return

    @functools.wraps(report)
    def noting(*args: Any, **kwargs: Any) -> Any:
        errors = _handled.get()
        if errors is not None:
            errors.extend(each for each in args if isinstance(each, Exception))
        return report(*args, **kwargs)

    vars(invoker)["_on_handled_error"] = noting


async def _through(
    around: Around, call: Call, args: tuple[Any, ...], kwargs: dict[str, Any], context_at: int
) -> Any:
    errors: list[Any] = []
    context = args[context_at] if len(args) > context_at else kwargs.get("ctx")

    async def invoke(arguments: str | None) -> Any:
        given, named = args, kwargs
        if arguments is not None and len(args) > context_at + 1:
            given = (*args[: context_at + 1], arguments, *args[context_at + 2 :])
        elif arguments is not None:
            named = {**kwargs, "input": arguments}
        token = _handled.set(errors)
        try:
            result = call(*given, **named)
            return await result if inspect.isawaitable(result) else result
        finally:
            _handled.reset(token)

    return await around(invoke, context, errors)
