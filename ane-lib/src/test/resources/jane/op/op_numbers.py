# Makes the cases of OpNumbersTest: python3 op_numbers.py > op_numbers.txt
# Needs numpy and scipy (Debian: apt install python3-scipy). A case is MIL text, which leaves out
# what has a default, with inputs and the results that NumPy and SciPy give.
import numpy as np
from scipy import special

KINDS = {"f": "fp32", "i": "int32", "b": "bool", "u": "uint8", "c": "int8", "h": "uint16"}

class Typed:
    def __init__(self, kind, values):
        self.kind, self.a = kind, np.asarray(values, dtype=np.float64)

    def mil(self):
        shape = ", ".join(map(str, self.a.shape))
        return KINDS[self.kind] if not self.a.shape else f"tensor<{KINDS[self.kind]}, [{shape}]>"

    def line(self, what):
        dims = ",".join(map(str, self.a.shape))
        return f"{what};{KINDS[self.kind]};{dims};" + ",".join(repr(float(v)) for v in self.a.reshape(-1))

def f(a): return Typed("f", a)
def i(a): return Typed("i", a)
def b(a): return Typed("b", a)

def typed(a):
    return a if isinstance(a, Typed) else f(a)

def case(call, inputs, *outputs):
    """call: a MIL call that reads x0, x1, ..."""
    print("call;" + call)
    for k, x in enumerate(map(typed, inputs)):
        print(x.line(f"in;{x.mil()} x{k}"))
    for k, y in enumerate(map(typed, outputs)):
        print(y.line(f"out;{y.mil()} y{k}"))

def ramp(*shape):
    """Numbers that need no random generator: sin(1), sin(2), ..."""
    return np.sin(np.arange(1, np.prod(shape) + 1, dtype=np.float64)).reshape(shape)

def ints(*v):
    return f"tensor<int32, [{len(v)}]>([{', '.join(map(str, v))}])"

def bools(*v):
    return f"tensor<bool, [{len(v)}]>([{', '.join('true' if x else 'false' for x in v)}])"

x = np.array([-7.5, -2.5, -1.5, -1, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 3.75, 6.5, 12])
small = np.array([-0.9, -0.5, -0.1, 0, 0.3, 0.7, 0.95])
pos = np.array([0.01, 0.5, 1, 2, 7.5])
pairs = (np.array([7.5, -7.5, 7.5, -7.5, 6, -6, 0]), np.array([2, 2, -2, -2, 3, 3, 5.0]))

# one input, element by element
for name, fn in {
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh,
    "exp2": np.exp2, "floor": np.floor, "ceil": np.ceil, "round": np.round, "abs": np.abs,
    "sign": np.sign, "square": np.square, "softplus": lambda v: np.logaddexp(0, v),
    "softsign": lambda v: v / (1 + np.abs(v)), "relu6": lambda v: np.clip(v, 0, 6),
    "sigmoid": special.expit, "tanh": np.tanh, "silu": lambda v: v * special.expit(v),
    "gelu": lambda v: v * special.ndtr(v), "relu": lambda v: np.maximum(v, 0), "erf": special.erf,
    "exp": np.exp, "identity": lambda v: v,
}.items():
    case(f"{name}(x = x0)", [x], fn(x))
for name, fn in {"asin": np.arcsin, "acos": np.arccos, "atanh": np.arctanh}.items():
    case(f"{name}(x = x0)", [small], fn(small))
