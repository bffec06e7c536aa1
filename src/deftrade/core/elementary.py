"""Elementary functions with the same bits on every processor.

NumPy takes `exp`, `log`, `power` and their kin from whatever library suits the processor (its own code for
AVX-512, the C library elsewhere), and these differ in the last bit. A tender decided by such a bit makes
another world within years. So these functions use nothing but what IEEE 754 defines to the last bit:
additions, multiplications, divisions, square roots, comparisons and scaling by powers of two. Their errors
are of the size of the rounding of one such operation (`power`: times the logarithm of the result).

Arguments are finite numbers, or arrays of them, of any shape; results have their broadcast shape.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from functools import cache, lru_cache
from math import factorial
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from deftrade.core.arrays import Float


def _constants(*values: float) -> tuple[Float, ...]:
    """Return numbers as arrays without axes: NumPy takes them faster than Python's numbers."""
    return tuple(np.array(value) for value in values)


def _coefficients(*values: float) -> tuple[Float, ...]:
    """Return the coefficients of a polynomial, given from the constant upwards, the highest first."""
    return _constants(*reversed(values))


_ONE, _TWO, _HALF, _QUARTER, _TURN = _constants(1.0, 2.0, 0.5, 0.25, 2.0 * np.pi)
_LN2_HIGH, _LN2_LOW = _constants(6.93147180369123816490e-01, 1.90821492927058770002e-10)
_LN2, _ONE_BY_LN2 = _constants(6.93147180559945286227e-01, 1.44269504088896338700e00)
_LOWEST, _HIGHEST = _constants(-746.0, 709.782712893384 + 1.0)
"""Between these, `exp` is neither nothing nor beyond all numbers."""
_CELLS = 512
"""Parts into which `log` cuts the numbers from one half to one; the rest is then below their 512th part."""
_CELLS_BELOW_ONE = np.array(2.0 * _CELLS)
_DIGITS = 24
"""Decimal digits with which the cells' logarithms are computed before they are rounded to 17."""

# Sun Microsystems' fdlibm (1993), e_exp.c: the even part of r (e^r + 1) / (e^r - 1), near 2.
_EXP = _coefficients(
    1.66666666666666019037e-01,
    -2.77777777770155933842e-03,
    6.61375632143793436117e-05,
    -1.65339022054652515390e-06,
    4.13813679705723846039e-08,
)
# Taylor: ln(1 + r), from its square on; the sine of up to a quarter turn.
_LOG = _coefficients(-0.5, 1 / 3, -0.25, 0.2)
_SINE = _coefficients(*((1 - 2 * (term % 2)) / factorial(2 * term + 1) for term in range(11)))
# fdlibm, e_acos.c: the arc sine's bend.
_ARC_TOP = _coefficients(
    1.66666666666666657415e-01,
    -3.25565818622400915405e-01,
    2.01212532134862925881e-01,
    -4.00555345006794114027e-02,
    7.91534994289814532176e-04,
    3.47933107596021167570e-05,
)
_ARC_BOTTOM = _coefficients(
    1.0,
    -2.40339491173441421878e00,
    2.02094576023350569471e00,
    -6.88283971605453293030e-01,
    7.70381505559019352791e-02,
)

# Wichura (1988), algorithm AS 241: ratios of polynomials for the middle of the normal and for its tails.
_MIDDLE_TOP = _coefficients(
    3.3871328727963666080e0,
    1.3314166789178437745e2,
    1.9715909503065514427e3,
    1.3731693765509461125e4,
    4.5921953931549871457e4,
    6.7265770927008700853e4,
    3.3430575583588128105e4,
    2.5090809287301226727e3,
)
_MIDDLE_BOTTOM = _coefficients(
    1.0,
    4.2313330701600911252e1,
    6.8718700749205790830e2,
    5.3941960214247511077e3,
    2.1213794301586595867e4,
    3.9307895800092710610e4,
    2.8729085735721942674e4,
    5.2264952788528545610e3,
)
_TAIL_TOP = _coefficients(
    1.42343711074968357734e0,
    4.63033784615654529590e0,
    5.76949722146069140550e0,
    3.64784832476320460504e0,
    1.27045825245236838258e0,
    2.41780725177450611770e-1,
    2.27238449892691845833e-2,
    7.74545014278341407640e-4,
)
_TAIL_BOTTOM = _coefficients(
    1.0,
    2.05319162663775882187e0,
    1.67638483018380384940e0,
    6.89767334985100004550e-1,
    1.48103976427480074590e-1,
    1.51986665636164571966e-2,
    5.47593808499534494600e-4,
    1.05075007164441684324e-9,
)


def exp(x: ArrayLike) -> Any:
    """Return e to the power of ``x``."""
    limited = np.minimum(np.maximum(x, _LOWEST), _HIGHEST)
    twos = np.rint(limited * _ONE_BY_LN2)
    high = limited - twos * _LN2_HIGH
    low = twos * _LN2_LOW
    rest = high - low
    square = rest * rest
    bent = rest - square * _polynomial(square, _EXP)
    rest *= bent
    # 1 + high + rest bent / (2 - bent) - low, smallest first.
    low -= rest / (_TWO - bent)
    low -= high
    return np.ldexp(_ONE - low, twos.astype(np.int32))


