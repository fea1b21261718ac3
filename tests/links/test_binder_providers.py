"""BinderHub's specs are written and read for every provider."""

from __future__ import annotations

import pytest

from nbpull_links import BinderEnv, InvalidValueError
from nbpull_links.binder_providers import PROVIDERS

GH, GL, GIST = "https://github.com/", "https://gitlab.com/", "https://gist.github.com/"
HYDRO = "https://www.hydroshare.org/resource/8f7c2f0341ef4180b0dbe97f59130756"

# given repo, given provider, ref, provider, repo, spec
ENVS = [
    (f"{GH}o/r", "", "main", "gh", f"{GH}o/r", "o/r/main"),
    (f"{GH}o/r.git/", "", None, "gh", f"{GH}o/r", "o/r/HEAD"),
    ("git@github.com:o/r.git", "", "v1", "gh", f"{GH}o/r", "o/r/v1"),
    ("o/r", "gh", "a/b#c%dé", "gh", f"{GH}o/r", "o/r/a/b%23c%25d%C3%A9"),
    (f"{GL}a/b/c.git", "", "x/y", "gl", f"{GL}a/b/c", "a%2Fb%2Fc/x/y"),
    ("git@gitlab.com:a/c", "", None, "gl", f"{GL}a/c", "a%2Fc/HEAD"),
    (f"{GIST}u/ab12", "", None, "gist", f"{GIST}u/ab12", "u/ab12"),
    ("u/ab12", "gist", "0" * 40, "gist", f"{GIST}u/ab12", "u/ab12/" + "0" * 40),
    ("https://h.org/r.git", "", None, "git", "https://h.org/r.git",
     "https%3A%2F%2Fh.org%2Fr.git/HEAD"),
    ("git@h.org:o/r", "", "main", "git", "git@h.org:o/r", "git%40h.org%3Ao%2Fr/main"),
    (f"{GH}o/r", "git", "main", "git", f"{GH}o/r", "https%3A%2F%2Fgithub.com%2Fo%2Fr/main"),
    ("10.5281/zenodo.3242074", "", None, "zenodo", "10.5281/zenodo.3242074",
     "10.5281/zenodo.3242074"),
    ("https://doi.org/10.5281/zenodo.1/", "", None, "zenodo", "10.5281/zenodo.1",
     "10.5281/zenodo.1"),
    ("doi:10.5281/zenodo.1", "", None, "zenodo", "10.5281/zenodo.1", "10.5281/zenodo.1"),
    ("https://zenodo.org/record/1", "", None, "zenodo", "10.5281/zenodo.1", "10.5281/zenodo.1"),
    ("https://zenodo.org/records/1?preview=1#files", "", None, "zenodo", "10.5281/zenodo.1",
     "10.5281/zenodo.1"),
    ("https://figshare.com/articles/software/A_title/978/3", "", None, "figshare",
     "10.6084/m9.figshare.978.v3", "10.6084/m9.figshare.978.v3"),
    ("https://figshare.com/articles/software/A_title/978", "", None, "figshare",
     "10.6084/m9.figshare.978", "10.6084/m9.figshare.978"),
    ("https://dataverse.h.org/dataset.xhtml?persistentId=doi:10.7910/DVN/TJCLKP&version=1.0", "",
     None, "dataverse", "10.7910/DVN/TJCLKP", "10.7910/DVN/TJCLKP"),
    ("https://dataverse.h.org/dataset.xhtml?a=b&persistentId=doi%3A10.5683%2FSP%2FX", "", None,
     "dataverse", "10.5683/SP/X", "10.5683/SP/X"),
    ("10.6084/m9.figshare.9.v1", "", None, "figshare", "10.6084/m9.figshare.9.v1",
     "10.6084/m9.figshare.9.v1"),
    ("10.7910/DVN/TJCLKP", "", None, "dataverse", "10.7910/DVN/TJCLKP", "10.7910/DVN/TJCLKP"),
    ("10.5683/SP/A;B", "dataverse", None, "dataverse", "10.5683/SP/A;B", "10.5683/SP/A%3BB"),
    (HYDRO + "/", "", None, "hydroshare", HYDRO,
     "https%3A%2F%2Fwww.hydroshare.org%2Fresource%2F8f7c2f0341ef4180b0dbe97f59130756"),
    ("10.4211/hs.8f7c2f0341ef4180b0dbe97f59130756", "", None, "hydroshare", HYDRO,
     "https%3A%2F%2Fwww.hydroshare.org%2Fresource%2F8f7c2f0341ef4180b0dbe97f59130756"),
    ("https://demo.ckan.org/dataset/x?activity_id=1", "ckan", None, "ckan",
     "https://demo.ckan.org/dataset/x?activity_id=1",
     "https%3A%2F%2Fdemo.ckan.org%2Fdataset%2Fx%3Factivity_id%3D1"),
]  # fmt: skip


