"""A linter of official Korean: rules of form (행정업무규정 제7조) and of plain words (국어기본법 제14조).

Rules are data (``catalogue/office``); what a date or an outline looks like is code. Pure, but for
:mod:`~donghaeng.office.lint.loading`, which reads the rules, and :mod:`~donghaeng.office.lint.files`.
"""