case("log(x = x0)", [pos], np.log(pos))
case("sqrt(x = x0)", [pos], np.sqrt(pos))
case("rsqrt(x = x0)", [pos], (pos + 1e-12) ** -0.5)
case("rsqrt(x = x0, epsilon = fp32(0.25))", [pos], (pos + 0.25) ** -0.5)
case("inverse(x = x0)", [pos], 1 / (pos + 1e-4))
case("inverse(x = x0, epsilon = fp32(0x1p-1))", [pos], 1 / (pos + 0.5))
case("threshold(x = x0, alpha = fp32(0.5))", [x], np.maximum(x, 0.5))
case("clip(x = x0, alpha = fp32(-1.0), beta = fp32(2.0))", [x], np.clip(x, -1, 2))
case("leaky_relu(x = x0, alpha = fp32(0.125))", [x], np.where(x >= 0, x, 0.125 * x))
case("elu(x = x0, alpha = fp32(0.5))", [x], np.where(x > 0, x, 0.5 * np.expm1(x)))
case("thresholded_relu(x = x0, alpha = fp32(0.5))", [x], np.where(x >= 0.5, x, 0))
case("clamped_relu(x = x0, alpha = fp32(0.25), beta = fp32(3.0))", [x],
     np.minimum(3, np.where(x >= 0, x, 0.25 * x)))
case("linear_activation(x = x0, alpha = fp32(0.25), beta = fp32(3.0))", [x], 0.25 * x + 3)
case("scaled_tanh(x = x0, alpha = fp32(2.0), beta = fp32(0.5))", [x], 2 * np.tanh(0.5 * x))
case("sigmoid_hard(x = x0, alpha = fp32(0.25), beta = fp32(0.5))", [x], np.clip(0.25 * x + 0.5, 0, 1))
r = 3 * ramp(2, 3, 2, 2)
alpha, beta = np.array([0.25, -0.5, 2]), np.array([1.0, -2, 0.5])
along = lambda v: v.reshape(1, 3, 1, 1)
case("prelu(x = x0, alpha = x1)", [r, alpha], np.where(r > 0, r, along(alpha) * r))
case("softplus_parametric(x = x0, alpha = x1, beta = x2)", [r, alpha, beta],
     along(alpha) * np.log1p(np.exp(along(beta) * r)))
case('gelu(x = x0, mode = string("TANH_APPROXIMATION"))', [x],
     0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x ** 3))))
case('gelu(x = x0, mode = string("SIGMOID_APPROXIMATION"))', [x], x * special.expit(1.702 * x))
case('cast(x = x0, dtype = string("int32"))', [x], i(np.trunc(x)))

# two inputs
for name, fn in {
    "floor_div": np.floor_divide, "mod": np.mod, "real_div": np.divide, "maximum": np.maximum,
    "minimum": np.minimum, "add": np.add, "sub": np.subtract, "mul": np.multiply,
}.items():
    case(f"{name}(x = x0, y = x1)", pairs, fn(*pairs))
case("pow(x = x0, y = x1)", [pos, np.float64(1.5)], pos ** 1.5)
for name, fn in {
    "equal": np.equal, "not_equal": np.not_equal, "less": np.less, "less_equal": np.less_equal,
    "greater": np.greater, "greater_equal": np.greater_equal,
}.items():
    case(f"{name}(x = x0, y = x1)", [x, x[::-1]], b(fn(x, x[::-1])))
p, q = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
for name, fn in {"logical_and": np.logical_and, "logical_or": np.logical_or, "logical_xor": np.logical_xor}.items():
    case(f"{name}(x = x0, y = x1)", [b(p), b(q)], b(fn(p, q)))
case("logical_not(x = x0)", [b(p)], b(1 - p))
case("select(cond = x0, a = x1, b = x2)", [b(p), ramp(4), ramp(2, 4)], np.where(p, ramp(4), ramp(2, 4)))

# reductions
r = 2 * ramp(2, 3, 4)
for name, fn in {
    "sum": np.sum, "mean": np.mean, "max": np.max, "min": np.min, "prod": np.prod,
    "sum_square": lambda v, **k: np.sum(v * v, **k),
    "l1_norm": lambda v, **k: np.sum(np.abs(v), **k),
    "l2_norm": lambda v, **k: np.sqrt(np.sum(v * v, **k)),
    "log_sum_exp": special.logsumexp,
}.items():
    case(f"reduce_{name}(x = x0)", [r], fn(r))
    case(f"reduce_{name}(x = x0, axes = {ints(-1, 0)}, keep_dims = bool(true))", [r],
         fn(r, axis=(0, 2), keepdims=True))
