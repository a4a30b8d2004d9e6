"""What home offers of folders of every kind, and what it says of those that offer nothing."""

import os

import pytest

from tui.cli_home import EXAMPLE, FILES_LOOKED_AT, NO_AGENTS, NO_SERVICE, list_home
from tui.host.finding import look_at

DESK = "from tui.agents import Agent\ndesk = Agent(name='Front')\n"


def offered(folder, *, has_service=True):
    return [choice.target for choice in list_home(folder, has_service=has_service).choices]


def test_home_offers_agents_and_what_makes_them_and_then_the_rehearsal(tmp_path):
    (tmp_path / "a.py").write_text(
        f"{DESK}def make(): return Agent(name='Made')\ndef helper(): return 1\n"
    )
    listing = list_home(tmp_path, has_service=True)
    assert [(choice.target, choice.label, choice.hint) for choice in listing.choices] == [
        ("a.py:desk", "Front", "a.py:desk"),
        ("a.py:make", "make()", "a.py:make"),
        ("rehearsal", "The rehearsal", "a support desk; no key, no network"),
    ]
    assert (listing.place, listing.notice, listing.example) == (str(tmp_path), "", "")


@pytest.mark.parametrize(
    ("home", "place"), [("{up}", "~/{name}"), ("{up}/{name}x", "{up}/{name}"), ("/", "{up}/{name}")]
)
def test_a_folder_below_ones_own_is_told_in_short(tmp_path, monkeypatch, home, place):
    names = {"up": tmp_path.parent, "name": tmp_path.name}
    monkeypatch.setenv("HOME", home.format(**names))
    assert list_home(tmp_path, has_service=True).place == place.format(**names)


def test_home_begins_with_the_rehearsal_where_no_model_can_be_asked(tmp_path):
    (tmp_path / "a.py").write_text(DESK)
    listing = list_home(tmp_path, has_service=False)
    assert [choice.target for choice in listing.choices] == ["rehearsal", "a.py:desk"]
    assert (listing.notice, listing.example) == (NO_SERVICE, "")


def test_without_agents_home_says_how_to_make_one_that_it_then_finds(tmp_path):
    listing = list_home(tmp_path, has_service=True)
    assert (listing.notice, listing.example) == (NO_AGENTS, EXAMPLE)
    (tmp_path / "desk.py").write_text(listing.example)
    assert offered(tmp_path) == ["desk.py:desk", "rehearsal"]


def test_an_agent_that_a_function_keeps_to_itself_is_told_of(tmp_path):
    (tmp_path / "main.py").write_text(
        "from agents import Agent\nasync def main():\n    a = Agent(name='A')\n"
    )
    first, second = list_home(tmp_path, has_service=True).notice.split("\n")
    assert first.startswith("main.py: no agent stands at its top; main() in line 2 makes one")
    assert second == NO_AGENTS


def test_an_agent_without_a_name_goes_by_its_variable(tmp_path):
    (tmp_path / "a.py").write_text("from agents import Agent\ndesk = Agent(name=' ')\n")
    assert list_home(tmp_path, has_service=True).choices[0].label == "desk"


def test_a_name_that_is_bound_to_an_agent_and_a_function_is_offered_once(tmp_path):
    (tmp_path / "a.py").write_text(f"{DESK}def desk(): return Agent(name='Again')\n")
    assert offered(tmp_path) == ["a.py:desk", "rehearsal"]


READABLE = {
    "mark.py": b"\xef\xbb\xbf" + DESK.encode(),
    "windows.py": DESK.replace("\n", "\r\n").encode(),
    "latin.py": f"# coding: latin-1\n{DESK}".replace("Front", "Büro").encode("latin-1"),
    "a:b.py": DESK.encode(),
    "with space.py": DESK.encode(),
    "名前.py": DESK.encode(),
}
UNREADABLE = {
    "syntax.py": b"def (:\n",
    "nul.py": b"x = \x00\n",
    "utf16.py": DESK.encode("utf-16"),
    "undeclared.py": DESK.replace("Front", "Büro").encode("latin-1"),
    "klingon.py": b"# coding: klingon\n",
    "deep.py": b"x = " + b"-" * 200_000 + b"1\n",
    "dots.py": b"x = a" + b".a" * 3_000 + b"()\n",
}


def test_files_of_every_kind_are_read_and_what_cannot_be_read_takes_nothing_away(tmp_path):
    for name, content in (READABLE | UNREADABLE).items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "gone.py").symlink_to("nowhere")
    (tmp_path / "loop.py").symlink_to("loop.py")
    os.mkfifo(tmp_path / "pipe.py")
    with (tmp_path / "vast.py").open("wb") as file:
        file.truncate(1 << 40)
    assert offered(tmp_path) == [*(f"{name}:desk" for name in sorted(READABLE)), "rehearsal"]
    assert list_home(tmp_path, has_service=True).notice == (
        "deep.py and 10 more cannot be read: `baton run deep.py` says why."
    )


def test_a_file_whose_name_is_no_text_is_offered_too(tmp_path):
    odd = os.fsdecode(b"b\xfcro.py")
    (tmp_path / odd).write_text(DESK)
    assert offered(tmp_path) == [f"{odd}:desk", "rehearsal"]


def test_one_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "a.py").write_text(DESK)
    (tmp_path / "b.py").write_text("def (:\n")
    listing = list_home(tmp_path, has_service=True)
    assert listing.notice == "b.py cannot be read: `baton run b.py` says why."


def test_of_very_many_files_the_first_are_looked_at_and_that_is_said(tmp_path):
    for number in range(FILES_LOOKED_AT + 1):
        (tmp_path / f"f{number:04}.py").write_text(DESK if number else "")
    listing = list_home(tmp_path, has_service=True)
    assert len(listing.choices) == FILES_LOOKED_AT
    assert listing.notice == (
        f"Of {FILES_LOOKED_AT + 1} files here the first {FILES_LOOKED_AT} were looked at: "
        "`baton run FILE.py` takes any."
    )


def test_ten_thousand_other_files_are_not_opened(tmp_path):
    for number in range(10_000):
        (tmp_path / f"{number}.txt").touch()
    (tmp_path / "desk.py").write_text(DESK)
    assert offered(tmp_path) == ["desk.py:desk", "rehearsal"]


def test_a_file_of_five_hundred_agents_offers_them_all(tmp_path):
    agents = "".join(f"a{number} = Agent(name='A {number}')\n" for number in range(500))
    (tmp_path / "many.py").write_text(f"from agents import Agent\n{agents}")
    assert len(look_at(tmp_path / "many.py").agents) == 500
    assert len(offered(tmp_path)) == 501


def test_a_folder_that_is_gone_leaves_the_rehearsal(tmp_path):
    for listing in (
        list_home(None, has_service=True),
        list_home(tmp_path / "gone", has_service=True),
    ):
        assert [choice.target for choice in listing.choices] == ["rehearsal"]
    assert list_home(None, has_service=True).notice == (
        "The folder you are in is gone, change to another."
    )


def test_a_place_that_is_no_folder_says_so(tmp_path):
    (tmp_path / "file").touch()
    listing = list_home(tmp_path / "file", has_service=True)
    assert listing.notice == "This folder cannot be read: Not a directory."
    assert [choice.target for choice in listing.choices] == ["rehearsal"]
