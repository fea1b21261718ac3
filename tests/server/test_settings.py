"""Settings: what may be set, where its default comes from, and how a wrong one is told."""

from __future__ import annotations

import pytest
from traitlets.config import Config

from nbpull_server.settings import NbPull, SettingError, read_settings


def test_the_defaults_are_nbgitpullers():
    settings = read_settings(Config())
    assert settings.depth == 1
    assert settings.app == "notebook"
    assert settings.parent_path == ""
    assert settings.allow == ["*"]
    assert settings.protocols == ["https", "http", "ssh", "git"]
    assert settings.conflict == "ours"
    assert settings.restore_deleted is True


@pytest.mark.parametrize(
    ("config", "environment", "name", "value"),
    [
        ({}, {"NBGITPULLER_DEPTH": "7"}, "depth", 7),
        ({}, {"NBGITPULLER_DEPTH": "0"}, "depth", 0),
        ({}, {"NBGITPULLER_DEPTH": ""}, "depth", 1),
        ({}, {"NBGITPULLER_APP": "classic"}, "app", "notebook"),
        ({"GitPuller": {"depth": 3}}, {"NBGITPULLER_DEPTH": "7"}, "depth", 3),
        ({"GitPuller": {"depth": 3}, "NbPull": {"depth": 5}}, {}, "depth", 5),
        ({}, {"NBGITPULLER_APP": "lab"}, "app", "lab"),
        ({"NbPull": {"app": "lab"}}, {"NBGITPULLER_APP": "notebook"}, "app", "lab"),
        ({}, {"NBGITPULLER_PARENTPATH": "a/b/"}, "parent_path", "a/b"),
        ({"NbPull": {"parent_path": "./c"}}, {"NBGITPULLER_PARENTPATH": "a"}, "parent_path", "c"),
    ],
)
def test_a_default_comes_from_where_nbgitpuller_has_it(
    monkeypatch, config, environment, name, value
):
    for key, text in environment.items():
        monkeypatch.setenv(key, text)
    assert getattr(read_settings(Config(config)), name) == value


@pytest.mark.parametrize(
    ("config", "environment", "named"),
    [
        ({"NbPull": {"depth": -1}}, {}, "depth"),
        ({"NbPull": {"depth": "many"}}, {}, "depth"),
        ({"GitPuller": {"depth": "many"}}, {}, "c.GitPuller.depth"),
        ({}, {"NBGITPULLER_DEPTH": "many"}, "NBGITPULLER_DEPTH"),
        ({}, {"NBGITPULLER_DEPTH": "-2"}, "NBGITPULLER_DEPTH"),
        ({}, {"NBGITPULLER_PARENTPATH": "/abs"}, "NBGITPULLER_PARENTPATH"),
        ({}, {"NBGITPULLER_PARENTPATH": "../x"}, "NBGITPULLER_PARENTPATH"),
        ({"NbPull": {"parent_path": "a/../.."}}, {}, "c.NbPull.parent_path"),
        ({"NbPull": {"allow": ["https://"]}}, {}, "c.NbPull.allow"),
        ({"NbPull": {"ask": ["a b"]}}, {}, "c.NbPull.ask"),
        ({"NbPull": {"deny": "not a list"}}, {}, "deny"),
        ({"NbPull": {"protocols": ["ext"]}}, {}, "protocols"),
        ({"NbPull": {"protocols": []}}, {}, "protocols"),
        ({"NbPull": {"app": "jupyter"}}, {}, "c.NbPull.app"),
        ({"NbPull": {"conflict": "theirs"}}, {}, "conflict"),
        ({"NbPull": {"stall_timeout": 0}}, {}, "stall_timeout"),
        ({"NbPull": {"keep_restore_points": 0}}, {}, "keep_restore_points"),
        ({"NbPull": {"max_bytes": -1}}, {}, "max_bytes"),
        ({"NbPull": {"restore_deleted": "perhaps"}}, {}, "restore_deleted"),
        ({"NbPull": {"alow": ["*"]}}, {}, "c.NbPull.alow"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(monkeypatch, config, environment, named):
    for key, text in environment.items():
        monkeypatch.setenv(key, text)
    with pytest.raises(SettingError) as caught:
        read_settings(Config(config))
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_setting_says_what_it_is_for():
    for name, trait in NbPull.class_traits(config=True).items():
        assert trait.help.strip(), name
