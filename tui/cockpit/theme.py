"""The two themes: their colours, and the variables every style sheet may use.

`agent-0` to `agent-5` tell agents apart, and are none of the colours that tell states.
Stays out of where a colour is used. A `$variable` of one sheet is unknown in the next, so what
sheets share is here.
"""

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="baton-dark",
    dark=True,
    primary="#6cb0f5",
    secondary="#8b9bb0",
    accent="#6cb0f5",
    warning="#e8b45a",
    error="#f47c74",
    success="#7fc98f",
    foreground="#d9dfe6",
    background="#0f1317",
    surface="#151a20",
    panel="#1c232b",
    variables={
        "text-muted": "#93a0ae",
        "text-disabled": "#76828f",
        "agent-0": "#7db7f7",
        "agent-1": "#c3a6f5",
        "agent-2": "#5bcfc6",
        "agent-3": "#f09cc8",
        "agent-4": "#bcc868",
        "agent-5": "#b7c3d4",
        "rule": "#313a45",
        "accent-wash": "#16283b",
        "warning-wash": "#2a2317",
        "error-wash": "#2e1b1c",
        "border": "#6cb0f5",
        "border-blurred": "#313a45",
        "block-cursor-background": "#22466b",
        "block-cursor-foreground": "#f2f6fa",
        "block-cursor-blurred-background": "#1c232b",
        "input-cursor-background": "#d9dfe6",
        "input-cursor-foreground": "#0f1317",
        "input-selection-background": "#6cb0f5 30%",
        "scrollbar": "#2b343e",
        "scrollbar-hover": "#3a4653",
        "scrollbar-active": "#6cb0f5",
        "scrollbar-background": "#0f1317",
        "scrollbar-background-hover": "#0f1317",
        "scrollbar-background-active": "#0f1317",
        "scrollbar-corner-color": "#0f1317",
    },
)

LIGHT: Final = Theme(
    name="baton-light",
    dark=False,
    primary="#0a5fbf",
    secondary="#51606f",
    accent="#0a5fbf",
    warning="#8a5200",
    error="#b3261e",
    success="#1b7038",
    foreground="#1c232b",
    background="#fcfcfb",
    surface="#f3f5f6",
    panel="#e7ebee",
    variables={
        "text-muted": "#55616d",
        "text-disabled": "#6c7782",
        "agent-0": "#0a5fbf",
        "agent-1": "#6d3fb5",
        "agent-2": "#00676a",
        "agent-3": "#a3266b",
        "agent-4": "#575f00",
        "agent-5": "#45556b",
        "rule": "#c6ced6",
        "accent-wash": "#dfecfa",
        "warning-wash": "#fbf0dc",
        "error-wash": "#fbe6e4",
        "border": "#0a5fbf",
        "border-blurred": "#c6ced6",
        "block-cursor-background": "#c3dcf7",
        "block-cursor-foreground": "#0c1319",
        "block-cursor-blurred-background": "#e7ebee",
        "input-cursor-background": "#1c232b",
        "input-cursor-foreground": "#fcfcfb",
        "input-selection-background": "#0a5fbf 22%",
        "scrollbar": "#ccd3da",
        "scrollbar-hover": "#b3bdc7",
        "scrollbar-active": "#0a5fbf",
        "scrollbar-background": "#fcfcfb",
        "scrollbar-background-hover": "#fcfcfb",
        "scrollbar-background-active": "#fcfcfb",
        "scrollbar-corner-color": "#fcfcfb",
    },
)

THEMES: Final = (DARK, LIGHT)


def theme_called(name: str) -> Theme:
    """Return the theme a person names: "dark", "light", or its whole name.

    Raises:
        KeyError: If there is none.
    """
    for theme in THEMES:
        if name in (theme.name, theme.name.removeprefix("baton-")):
            return theme
    raise KeyError(name)
