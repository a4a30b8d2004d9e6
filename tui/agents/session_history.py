"""What a run reads from its session, and what it adds to it. Stores nothing itself."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from functools import partial

from tui.agents.active_run import Run
from tui.agents.exceptions import UserError
from tui.agents.history import joined_input, without_twins
from tui.agents.items import ItemHelpers, ToolApprovalItem, TResponseInputItem
from tui.agents.kinds import UserValue
from tui.agents.maybe_await import MaybeAwaitable, maybe_await
from tui.agents.memory.session import Session, SessionInputCallback, SessionSettings

Items = list[TResponseInputItem]


async def read_session(run: Run, session: Session) -> None:
    """Put what the session holds before the input of a run that begins, and add the input to it."""
    settings = session.session_settings or SessionSettings()
    limit = settings.resolve(run.config.session_settings).limit
    read = session.get_items if limit is None else partial(session.get_items, limit=limit)
    held = await _ask(run, session, read)
    history = ItemHelpers.input_to_new_input_list(held)
    new = ItemHelpers.input_to_new_input_list(run.input)
    callback = run.config.session_input_callback
    items, stored = [*history, *new], {id(item) for item in history}
    if callback is not None:
        items, stored = await _called_back(callback, copy.deepcopy(history), copy.deepcopy(new))
    is_cut = limit is not None and callback is None
    run.rewrite(joined_input(items, stored, is_cut=is_cut), run.model_items)
    await _add(run, session, [item for item in items if id(item) not in stored])


async def save_items(run: Run) -> None:
    """Let the run's session, if it has one, have the items that it has not yet.

    A run that its input guardrails have stopped adds nothing.
    """
    if run.session is None or not await run.verdict.allows():
        return
    fresh = run.items[run.saved_items :]
    # Counted first: what is added although the run was cancelled must not be added again.
    run.saved_items = len(run.items)
    items = [item.to_input_item() for item in fresh if not isinstance(item, ToolApprovalItem)]
    await _add(run, run.session, without_twins(items))


async def _add(run: Run, session: Session, items: Items) -> None:
    if items:
        await _ask(run, session, session.add_items, items)


async def _called_back(
    callback: SessionInputCallback, history: Items, new: Items
) -> tuple[Items, set[int]]:
    """Return what the callback made of both, and the `id`s of those that the session holds.

    That it does is known by the object itself, or by an equal one not met yet.
    """
    if not callable(callback):
        raise UserError(
            f"Invalid `session_input_callback` value: {callback}. "
            "Choose between `None` or a custom callable function."
        )
    fresh, spare, held = {id(item) for item in new}, [*history], {id(item) for item in history}
    made: UserValue = await maybe_await(callback(history, new))
    if not isinstance(made, list):
        raise UserError("Session input callback must return a list of input items.")
    items, stored = ItemHelpers.input_to_new_input_list(made), set()
    for given, item in zip(made, items, strict=True):
        is_equal = id(given) not in fresh and given in spare
        if is_equal:
            spare.remove(given)
        if is_equal or id(given) in held:
            stored.add(id(item))
    return items, stored


async def _ask(
    run: Run, session: Session, method: Callable[..., MaybeAwaitable[UserValue]], *given: Items
) -> UserValue:
    methods = (session.get_items, session.add_items, session.pop_item, session.clear_session)
    takes_context = all("wrapper" in inspect.signature(one).parameters for one in methods)
    return await maybe_await(method(*given, **({"wrapper": run.context} if takes_context else {})))