def log(x: ArrayLike) -> Any:
    """Return the natural logarithm of ``x``: minus infinity for zero, not a number below.

    Near one, where it is small, its error is that of a sum of parts below one: some 1e-16.
    """
    given = np.asarray(x, dtype=np.float64)
    mantissa, twos = np.frexp(given)
    cell = (mantissa * _CELLS_BELOW_ONE).astype(np.intp)
    cell -= _CELLS
    inverse, logarithm = _cells()
    rest = mantissa * inverse.take(cell, mode="clip")
    rest -= _ONE
    bent = _polynomial(rest, _LOG)
    bent *= rest
    bent *= rest
    bent += rest
    # In this order numbers just above one lose nothing: there the cell's logarithm undoes the two's.
    result = twos * _LN2
    result += logarithm.take(cell, mode="clip")
    result += bent
    if np.minimum.reduce(given, axis=None, initial=1.0) <= 0:
        result = np.where(given > 0, result, np.where(given == 0, -np.inf, np.nan))
    return result


def log1p(x: ArrayLike) -> Any:
    """Return the logarithm of one plus ``x``, good for small numbers too."""
    given = np.asarray(x, dtype=np.float64)
    whole = given + _ONE
    return log(whole) - ((whole - _ONE) - given) / whole


def log2(x: ArrayLike) -> Any:
    """Return the logarithm of ``x`` to base 2."""
    return log(x) / _LN2


def tanh(x: ArrayLike) -> Any:
    """Return the hyperbolic tangent of ``x``."""
    fallen = exp(-2.0 * np.abs(x))
    return np.copysign((1.0 - fallen) / (1.0 + fallen), x)


def logistic(x: ArrayLike) -> Any:
    """Return the logistic function of ``x``: the share of logistic luck that lies below it."""
    return 0.5 + 0.5 * tanh(np.divide(x, 2))


def cosine(turns: ArrayLike) -> Any:
    """Return the cosine of an angle in full turns."""
    given = np.asarray(turns, dtype=np.float64)
    # As the sine of an angle between minus and plus a quarter.
    angle = np.abs(given - np.floor(given) - _HALF)
    angle -= _QUARTER
    angle *= _TURN
    return angle * _polynomial(angle * angle, _SINE)


def arccos(x: ArrayLike) -> Any:
    """Return the angle, radians, whose cosine is ``x``, which is between -1 and 1."""
    given = np.asarray(x, dtype=np.float64)
    size = np.abs(given)
    inner = size < 0.5
    square = np.where(inner, size * size, 0.5 * (1.0 - size))
    root = np.where(inner, size, np.sqrt(square))
    bend = square * _polynomial(square, _ARC_TOP) / _polynomial(square, _ARC_BOTTOM)
    angle = root + root * bend
    return np.where(
        inner, 0.5 * np.pi - np.copysign(angle, given), np.where(given < 0, np.pi - 2.0 * angle, 2.0 * angle)
    )


def normal_quantile(share: ArrayLike) -> Any:
    """Return the value below which a standard normal lies with a probability between 1e-10 and 1 - 1e-10.

    Wichura (1988), algorithm AS 241, without its part for the farthest tails.
    """
    given = np.asarray(share, dtype=np.float64)
    off = given - 0.5
    near = 0.180625 - off * off
    middle = off * _polynomial(near, _MIDDLE_TOP) / _polynomial(near, _MIDDLE_BOTTOM)
    far = np.sqrt(-log(np.minimum(given, 1.0 - given))) - 1.6
    tail = np.copysign(_polynomial(far, _TAIL_TOP) / _polynomial(far, _TAIL_BOTTOM), off)
    return np.where(np.abs(off) <= 0.425, middle, tail)


def power(base: ArrayLike, exponent: ArrayLike) -> Any:
    """Return ``base`` to the power of ``exponent``; the base is not negative.

    Exponents 0 and 1 give 1 and the base exactly, which settings that switch something off rely on.
    """
    if isinstance(base, float) and isinstance(exponent, float):
        return _power(base, exponent)
    if isinstance(exponent, float | int):
        return _simple(np.asarray(base, dtype=np.float64), float(exponent))
    one, nothing = np.equal(exponent, 1), np.equal(exponent, 0)
    result = exp(np.where(nothing, 0.0, exponent) * log(np.where(nothing, 1.0, base)))
    return np.where(one, base, result)


def _simple(base: Float, exponent: float) -> Float:
    """Return powers with one exponent; quarters of a year ask for fourth roots."""
    if exponent == 0:
        return np.ones(base.shape)
    if exponent == 1:
        return base.copy()
    if exponent in (0.25, 0.5):
        root = np.sqrt(base)
        return root if exponent == 0.5 else np.sqrt(root)
    return np.asarray(exp(exponent * log(base)))


@lru_cache(maxsize=1024)
def _power(base: float, exponent: float) -> float:
    """Return the power of two numbers; those of yearly rates are asked for again and again."""
    return float(power(np.array(base), exponent))


def _polynomial(x: Float, coefficients: tuple[Float, ...]) -> Float:
    """Return a polynomial by Horner's rule, for coefficients from the highest to the constant."""
    value = x * coefficients[0]
    for coefficient in coefficients[1:-1]:
        value += coefficient
        value *= x
    value += coefficients[-1]
    return value


@cache
def _cells() -> tuple[Float, Float]:
    """Return for each cell of `log` the inverse of its middle, and minus the logarithm of that.

    The first and the last cell have their outer edge for a middle, so that the logarithm of one is zero.
    Computed when first asked for, as most commands that run nothing need no logarithm.
    """
    middle = (np.arange(_CELLS, 2 * _CELLS) + 0.5) / (2 * _CELLS)
    middle[0], middle[-1] = 0.5, 1.0
    inverse = 1.0 / middle
    with localcontext(prec=_DIGITS):
        logarithm = np.array([-float(Decimal(number).ln()) for number in inverse.tolist()])
    return inverse, logarithm
