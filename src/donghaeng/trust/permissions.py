"""Who of the staff may do what: the one table that every route, command and page asks."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """What somebody is at work. An account has exactly one."""

    COUNSELLOR = "counsellor"
    SUPERVISOR = "supervisor"
    KNOWLEDGE_OWNER = "knowledge_owner"
    REVIEWER = "reviewer"
    OFFICIAL = "official"
    SERVICE_OWNER = "service_owner"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing that may be allowed."""

    CONSOLE = "console"
    """Be in the console at all: its first page, its state links, one's own logout."""
    DESK = "desk"
    """See the queue and the day's figures, claim conversations, talk to citizens."""
    TRANSCRIPT_READ = "transcript_read"
    """Read the masked transcript of any conversation; each look is recorded with its purpose."""
    ACCESSES_READ = "accesses_read"
    """See who looked at which conversation."""
    KNOWLEDGE_EDIT = "knowledge_edit"
    """Add, change and withdraw the agent's documents."""
    REVIEW = "review"
    """Turn conversations that failed into examples, words, passages and rules."""
    PUBLISH = "publish"
    """Be the second person who lets a change take effect."""
    SERVICES = "services"
    """Write services, try drafts out, ask for their publishing."""
    SWITCH = "switch"
    """Switch all answers of the machine off, and on again."""
    STATUS = "status"
    """See how the installation stands: engines, providers, database, backup."""
    TOWER = "tower"
    """See the control tower's process, bring evidence and ideas, ask for reviews."""
    TOWER_REVIEW = "tower_review"
    """Approve or reject what others ask for in the process, set deadlines."""
    TOWER_STOP = "tower_stop"
    """Suspend a service, knowledge, an engine or a system: it answers citizens no more."""
    TARGETS = "targets"
    """See data cases, the targets board and what it is counted from."""
    CASES = "cases"
    """Run data cases, and write down what was done with what they found."""
    CASES_REVIEW = "cases_review"
    """Give the verdict of another department on a data case's run."""
    ALLIANCE = "alliance"
    """Keep the alliance: import its tables, sign bodies up for events."""
    FIGURES = "figures"
    """See the control tower's figures, acknowledge its alerts, take its reports: counts, nothing personal."""
    OFFICE = "office"
    """Use the assistant for officials."""
    LEARNING = "learning"
    """Take lessons, practise calls, see one's own plan and certificates."""
    LEARNING_REVIEW = "learning_review"
    """Judge projects that others hand in for their certificates."""
    REGISTER = "register"
    """Read and write the register of AI systems."""
    REGISTER_PUBLISH = "register_publish"
    """Be the second person who lets a record out, or takes it back."""


_EVERYBODY = frozenset({Permission.CONSOLE, Permission.LEARNING})
_COUNSELLOR = _EVERYBODY | {Permission.DESK}

PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = MappingProxyType(
    {
        Role.COUNSELLOR: _COUNSELLOR,
        Role.SUPERVISOR: _COUNSELLOR
        | {Permission.TRANSCRIPT_READ, Permission.REVIEW, Permission.PUBLISH, Permission.SERVICES}
        | {Permission.SWITCH, Permission.STATUS, Permission.FIGURES}
        | {Permission.TOWER, Permission.TOWER_REVIEW, Permission.TOWER_STOP}
        | {Permission.TARGETS, Permission.ALLIANCE, Permission.CASES, Permission.CASES_REVIEW}
        | {Permission.LEARNING_REVIEW},
        Role.KNOWLEDGE_OWNER: _EVERYBODY | {Permission.KNOWLEDGE_EDIT, Permission.REVIEW, Permission.TOWER},
        Role.REVIEWER: _EVERYBODY
        | frozenset(
            {Permission.TRANSCRIPT_READ, Permission.REVIEW, Permission.PUBLISH}
            | {Permission.SERVICES, Permission.REGISTER, Permission.REGISTER_PUBLISH}
            | {Permission.TOWER, Permission.TOWER_REVIEW, Permission.TARGETS, Permission.FIGURES}
            | {Permission.CASES_REVIEW, Permission.LEARNING_REVIEW}
        ),
        Role.OFFICIAL: _EVERYBODY
        | frozenset(
            {Permission.OFFICE, Permission.REGISTER, Permission.TOWER}
            | {Permission.TARGETS, Permission.ALLIANCE, Permission.FIGURES, Permission.CASES}
        ),
        Role.SERVICE_OWNER: _EVERYBODY | {Permission.SERVICES, Permission.TOWER},
        # An administrator keeps accounts and watches accesses: no talk of a citizen comes with that.
        Role.ADMIN: _EVERYBODY
        | frozenset(
            {Permission.ACCESSES_READ, Permission.SWITCH, Permission.STATUS}
            | {Permission.TOWER, Permission.TOWER_STOP, Permission.TARGETS, Permission.FIGURES}
        ),
    }
)
"""What each role may do."""


SECOND_FACTOR: Final[frozenset[Role]] = frozenset(Role)
"""Roles that log in by a password and a second factor; DONGHAENG_SECOND_FACTOR names others instead. Whoever
has none yet takes one over at the first login, before anything else."""


def may(role: Role, permission: Permission) -> bool:
    """Whether ``role`` has ``permission``."""
    return permission in PERMISSIONS[role]
