# Makes the numbers of ReferenceNumbersTest: python3 reference_numbers.py > reference_numbers.txt
# Needs numpy and scipy (Debian: apt install python3-scipy). Lines: name, shape, values.
import numpy as np
from scipy import special, signal

def show(name, a):
    a = np.asarray(a, dtype=np.float64)
    shape = ",".join(map(str, a.shape))
    print(name + ";" + shape + ";" + ",".join(repr(float(v)) for v in a.reshape(-1)))

def ramp(*shape):
    """Numbers that need no random generator: sin(1), sin(2), ..."""
    return np.sin(np.arange(1, np.prod(shape) + 1, dtype=np.float64)).reshape(shape)

def pad(x, p, value=0.0):
    return np.pad(x, ((0, 0), (0, 0), (p[0], p[1]), (p[2], p[3])), constant_values=value)

def conv(x, w, strides, p, dilations, groups):
    """Through scipy.signal.correlate2d, plane by plane."""
    x = pad(x, p)
    n, ci, _, _ = x.shape
    co, cg, kh, kw = w.shape
    big = np.zeros((co, cg, (kh - 1) * dilations[0] + 1, (kw - 1) * dilations[1] + 1))
    big[:, :, :: dilations[0], :: dilations[1]] = w
    planes = []
    for b in range(n):
        for o in range(co):
            first = o // (co // groups) * cg
            planes.append(sum(
                signal.correlate2d(x[b, first + c], big[o, c], mode="valid")
                for c in range(cg))[:: strides[0], :: strides[1]])
    return np.array(planes).reshape(n, co, *planes[0].shape)

def conv_transpose(x, w, strides, p):
    """Zeros between the elements, then a full convolution: scipy.signal.convolve2d."""
    n, ci, h, v = x.shape
    _, co, kh, kw = w.shape
    wide = np.zeros((n, ci, (h - 1) * strides[0] + 1, (v - 1) * strides[1] + 1))
    wide[:, :, :: strides[0], :: strides[1]] = x
    y = np.array([[sum(signal.convolve2d(wide[b, c], w[c, o]) for c in range(ci))
                   for o in range(co)] for b in range(n)])
    return y[:, :, p[0]: y.shape[2] - p[1], p[2]: y.shape[3] - p[3]]

def windows(x, k, s):
    w = np.lib.stride_tricks.sliding_window_view(x, k, axis=(2, 3))
    return w[:, :, :: s[0], :: s[1]]

grid = np.array([-30, -6.5, -3.001, -3, -2.999, -1, -0.5, -1e-3, -1e-10, 0,
                 1e-300, 1e-8, 0.1, 0.7, 1.5, 2.5, 2.9999, 3, 3.5, 5, 6, 27.5])
show("grid", grid)
show("erf", special.erf(grid))
show("sigmoid", special.expit(grid))
show("gelu_exact", grid * special.ndtr(grid))
show("softmax_axis1", special.softmax(3 * ramp(2, 5, 3), axis=1))
show("softmax_huge", special.softmax(np.array([[1000.0, 999.0, -1000.0]]), axis=-1))
show("cross_entropy", -(np.abs(ramp(4, 3)) * special.log_softmax(5 * ramp(4, 3), axis=-1)).sum(-1))
show("matmul_broadcast", np.matmul(ramp(2, 1, 3, 4), ramp(3, 4, 2)))
show("conv_strided", conv(ramp(2, 4, 6, 5), ramp(6, 2, 3, 2), (2, 1), (1, 0, 2, 1), (1, 2), 2))
show("conv_transpose", conv_transpose(ramp(1, 2, 3, 4), ramp(2, 3, 3, 2), (2, 3), (1, 0, 0, 1)))
x = ramp(1, 2, 6, 7)
show("max_pool", windows(pad(x, (1, 1, 0, 1), -np.inf), (3, 2), (2, 3)).max((-1, -2)))
ones = pad(np.ones_like(x), (1, 1, 0, 1))
total = windows(pad(x, (1, 1, 0, 1)), (3, 2), (2, 3)).sum((-1, -2))
show("avg_pool_exclude", total / windows(ones, (3, 2), (2, 3)).sum((-1, -2)))
show("avg_pool_include", total / 6)
