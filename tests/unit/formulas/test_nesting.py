r"""How deep the converter goes into itself: a stack that is too small for it ends the process."""

import subprocess
import sys

import pytest

from pelican_mlnotes.formulas.convert import MAX_OPEN, Converter, Formula

FLAT = r"""
\hat x + | \hat x | \log x | \sum_i x_i | \alpha | \frac12 | \sqrt[3]{x} | \cdot x | f(x) | \mathrm{x}
\left(x\right) | \langle x\rangle + | \bigl(x\bigr) | \dots + | {\bf x} | ∑_i x | \textcolor{red}{x}
x! + | \mathbf x
\begin{matrix} \hat a & b \end{matrix} | \lvert x \rvert +
"""
NESTED = r"""
\hat | \log | \sum_i | ∑ | ∫_0^1 | \frac1 | \dots | \displaystyle x | \bf x | \sqrt[3] | \log\quad
\color{red} x | \langle x | \not | \underset a | x\rangle | x!
"""
FLAT, NESTED = (
    [unit.strip() + " " for unit in text.replace("\n", "|").split("|") if unit.strip()]
    for text in (FLAT, NESTED)
)
IN_A_SMALL_STACK = """
import sys, threading
from math_core import LatexToMathML
from pelican_mlnotes.formulas.convert import Converter, Formula
converter = Converter()
library = converter._library()
class Watched:
    def convert_with_local_state(self, tex, displaystyle):
        def run():
            try:
                library.convert_with_local_state(tex, displaystyle=displaystyle)
            except BaseException:
                pass
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        return "<math></math>"
brackets = converter._brackets
for tex in sys.stdin.read().split("\\n"):
    converter._convert_page([Formula(tex, False)], "", [])  # learns its commands
    converter._done.clear()
    threading.stack_size(256 * 1024)
    converter._libraries[True] = Watched()
    converter._convert_page([Formula(tex, False)], "", [])
    converter._libraries[True] = library
    threading.stack_size(0)
print("done")
"""


@pytest.fixture(scope="module")
def reason():
    converter = Converter()

    def reason(tex):
        _, faults = converter.convert_marked(Formula(tex, False).marked())
        return faults[0].reason if faults else None

    return reason


@pytest.mark.parametrize("unit", FLAT)
def test_commands_that_follow_each_other_are_not_nested(reason, unit):
    times = 9_000 // len(unit)
    assert reason(unit * min(times, 400)) is None


@pytest.mark.parametrize("unit", NESTED)
def test_commands_that_take_each_other_in_are_refused(reason, unit):
    assert "nested in each other" in (reason(unit * 300) or "")


def test_no_formula_that_is_let_through_overflows_a_small_stack():
    under = [unit * number for unit in NESTED for number in (MAX_OPEN // 3, MAX_OPEN - 2, MAX_OPEN)]
    under += [unit * (9_000 // len(unit)) for unit in (*FLAT, *NESTED)]
    result = subprocess.run(
        [sys.executable, "-c", IN_A_SMALL_STACK], input="\n".join(under), capture_output=True, text=True
    )
    assert (result.returncode, result.stdout.strip()) == (0, "done"), result.stderr[-500:]