case(f"reduce_log_sum(x = x0, axes = {ints(1)})", [np.abs(r)], np.log(np.abs(r).sum(1)))
case("reduce_log_sum_exp(x = x0)", [np.array([1000.0, 1000.0])], np.float64(1000 + np.log(2)))
case("reduce_argmax(x = x0)", [r], i(r.argmax(-1)))
case('reduce_argmin(x = x0, axis = int32(1), keep_dims = bool(true), output_dtype = string("uint16"))',
     [r], Typed("h", r.argmin(1)[:, None]))
case("argsort(x = x0)", [r], i(np.argsort(-r, -1, kind="stable")))
case("argsort(x = x0, axis = int32(0), ascending = bool(true))", [r], i(np.argsort(r, 0, kind="stable")))
order = np.argsort(-r, -1, kind="stable")
case("topk(x = x0, k = int32(2))", [r], np.take_along_axis(r, order, -1)[..., :2], i(order[..., :2]))
case("topk(x = x0)", [r], np.take_along_axis(r, order, -1)[..., :1], i(order[..., :1]))
case("topk(x = x0, k = int32(-1), axis = int32(1), ascending = bool(true), return_indices = bool(false))",
     [r], np.sort(r, 1))
case("cumsum(x = x0)", [r], np.cumsum(r, 0))
case("cumsum(x = x0, axis = int32(-1), exclusive = bool(true), reverse = bool(true))", [r],
     np.cumsum(r[..., ::-1], -1)[..., ::-1] - r)
case("softmax(x = x0)", [r], special.softmax(r, -1))

# normalisation
def normal(v, axes, eps):
    return (v - v.mean(axes, keepdims=True)) / np.sqrt(v.var(axes, keepdims=True) + eps)
gain, shift = np.array([0.5, 1.5, -1]), np.array([0.1, -0.2, 0.3])
case("layer_norm(x = x0)", [r], normal(r, (0, 1, 2), 1e-5))
case(f"layer_norm(x = x0, axes = {ints(-1, 1)}, gamma = x1, epsilon = fp32(0.25))", [r, ramp(3, 4)],
     normal(r, (1, 2), 0.25) * ramp(3, 4))
case(f"layer_norm(x = x0, axes = {ints(2)}, gamma = x1, beta = x2)", [r, ramp(4), ramp(4) / 2],
     normal(r, 2, 1e-5) * ramp(4) + ramp(4) / 2)
case(f"layer_norm(x = x0, axes = {ints(2)}, beta = x1)", [r, ramp(4)], normal(r, 2, 1e-5) + ramp(4))
img = 3 * ramp(2, 3, 2, 2)
mean, var = np.array([0.1, -0.5, 1]), np.array([0.5, 2, 0.1])
std = along(np.sqrt(var + 1e-5))
case("batch_norm(x = x0, mean = x1, variance = x2)", [img, mean, var], (img - along(mean)) / std)
case("batch_norm(x = x0, mean = x1, variance = x2, gamma = x3, beta = x4)", [img, mean, var, gain, shift],
     (img - along(mean)) / std * along(gain) + along(shift))
case("instance_norm(x = x0)", [img], normal(img, (2, 3), 1e-5))
case("instance_norm(x = x0, gamma = x1, beta = x2, epsilon = fp32(0.5))", [img, gain, shift],
     normal(img, (2, 3), 0.5) * along(gain) + along(shift))
