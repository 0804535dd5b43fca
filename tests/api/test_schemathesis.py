"""The specification is kept: whatever is sent, no 500, no answer that the specification does not announce."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from palier.api.openapi import specification
from tests.api.conftest import Programme
from tests.api.test_imports import manifest, open_tables

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXEMPLES = 12


@schemathesis.serializer(
    "application/pdf",
    "application/octet-stream",
    "application/zip",
    "application/x-ndjson",
    "application/jsonl",
    "text/csv",
)
def raw(_context: Any, value: Any) -> bytes:
    """Send as it is what is not JSON."""
    held = getattr(value, "data", value)
    return held if isinstance(held, bytes) else str(held).encode("utf-8", "replace")


@pytest.fixture
def schema(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The specification as it is served, over the real WSGI application, with an import that exists."""
    monkeypatch.setattr("palier.api.machine.DEBIT", 10**9)
    number = open_tables(programme)
    programme.put(f"/imports/{number}/tables/tiers", b"id;nature;nom\n1;PM;A\n")
    found = json.loads(json.dumps(specification("fr")))
    for path in found["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                if parameter["name"] == "import_id":
                    parameter["examples"] = {"un": {"value": number}}
    content = found["paths"]["/api/v1/imports"]["post"]["requestBody"]["content"]
    content["application/json"]["examples"] = {"un": {"value": json.loads(manifest())}}
    loaded = schemathesis.openapi.from_dict(found)
    loaded.app = get_wsgi_application()
    # The real server closes its connections between two requests; here the test's transaction lives in one.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield loaded
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _trial(operation: Any, mode: GenerationMode, secret: str, codes: set[int]) -> Callable[[], None]:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXEMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Any) -> None:
        response = case.call(headers={"Authorization": f"Bearer {secret}"})
        codes.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    return run


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_operation_keeps_its_word(schema: Any, programme: Programme, mode: GenerationMode) -> None:
    seen: dict[str, set[int]] = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        codes = seen.setdefault(operation.label, set())

        run = _trial(operation, mode, programme.secret, codes)
        try:
            run()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE  # nothing wrong can be said to this operation
    assert len(seen) == sum(len(path) for path in specification("fr")["paths"].values())
    assert any(max(codes, default=0) >= 400 for codes in seen.values())
    assert mode is GenerationMode.NEGATIVE or any(min(codes) < 300 for codes in seen.values())
