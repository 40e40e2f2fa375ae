"""Tests of the gateway."""

import pytest

pytest.register_assert_rewrite("tests.gateway.office", "tests.gateway.waiting")