case("l2_norm(x = x0)", [img], img / np.sqrt((img ** 2).sum((1, 2, 3), keepdims=True) + 1e-6))
def response(v, size, alpha, beta, k):
    padded = np.pad(v ** 2, ((0, 0), (size // 2, (size - 1) // 2), (0, 0), (0, 0)))
    total = sum(padded[:, s:s + v.shape[1]] for s in range(size))
    return v / (k + alpha / size * total) ** beta
case("local_response_norm(x = x0, size = int32(2))", [img], response(img, 2, 1e-4, 0.75, 1))
case("local_response_norm(x = x0, size = int32(5), alpha = fp32(2.0), beta = fp32(0.5), k = fp32(0.5))",
     [img], response(img, 5, 2, 0.5, 0.5))

# shapes and parts
case(f"reshape(x = x0, shape = {ints(0, -1)})", [ramp(2, 6)], ramp(2, 6))
case(f"reshape(x = x0, shape = {ints(4, -1)})", [r], r.reshape(4, 6))
case(f"transpose(x = x0, perm = {ints(-1, 0, 1)})", [r], r.transpose(2, 0, 1))
case(f"expand_dims(x = x0, axes = {ints(-1, 0)})", [ramp(2)], ramp(1, 2, 1))
case("squeeze(x = x0)", [ramp(1, 2, 1)], ramp(2))
case(f"squeeze(x = x0, axes = {ints(-1, 1)})", [ramp(1, 2, 1)], ramp(1, 2))
case(f"slice_by_index(x = x0, begin = {ints(0, -2, 1)}, end = {ints(2, 3, -1)})", [r], r[0:2, -2:3, 1:-1])
case(f"slice_by_index(x = x0, begin = {ints(1, 0, 3)}, end = {ints(0, 0, 0)}, stride = {ints(1, 2, -1)}, "
     f"begin_mask = {bools(0, 1, 0)}, end_mask = {bools(0, 1, 1)}, squeeze_mask = {bools(1, 0, 0)})",
     [r], r[1, ::2, 3::-1])
case(f"slice_by_index(x = x0, begin = {ints(0, 0, -100)}, end = {ints(100, -5, 100)})", [r], r[0:100, 0:-5, -100:])
case(f"slice_by_index(x = x0, begin = {ints(-1, -1, -1)}, end = {ints(0, 0, 0)}, "
     f"squeeze_mask = {bools(1, 1, 1)})", [r], r[-1, -1, -1])
case(f"slice_by_size(x = x0, begin = {ints(1, 0, -2)}, size = {ints(1, 2, -1)})", [r], r[1:2, 0:2, -2:])
case(f"crop(x = x0, crop_height = {ints(1, 0)}, crop_width = {ints(1, 2)})", [r], r[:, 1:, 1:-2])
case("split(x = x0, num_splits = int32(2), axis = int32(-1))", [r], r[..., :2], r[..., 2:])
case(f"split(x = x0, split_sizes = {ints(1, 0, 2)}, axis = int32(1))", [r], r[:, :1], r[:, 1:1], r[:, 1:])
case("reverse(x = x0)", [r], r[::-1, ::-1, ::-1])
case(f"reverse(x = x0, axes = {ints(-2)})", [r], r[:, ::-1])
w = np.lib.stride_tricks.sliding_window_view(r, 2, axis=2)
case("sliding_windows(x = x0, axis = int32(-1), size = int32(2))", [r], w)
case("sliding_windows(x = x0, axis = int32(1), size = int32(2), stride = int32(2))", [r],
     np.lib.stride_tricks.sliding_window_view(r, 2, axis=1).transpose(0, 1, 3, 2)[:, ::2])
case("concat(values = (x0, x1), axis = int32(-2))", [r, r[:, :1]], np.concatenate([r, r[:, :1]], 1))
case("concat(values = (x0, x1), axis = int32(0), interleave = bool(true))", [ramp(2, 3), -ramp(2, 3)],
     np.stack([ramp(2, 3), -ramp(2, 3)], 1).reshape(4, 3))
case("stack(values = (x0, x1), axis = int32(-1))", [ramp(2, 3), -ramp(2, 3)],
     np.stack([ramp(2, 3), -ramp(2, 3)], -1))
case(f"tile(x = x0, reps = {ints(1, 2, 3)})", [r], np.tile(r, (1, 2, 3)))
case(f"pad(x = x0, pad = {ints(1, 2)})", [r], np.pad(r, ((0, 0), (0, 0), (1, 2))))
case(f'pad(x = x0, pad = {ints(1, 0, 2, 3)}, mode = string("reflect"))', [r],
     np.pad(r, ((0, 0), (1, 0), (2, 3)), "reflect"))
case(f'pad(x = x0, pad = {ints(1, 1, 0, 2, 4, 3)}, mode = string("replicate"))', [r],
     np.pad(r, ((1, 1), (0, 2), (4, 3)), "edge"))
case(f"fill(shape = {ints(2, 3)})", [], np.zeros((2, 3)))
case(f"fill(shape = {ints(2, 3)}, value = int32(7))", [], i(np.full((2, 3), 7)))
case("range_1d(start = fp32(1.5), end = fp32(-2.0), step = fp32(-0.5))", [], np.arange(1.5, -2, -0.5))
case("range_1d(start = int32(2), end = int32(11), step = int32(3))", [], i(np.arange(2, 11, 3)))
at = np.array([[0, 2], [1, 5]])
case("one_hot(indices = x0, one_hot_vector_size = int32(3))", [i(at)], i(at[..., None] == np.arange(3)))
case("one_hot(indices = x0, one_hot_vector_size = int32(3), axis = int32(0), on_value = fp32(2.0), "
     "off_value = fp32(-1.0))", [i(at)], np.where(at == np.arange(3).reshape(3, 1, 1), 2.0, -1))
case("band_part(x = x0)", [r], r)
case("band_part(x = x0, lower = int32(1), upper = int32(0))", [r], np.triu(np.tril(r), -1))
case("shape(x = x0)", [r], i([2, 3, 4]))

# indices
k = np.array([[2, 0], [1, 1]])
case("gather(x = x0, indices = x1)", [ramp(3, 2), i(k)], ramp(3, 2)[k])
case("gather(x = x0, indices = x1, axis = int32(-1))", [r, i([3, 0, 0])], r[..., [3, 0, 0]])
case("gather(x = x0, indices = x1, axis = int32(2), batch_dims = int32(1))", [r, i(k)],
     np.stack([r[0][:, k[0]], r[1][:, k[1]]]))
m = np.array([[2, 0, 1, 1], [0, 0, 0, 2]]).reshape(2, 1, 4)
case("gather_along_axis(x = x0, indices = x1, axis = int32(1))", [r, i(m)], np.take_along_axis(r, m, 1))
case("gather_along_axis(x = x0, indices = x1)", [ramp(3, 2), i(k)], np.take_along_axis(ramp(3, 2), k, 0))
def scattered(data, at, updates, op):
    y = data.copy(); op.at(y, at, updates); return y
d, u = ramp(3, 2), ramp(4, 2) + 1.5
for mode, op in {"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide,
                 "max": np.maximum, "min": np.minimum}.items():
    case(f'scatter(data = x0, indices = x1, updates = x2, mode = string("{mode}"))',
         [d, i([0, 2, 0, 2]), u], scattered(d, [0, 2, 0, 2], u, op))
upd = d.copy(); upd[[0, 2]] = u[:2]
case('scatter(data = x0, indices = x1, updates = x2, mode = string("update"))', [d, i([0, 2]), u[:2]], upd)
case("scatter(data = x0, indices = x1, updates = x2)", [d, i([1]), u[:1]], scattered(d, [1], u[:1], np.add))
y = d.copy(); np.add.at(y, (k, np.arange(2)[None, :] + 0 * k), u[:2])
case("scatter_along_axis(data = x0, indices = x1, updates = x2)", [d, i(k), u[:2]], y)

# products
case("linear(x = x0, weight = x1)", [r, ramp(5, 4)], r @ ramp(5, 4).T)
case("linear(x = x0, weight = x1, bias = x2)", [ramp(4), ramp(5, 4), ramp(5)], ramp(5, 4) @ ramp(4) + ramp(5))
case("matmul(x = x0, y = x1)", [r, ramp(4, 2)], r @ ramp(4, 2))
case("matmul(x = x0, y = x1, transpose_x = bool(true), transpose_y = bool(true))", [r, ramp(5, 3)],
     r.transpose(0, 2, 1) @ ramp(5, 3).T)
a4, b4 = ramp(2, 3, 4, 5), ramp(2, 5, 4, 2)
case('einsum(values = (x0, x1), equation = string("nchw,nwhu->nchu"))', [a4, b4],
     np.einsum("nchw,nwhu->nchu", a4, b4))
case('einsum(values = (x0, x1), equation = string("nchw,nwhu->nchu"))', [a4, b4[:1, :, :1]],
     np.einsum("nchw,nwhu->nchu", a4, np.broadcast_to(b4[:1, :, :1], b4.shape)))
case('einsum(values = (x0, x1), equation = string("chw,whr->chr"))', [a4[0], b4[0]],
     np.einsum("chw,whr->chr", a4[0], b4[0]))
def attention(q, key, v, mask=0):
    return special.softmax(q @ key.swapaxes(-1, -2) / np.sqrt(q.shape[-1]) + mask, -1) @ v
qq, kk, vv = ramp(2, 3, 4), 2 * ramp(2, 5, 4), ramp(2, 5, 2)
call = "scaled_dot_product_attention(query = x0, key = x1, value = x2"
case(call + ")", [qq, kk, vv], attention(qq, kk, vv))
case(call + ", attn_mask = x3)", [qq, kk, vv, ramp(3, 5)], attention(qq, kk, vv, ramp(3, 5)))
keep = np.tril(np.ones((3, 5)))
case(call + ", attn_mask = x3)", [qq, kk, vv, b(keep)], attention(qq, kk, vv, np.where(keep, 0, -np.inf)))

# images
def conv1(v, w, stride, dilation, pad):
    v = np.pad(v, ((0, 0), (0, 0), pad))
    size = (v.shape[2] - dilation * (w.shape[2] - 1) - 1) // stride + 1
    out = np.zeros((v.shape[0], w.shape[0], size))
    for o in range(size):
        out[:, :, o] = np.einsum("nck,ock->no", v[:, :, o * stride:o * stride + dilation * (w.shape[2] - 1) + 1:dilation], w)
    return out
l, wl = ramp(2, 3, 8), ramp(4, 3, 3)
case("conv(x = x0, weight = x1, bias = x2)", [l, wl, ramp(4)], conv1(l, wl, 1, 1, (0, 0)) + ramp(4)[None, :, None])
case(f'conv(x = x0, weight = x1, strides = {ints(2)}, pad_type = string("custom"), pad = {ints(1, 2)}, '
     f"dilations = {ints(2)})", [l, wl], conv1(l, wl, 2, 2, (1, 2)))
v3, w3 = ramp(1, 2, 3, 3, 3), ramp(2, 2, 2, 2, 2)
win = np.lib.stride_tricks.sliding_window_view(v3, (2, 2, 2), axis=(2, 3, 4))
case("conv(x = x0, weight = x1)", [v3, w3], np.einsum("ncdhwijk,ocijk->nodhw", win, w3))
def transposed(v, w, stride):
    out = np.zeros((v.shape[0], w.shape[1], (v.shape[2] - 1) * stride + w.shape[2]))
    for t in range(v.shape[2]):
        out[:, :, t * stride:t * stride + w.shape[2]] += np.einsum("nc,cok->nok", v[:, :, t], w)
    return out
wt = ramp(3, 2, 3)
full = transposed(l, wt, 2)
case(f"conv_transpose(x = x0, weight = x1, strides = {ints(2)}, bias = x2)", [l, wt, ramp(2)],
     full + ramp(2)[None, :, None])
case(f'conv_transpose(x = x0, weight = x1, strides = {ints(2)}, pad_type = string("same"))', [l, wt], full[:, :, :16])
case(f'conv_transpose(x = x0, weight = x1, strides = {ints(2)}, pad_type = string("custom"), pad = {ints(1, 1)}, '
     f"output_shape = {ints(2, 2, 18)})", [l, wt], np.pad(full[:, :, 1:], ((0, 0), (0, 0), (0, 2))))
def pooled(v, k, s, fn, ceil):
    """Windows beyond the end are cut, which is what rounding up means."""
    n = v.shape[-1]
    count = (-(-(n - k) // s) if ceil else (n - k) // s) + 1
    if ceil and (count - 1) * s >= n:
        count -= 1
    return np.stack([fn(v[..., o * s:o * s + k]) for o in range(count)], -1)
last = lambda fn: lambda v: fn(v, axis=-1)
for name, fn in {"max_pool": np.max, "avg_pool": np.mean,
                 "l2_pool": lambda v, axis: np.sqrt((v * v).sum(axis))}.items():
    args = f'kernel_sizes = {ints(3)}, strides = {ints(2)}, pad_type = string("valid")'
    case(f"{name}(x = x0, {args})", [l], pooled(l, 3, 2, last(fn), False))
    case(f"{name}(x = x0, {args}, ceil_mode = bool(true))", [l], pooled(l, 3, 2, last(fn), True))
case(f'avg_pool(x = x0, kernel_sizes = {ints(2)}, pad_type = string("custom"), pad = {ints(1, 0)})', [l],
     (np.pad(l, ((0, 0), (0, 0), (1, 0)))[..., :-1] + l) / 2)
case(f'max_pool(x = x0, kernel_sizes = {ints(2, 2, 2)}, pad_type = string("valid"))', [v3], win.max((-1, -2, -3)))
small4 = ramp(1, 2, 2, 3)
case("upsample_nearest_neighbor(x = x0)", [small4], small4)
case("upsample_nearest_neighbor(x = x0, scale_factor_height = int32(2), scale_factor_width = fp32(3.0))",
     [small4], small4.repeat(2, 2).repeat(3, 3))
case("resize_nearest_neighbor(x = x0, target_size_height = int32(3), target_size_width = int32(5))", [small4],
     small4[:, :, [0, 0, 1]][:, :, :, [0, 0, 1, 1, 2]])
def grid(size, out, how):
    o = np.arange(out)
    at = {"STRICT_ALIGN_CORNERS": o * (size - 1) / max(1, out - 1),
          "ALIGN_CORNERS": o * (size - 1) / (out - 1) if out > 1 else np.array([(size - 1) / 2]),
          "DEFAULT": o * size / out,
          "OFFSET_CORNERS": (o + 0.5) * max(1, size - 1) / out,
          "UNALIGN_CORNERS": (o + 0.5) * size / out - 0.5}[how]
    return np.clip(at, 0, size - 1)
def bilinear(v, h, w, how):
    rows = np.stack([np.apply_along_axis(lambda c: np.interp(grid(len(c), h, how), np.arange(len(c)), c), 2, v)])[0]
    return np.apply_along_axis(lambda c: np.interp(grid(len(c), w, how), np.arange(len(c)), c), 3, rows)
up = "upsample_bilinear(x = x0, scale_factor_height = fp32(2.5), scale_factor_width = int32(2)"
case(up + ")", [small4], bilinear(small4, 5, 6, "STRICT_ALIGN_CORNERS"))
case(up + ", align_corners = bool(false))", [small4], bilinear(small4, 5, 6, "UNALIGN_CORNERS"))
case(up + ", align_corners = bool(false), half_pixel_centers = bool(false))", [small4],
     bilinear(small4, 5, 6, "DEFAULT"))
for how in ["STRICT_ALIGN_CORNERS", "ALIGN_CORNERS", "DEFAULT", "OFFSET_CORNERS", "UNALIGN_CORNERS"]:
    case(f'resize_bilinear(x = x0, target_size_height = int32(5), target_size_width = int32(1), '
         f'sampling_mode = string("{how}"))', [small4], bilinear(small4, 5, 1, how))
case("resize_bilinear(x = x0)", [small4], small4[:, :, :1, :1])
deep = ramp(2, 8, 2, 3)
case("depth_to_space(x = x0, block_size = int32(2))", [deep],
     deep.reshape(2, 2, 2, 2, 2, 3).transpose(0, 3, 4, 1, 5, 2).reshape(2, 2, 4, 6))
case("pixel_shuffle(x = x0, upscale_factor = int32(2))", [deep],
     deep.reshape(2, 2, 2, 2, 2, 3).transpose(0, 1, 4, 2, 5, 3).reshape(2, 2, 4, 6))
wide = ramp(2, 2, 4, 6)
case("space_to_depth(x = x0, block_size = int32(2))", [wide],
     wide.reshape(2, 2, 2, 2, 3, 2).transpose(0, 3, 5, 1, 2, 4).reshape(2, 8, 2, 3))
case("pixel_unshuffle(x = x0, downscale_factor = uint32(2))", [wide],
     wide.reshape(2, 2, 2, 2, 3, 2).transpose(0, 1, 3, 5, 2, 4).reshape(2, 8, 2, 3))

# shapes from elsewhere
r = ramp(2, 3, 4)
case("fill_like(ref_tensor = x0)", [r], np.zeros((2, 3, 4)))
case("fill_like(ref_tensor = x0, value = int32(-3))", [r], i(np.full((2, 3, 4), -3)))
case("flatten2d(x = x0)", [r], r.reshape(2, 12))
for axis, rows in {0: 1, 2: 6, 3: 24, -1: 6, -3: 1}.items():
    case(f"flatten2d(x = x0, axis = int32({axis}))", [r], r.reshape(rows, -1))
case("reshape_like(x = x0, ref_tensors = (x1, x2), begins = (int32(1), int32(-2)), "
     "ends = (int32(3), int32(0)), end_masks = (bool(false), bool(true)))",
     [r, ramp(5, 2, 6), i(np.zeros((7, 2, 1)))], r.reshape(2, 6, 2, 1))

# parts put in
def updated(x, at, v):
    y = x.copy()
    y[at] = v
    return y

v = 10 + ramp(2, 2, 4)
case(f"slice_update(x = x0, update = x1, begin = {ints(0, 1, 0)}, end = {ints(2, 3, 4)})", [r, v],
     updated(r, np.s_[:, 1:3], v))
v = 10 + ramp(2, 2)
case(f"slice_update(x = x0, update = x1, begin = {ints(0, -1, 3)}, end = {ints(2, 0, 0)}, "
     f"stride = {ints(1, 1, -2)}, begin_mask = {bools(1, 0, 0)}, end_mask = {bools(0, 0, 1)}, "
     f"squeeze_mask = {bools(0, 1, 0)})", [r, v], updated(r, np.s_[:, -1, 3::-2], v))
turned = r.copy()
turned[0, :2], turned[1, :3] = r[0, 1::-1], r[1, ::-1]
case("reverse_sequence(x = x0, lengths = x1, seq_axis = int32(1))", [r, i([2, 3])], turned)
turned = r.copy()
turned[:, :, 3] = r[::-1, :, 3]
case("reverse_sequence(x = x0, lengths = x1, batch_axis = int32(-1))", [r, i([0, 1, 0, 2])], turned)

# 8 bits
scale, zero = np.array([0.5, 0.25, 2]), np.array([3, -3, 0])
act = 40 * ramp(2, 3)
case('quantize(input = x0, scale = x1, output_dtype = string("int8"))', [act, np.float64(0.25)],
     Typed("c", np.clip(np.round(act / 0.25), -128, 127)))
case('quantize(input = x0, scale = x1, zero_point = x2, output_dtype = string("int8"), axis = int32(-1))',
     [act, scale, Typed("c", zero)], Typed("c", np.clip(np.round(act / scale) + zero, -128, 127)))
eight = np.array([[0, 200, 255], [3, 2, 1]])
case("dequantize(input = x0, scale = x1)", [Typed("u", eight), np.float64(0.5)], 0.5 * eight)
case("dequantize(input = x0, scale = x1, zero_point = x2, axis = int32(1))",
     [Typed("u", eight), scale, Typed("u", np.abs(zero))], scale * (eight - np.abs(zero)))
