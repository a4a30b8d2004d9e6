"""What a grant that stands in a policy file is called. Touches no file.

A screen and a host that read the same file give a grant in it the same name.
"""

from hashlib import sha256

from msgspec import json, structs

from tui.wire.rules import Rule


def kept_id(rule: Rule) -> str:
    """Return the `rule_id` of a grant in a file: by what it says, wherever it stands."""
    # As a tuple: which defaults a struct leaves out depends on where its values come from.
    said = structs.astuple(structs.replace(rule, origin="", rule_id=""))
    return f"kept-{sha256(json.encode(said)).hexdigest()[:12]}"
