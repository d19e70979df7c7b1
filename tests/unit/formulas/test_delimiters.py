"""Dollar signs set off formulas, and amounts of money, and the variables of many languages."""

import pytest

from pelican_mlnotes.formulas.delimiters import find_formulas

NO_FORMULAS = r"""
$HOME and $PATH, then paid 5$
$HOME and $PATH, then paid 5$.
It costs $5, or 10$ of theirs
$5 and $10
US$ 3, US$ 4
from $5-$10 per hour
between $0.50 and $1.20 per million tokens
$5/$6 and 7$.
a $1M to 2M$ round
$20/month, 30$/month
($5) or ($6)
**$5** or **$x**
*$x* and *$y*
set $x=5 and $y=6
$CUDA_VISIBLE_DEVICES=$GPU
export PATH=$PATH:$HOME/bin:$PATH
${HOME}/bin:${PATH}
$(pwd)/x:$(date)
$HOME/$user
$HOME$PATH
PHP has $foo, $bar and $baz
$foo,$bar
Perl's $_ and $x, costs 5$
$@ and $<, $^
kill $$; echo $$
df$col and df$other
$AAPL, $TSLA and $GOOG
$AAPL/$TSLA
$AAPL rose 5%, I paid 5$
USD ($) to AUD (A$)
the sign ("$") is used for variables, as in "$"
$HOME和$PATH，然后付了5$
5$ and 10$, 20$ in all
I had $100, spent 20$ (on x) and kept 80$
$1 and $2 are arguments
a $ b $ c
jQuery's $(x) and $('y')
$.ajax and $.get
regex ^a$|^b$
$10k MRR, $20k ARR
$5K–$10K
raised $6.6 billion at $157 billion
$3,000 (A100) vs $30,000 (H100)
costs $2.50/hr (or 20$/day)
$PATH or $HOME/.profile, "$SHELL"
$1,000
he paid $5 for it; she paid $6
my $name = "x"; print "$name"
$i++ and $j--
cost: $5; price: 6$
Set $OMP_NUM_THREADS to 4, $MKL_NUM_THREADS to 8
$env:PATH and $env:HOME
$HOME is /root and 5$
${{ secrets.TOKEN }} and ${{ github.ref }}
$5M ARR to 10M$ ARR
$n costs $5
C$ 5 and R$ 6
5 $ and 6 $
$USD, $EUR and others: 5$
"""

# A text, and the formulas in it.
FORMULAS = [
    ("$x$", ["x"]),
    (r"that a$\mu_k$ is", [r"\mu_k"]),
    ("the $k$th and $n$-gram", ["k", "n"]),
    ("$5$ and $10$ layers", ["5", "10"]),
    ("$x_1$, $x_2$", ["x_1", "x_2"]),
    ("For $5 you get $n$ runs of $x_1$.", ["n", "x_1"]),
    ("$a$$b$ and $c$", ["a", "b", "c"]),
    ("$O(n log n)$", ["O(n log n)"]),
    ("a $3 x 3$ kernel", ["3 x 3"]),
    (r"$3 \times 3$", [r"3 \times 3"]),
    ("$2 * precision * recall / (precision + recall)$", ["2 * precision * recall / (precision + recall)"]),
    ("$TP / (TP + FN)$", ["TP / (TP + FN)"]),
    ("$learning rate$", ["learning rate"]),
    ("$MSE$ and $MAE$", ["MSE", "MAE"]),
    ("$x = 5$, $y=6$.", ["x = 5", "y=6"]),
    ("$P(spam | money) = P(money | spam) P(spam)$", ["P(spam | money) = P(money | spam) P(spam)"]),
    ("$(x, y)$", ["(x, y)"]),
    ("$.5$", [".5"]),
    ("$x$-axis", ["x"]),
    ("$f'$s", ["f'"]),
    ("($x$)", ["x"]),
    ('"$x$"', ["x"]),
    ("$10^{-3}$ costs $5", ["10^{-3}"]),
    (r"$$ x \text{ if $y$} $$", [r"x \text{ if $y$}"]),
    ("$$x$$ and $$y$$", ["x", "y"]),
    (r"$\text{accuracy of the model}$", [r"\text{accuracy of the model}"]),
    (r"$\$5$", [r"\$5"]),
    (r"costs \$5 and $x$", ["x"]),
    ("$x,y,z$", ["x,y,z"]),
    (r"$i=1,2,\ldots,n$", [r"i=1,2,\ldots,n"]),
    ("$k$ of $n$ for $5", ["k", "n"]),
    ("其中$x$是输入，$y$是输出", ["x", "y"]),
    (r"$\theta$s", [r"\theta"]),
    ("$p < 0.05$", ["p < 0.05"]),
    (r"$1-\epsilon$", [r"1-\epsilon"]),
    ("$n!$", ["n!"]),
    ("$[0, 1]$", ["[0, 1]"]),
    (r"$\mathbf{x}$,$\mathbf{y}$", [r"\mathbf{x}", r"\mathbf{y}"]),
    ("$5, ($n$ runs)", ["n"]),
    ("$5/$n$", ["n"]),
    (r"$80\%$ of it", [r"80\%"]),
    ("$80%$ of it", ["80%"]),
    (
        r"$\mathcal{L} = \text{loss of all the things we know and love}$",
        [r"\mathcal{L} = \text{loss of all the things we know and love}"],
    ),
    ("$D_{KL}(p || q)$", ["D_{KL}(p || q)"]),
    (
        "$accuracy = correct predictions / total predictions$",
        ["accuracy = correct predictions / total predictions"],
    ),
    (r"$x \in R^n$ and $HOME", [r"x \in R^n"]),
    ("$softmax(QK^T)V$", ["softmax(QK^T)V"]),
    ("$a\n+b$", ["a\n+b"]),
    ("$-1$", ["-1"]),
    ("$+$", ["+"]),
    (r"$\sim$", [r"\sim"]),
    ("$Q$-learning", ["Q"]),
    (r"$\epsilon$-greedy, $5", [r"\epsilon"]),
    ("$KL$s", ["KL"]),
]


def found(text):
    return [one.formula.tex for one in find_formulas(text)]


@pytest.mark.parametrize("text", NO_FORMULAS.strip().splitlines())
def test_money_and_variables_are_no_formulas(text):
    assert found(text) == []


@pytest.mark.parametrize(("text", "formulas"), FORMULAS)
def test_formulas_are_found_beside_money_and_words(text, formulas):
    assert found(text) == formulas
