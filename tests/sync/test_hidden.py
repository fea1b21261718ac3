"""What is in no file of the learner's is kept all the same."""

from __future__ import annotations


def staged(learner):
    """Give every content that the parents of restore points hold."""
    points = learner.git("for-each-ref", "--format=%(refname)", "refs/nbpull/restore").split()
    parents = [oid for ref in points for oid in learner.git("rev-parse", f"{ref}^@").split()]
    return {content for oid in parents for content in learner.tree(oid).values()}


def test_what_was_only_staged_beside_a_conflict_is_kept(teacher, learner):
    teacher.publish({"both.txt": "base\n", "own.txt": "base\n"})
    learner.sync()
    learner.git("checkout", "-q", "-b", "side")
    learner.write({"both.txt": "side\n"})
    learner.commit()
    learner.git("checkout", "-q", "main")
    learner.write({"both.txt": "main\n"})
    learner.commit()
    learner.git("merge", "-q", "side", check=False)
    learner.write({"own.txt": "only staged\n"})
    learner.git("add", "own.txt")
    learner.write({"own.txt": "written later\n"})
    teacher.publish({"new.txt": "new\n"})
    learner.sync()
    assert {b"only staged\n", b"side\n", b"main\n"} <= staged(learner)
    assert learner.files()["own.txt"] == "written later\n"
    assert learner.sync().status == "unchanged"


def test_an_index_that_cannot_be_read_stops_nothing(teacher, learner):
    teacher.publish({"a.txt": "a\n"})
    learner.sync()
    learner.write({"a.txt": "mine\n"})
    (learner / ".git/index").write_bytes(b"DIRC no index")
    teacher.publish({"b.txt": "b\n"})
    learner.sync()
    assert learner.files() == {"a.txt": "mine\n", "b.txt": "b\n"}