def test_every_provider_is_covered():
    assert {row[3] for row in ENVS} == set(PROVIDERS)


@pytest.mark.parametrize("row", ENVS, ids=[f"{row[3]}-{row[0]}" for row in ENVS])
def test_an_environment_has_one_spec_and_is_read_from_it(row):
    given, named, ref, provider, repo, spec = row
    env = BinderEnv(provider=named, repo=given, ref=ref)
    assert (env.provider, env.repo, env.spec) == (provider, repo, spec)
    assert BinderEnv.read(provider, f"{spec}/") == env
    assert env.to_dict() == {"provider": provider, "repo": repo, "spec": spec, "ref": env.ref}


@pytest.mark.parametrize(
    ("provider", "example"),
    [("zenodo", "10.5281/zenodo."), ("figshare", "10.6084/m9.f"), ("dataverse", "10.7910/DVN/")],
)
def test_an_archive_that_is_not_understood_is_answered_with_an_example_of_its_own(
    provider, example
):
    with pytest.raises(InvalidValueError) as caught:
        BinderEnv(provider=provider, repo="https://h.org/dataset")
    assert example in caught.value.hint


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"repo": "10.5683/SP/ABC"}, "unknown-provider"),
        ({"repo": f"{GH}o/r", "provider": "svn"}, "unknown-provider"),
        ({"repo": f"{GH}o"}, "env-repo-invalid"),
        ({"repo": f"{GH}o/.."}, "env-repo-invalid"),
        ({"repo": f"{GH}o/r/x"}, "env-repo-invalid"),
        ({"repo": "o/r", "provider": "gist"}, "env-repo-invalid"),
        ({"repo": "x", "provider": "zenodo"}, "env-repo-invalid"),
        ({"repo": "x", "provider": "hydroshare"}, "env-repo-invalid"),
        ({"repo": "ftp://h.org/x", "provider": "ckan"}, "env-repo-invalid"),
        ({"repo": "https://h.org/x /", "provider": "ckan"}, "edge-space"),
        ({"repo": "file:///srv/x"}, "env-repo-invalid"),
        ({"repo": "x"}, "not-a-url"),
        ({"repo": "https://u:secret@github.com/o/r", "provider": "gh"}, "credentials-in-url"),
        ({"repo": "https://u:secret@h.org/r"}, "credentials-in-url"),
        ({"repo": "https://u:secret@h.org/x", "provider": "ckan"}, "credentials-in-url"),
        ({"repo": f"https://u:secret@hydroshare.org/resource/{'0' * 32}"}, "credentials-in-url"),
        ({"repo": "10.5281/zenodo.1", "ref": "main"}, "env-ref-unsupported"),
        ({"repo": f"{GH}o/r", "ref": "-x"}, "branch-invalid"),
        ({"repo": f"{GH}o/r\n"}, "control-character"),
    ],
)
def test_what_binder_cannot_build_is_refused(values, code):
    with pytest.raises(InvalidValueError) as caught:
        BinderEnv(**values)
    assert caught.value.code == code
    assert "secret" not in str(caught.value)
