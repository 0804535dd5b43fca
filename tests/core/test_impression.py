"""A process forked from one that has printed prints too: typst's threads do not survive a fork."""

import os
import signal

import pytest
import typst

from palier.core.impression import compile_model, draw_png

MODELE = b"#set document(title: sys.inputs.titre)\n= #sys.inputs.titre"


def _compile(titre: str) -> bytes:
    return compile_model(MODELE, format="pdf", sys_inputs={"titre": titre}, timestamp=0)


def test_a_forked_process_prints_the_same_bytes() -> None:
    here = _compile("Relevé")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(60)  # rather ended than waiting for ever
        try:
            os.write(writing, _compile("Relevé"))
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        there = pipe.read()
    os.waitpid(child, 0)
    assert there == here
    assert there.startswith(b"%PDF")


def test_a_model_that_cannot_be_read_is_refused_in_a_forked_process_as_here() -> None:
    with pytest.raises(typst.TypstError):
        compile_model(b"#inconnu", format="pdf")
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        os._exit(0 if draw_png(b"#inconnu", {}) is None else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
