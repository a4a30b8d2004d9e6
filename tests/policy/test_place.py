import pytest

from tui.policy.place import config_folder, policy_place


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"HOME": "/home/ada"}, "/home/ada/.config/baton"),
        ({"HOME": "/home/ada/"}, "/home/ada/.config/baton"),
        ({"HOME": "/"}, "/.config/baton"),
        ({"HOME": "/home/X"}, "/home/X/.config/baton"),
        ({"XDG_CONFIG_HOME": "/X"}, "/X/baton"),
        ({"XDG_CONFIG_HOME": "/etc/xdg/", "HOME": "/home/ada"}, "/etc/xdg/baton"),
        ({"XDG_CONFIG_HOME": "config", "HOME": "/home/ada"}, "/home/ada/.config/baton"),
        ({"XDG_CONFIG_HOME": "", "HOME": "/home/ada"}, "/home/ada/.config/baton"),
        ({"HOME": "ada"}, ""),
        ({"HOME": ""}, ""),
        ({}, ""),
    ],
)
def test_settings_lie_where_the_environment_says_by_a_whole_path(environ, folder):
    assert config_folder(environ) == folder


def test_the_policy_file_lies_in_the_folder_for_settings_if_there_is_one():
    assert policy_place({"HOME": "/home/ada"}) == "/home/ada/.config/baton/policy.toml"
    assert policy_place({}) == ""
