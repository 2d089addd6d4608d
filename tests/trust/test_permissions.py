"""The permission table."""

from __future__ import annotations

import pytest

from donghaeng.trust.permissions import PERMISSIONS, Permission, Role, may

TALKS = {Role.COUNSELLOR, Role.SUPERVISOR}


def test_every_role_has_its_line_and_every_permission_a_holder() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert set().union(*PERMISSIONS.values()) == set(Permission)
    assert all(may(role, Permission.CONSOLE) for role in Role)


def test_only_counsellors_talk_and_an_administrator_reads_nobody() -> None:
    assert {role for role in Role if may(role, Permission.DESK)} == TALKS
    readers = {role for role in Role if may(role, Permission.TRANSCRIPT_READ)}
    assert readers == {Role.SUPERVISOR, Role.REVIEWER}
    assert {role for role in Role if may(role, Permission.ACCESSES_READ)} == {Role.ADMIN}
    assert {role for role in Role if may(role, Permission.SWITCH)} == {Role.SUPERVISOR, Role.ADMIN}


def test_who_writes_knowledge_does_not_publish_it() -> None:
    assert not may(Role.KNOWLEDGE_OWNER, Permission.PUBLISH)


def test_who_lets_records_out_also_reads_them_and_others_write() -> None:
    publishers = {role for role in Role if may(role, Permission.REGISTER_PUBLISH)}
    writers = {role for role in Role if may(role, Permission.REGISTER)}
    assert publishers == {Role.REVIEWER}
    assert writers == {Role.REVIEWER, Role.OFFICIAL}


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        PERMISSIONS[Role.OFFICIAL] = frozenset(Permission)  # type: ignore[index]
