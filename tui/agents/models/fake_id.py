"""The id of items whose server gives them none. A Responses service never sees it."""

from __future__ import annotations

FAKE_RESPONSES_ID = "__fake_id__"
