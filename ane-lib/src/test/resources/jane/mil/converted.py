# Makes the programs of ConvertedProgramsTest: python3 converted.py converted
# Texts as coremltools and Core ML's compiler print them, a weight file for each, and the results that NumPy gives in
# double with element i of every input (7 i mod 23 - 11) / 8. Needs numpy and scipy (Debian: apt install python3-scipy).
import os, struct, sys
import numpy as np
from scipy import special

CODES = {"fp16": 1, "fp32": 2, "uint8": 3, "int8": 4, "int4": 8, "uint1": 9, "uint4": 11}
BITS = {"fp16": 16, "fp32": 32, "uint8": 8, "int8": 8, "int4": 4, "uint1": 1, "uint4": 4}
WEIGHTS = "@model_path/weights/weight.bin"
random = np.random.default_rng(20261127)

def feed(shape):
    n = int(np.prod(shape))
    return ((np.arange(n) * 7 % 23 - 11) / 8).reshape(shape)

def half(*shape):
    """Random weights that fp16 holds."""
    return np.round(random.uniform(-1, 1, shape) * 64) / 64

def ref(name):
    return ("ref", name)

def packed(dtype, a):
    flat = a.reshape(-1)
    if dtype == "fp16": return flat.astype("<f2").tobytes()
    if dtype == "fp32": return flat.astype("<f4").tobytes()
    bits = BITS[dtype]
    out = bytearray((flat.size * bits + 7) // 8)
    for i, v in enumerate(flat):
        raw = int(v) & ((1 << bits) - 1)
        for k in range(bits):
            if raw >> k & 1: out[(i * bits + k) // 8] |= 1 << (i * bits + k) % 8
    return bytes(out)

def hexed(v):
    """As C's %a prints it."""
    digits, power = float(v).hex().split("p")
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits) + "p" + power

class Model:
    def __init__(self, name, opset, inputs, old=False, note=""):
        self.name, self.old, self.lines, self.blobs = name, old, [], []
        s = "tensor<string, []>" if old else "string"
        head = ("program(1.0)" if old else "program(1.3)") + "\n[buildInfo = dict<%s, %s>({{\"coremlc-component-MIL\", \"3404.16.1\"}, {\"coremlc-version\", \"3404.23.1\"}, {\"coremltools-component-torch\", \"2.5.0\"}, {\"coremltools-source-dialect\", \"TorchScript\"}, {\"coremltools-version\", \"8.1\"}})]\n{\n" % (s, s)
        params = ", ".join(("state<%s> %s" if t.startswith("!") else "%s %s") % (self.type(t.lstrip("!"), d), n) for n, t, d in inputs)
        self.head = head + "    func main<%s>(%s)%s {\n" % (opset, params, note)
        self.expected = {}

    def type(self, dtype, shape):
        if not len(shape) and not self.old: return dtype
        return "tensor<%s, [%s]>" % (dtype, ", ".join(map(str, shape)))

    def string(self, text):
        return ('tensor<string, []>("%s")' if self.old else 'string("%s")') % text

    def line(self, results, call, attrs):
        self.lines.append("            %s = %s[%s];" % (results, call, attrs))

    def value(self, v):
        """Type and value of a Python constant."""
        if isinstance(v, str):
            return ("tensor<string, []>" if self.old else "string"), self.string(v)
        if isinstance(v, bool):
            t = self.type("bool", [])
            return t, "%s(%s)" % (t, str(v).lower())
        if isinstance(v, int):
            t = self.type("int32", [])
            return t, "%s(%d)" % (t, v)
        if isinstance(v, np.float32):
            t = self.type("fp32", [])
            return t, "%s(%s)" % (t, hexed(v))
        if isinstance(v, float):
            t = self.type("fp16", [])
            return t, "%s(%s)" % (t, hexed(np.float16(v)))
        dtype = "bool" if isinstance(v[0], bool) else "int32"
        t = self.type(dtype, [len(v)])
        return t, "%s([%s])" % (t, ", ".join(str(e).lower() for e in v))

    def blob(self, dtype, a):
        at = 64 + sum(64 + (len(p) + 63) // 64 * 64 for _, p, _ in self.blobs)
        self.blobs.append((dtype, packed(dtype, a), a.size))
        t = self.type(dtype, a.shape)
        place = "tensor<uint64, []>(%d)" if self.old else "uint64(%d)"
        return "%s(BLOBFILE(path = %s, offset = %s))" % (t, self.string(WEIGHTS), place % at)

    def weight(self, name, a, dtype="fp16"):
        t = self.type(dtype, a.shape)
        self.line("%s %s" % (t, name), "const()", "name = %s, val = %s" % (self.string(name), self.blob(dtype, a)))
        return ref(name)

    def inline(self, name, a, dtype):
        t = self.type(dtype, a.shape)
        text = "%s(%s)" % (t, np.asarray(a).tolist())
        self.line("%s %s" % (t, name), "const()", "name = %s, val = %s" % (self.string(name), text))
        return ref(name)

    def op(self, name, op, results, **args):
        """results: (dtype, shape) or a list of (name, dtype, shape)."""
        given = {}
        for arg in sorted(args):
            v = args[arg]
            if isinstance(v, tuple) and v[0] == "ref":
                given[arg] = v[1]
            elif isinstance(v, list) and v and isinstance(v[0], tuple):
                given[arg] = "(" + ", ".join(r[1] for r in v) + ")"
            else:
                n = "%s_%s_0" % (name, arg)
                t, text = self.value(v)
                self.line("%s %s" % (t, n), "const()", "name = %s, val = %s" % (self.string(n), text))
                given[arg] = n
        if isinstance(results, tuple):
            results = [(name,) + results]
        left = ", ".join("%s %s" % (self.type(t, s), n) for n, t, s in results)
        call = "%s(%s)" % (op, ", ".join("%s = %s" % kv for kv in given.items()))
        if left:
            self.line(left, call, "name = %s" % self.string(name))
        else:
            self.lines.append("            %s[name = %s];" % (call, self.string(name)))
        return ref(name)

    def constexpr(self, name, op, dtype, dims, **args):
        """All arguments in the attribute list, as for iOS 16."""
        attrs = ["name = " + self.string(name)]
        for arg in sorted(args):
            v = args[arg]
            if isinstance(v, tuple) and isinstance(v[0], str):
                attrs.append("%s = %s" % (arg, self.blob(v[0], v[1])))
            elif isinstance(v, np.ndarray):
                attrs.append("%s = %s(%s)" % (arg, self.type("uint32", v.shape), v.tolist()))
            elif isinstance(v, list):  # a number of a type of its own
                attrs.append("%s = %s(%s)" % (arg, self.type(v[0], []), v[1]))
            else:
                attrs.append("%s = %s" % (arg, self.value(v)[1]))
        self.line("%s %s" % (self.type(dtype, dims), name), op + "()", ", ".join(attrs))
        return ref(name)

    def done(self, **expected):
        folder = sys.argv[1]
        with open(os.path.join(folder, self.name + ".mil"), "w") as f:
            shown = [n for n in expected if not n.startswith("next_")]
            f.write(self.head + "\n".join(self.lines) + "\n        } -> (%s);\n}\n" % ", ".join(shown))
        with open(os.path.join(folder, self.name + ".txt"), "w") as f:
            for n, a in expected.items():
                f.write("%s: %s\n" % (n, " ".join("%.6g" % v for v in np.asarray(a, dtype=float).reshape(-1))))
        with open(os.path.join(folder, self.name + ".bin"), "wb") as f:
            f.write(struct.pack("<II", len(self.blobs), 2).ljust(64, b"\0"))
            for dtype, payload, count in self.blobs:
                spare = len(payload) * 8 - count * BITS[dtype]
                f.write(struct.pack("<IIQQQ", 0xDEADBEEF, CODES[dtype], len(payload), f.tell() + 64, spare).ljust(64, b"\0"))
                f.write(payload.ljust((len(payload) + 63) // 64 * 64, b"\0"))

def conv(x, w, bias=None, stride=1, pad=(0, 0, 0, 0), dilation=1, groups=1):
    x = np.pad(x, ((0, 0), (0, 0), pad[:2], pad[2:]))
    n, c, h, wd = x.shape
    o, ci, kh, kw = w.shape
    oh = (h - dilation * (kh - 1) - 1) // stride + 1
    ow = (wd - dilation * (kw - 1) - 1) // stride + 1
    y = np.zeros((n, o, oh, ow))
    for k in range(o):
        g = k // (o // groups)
        for i in range(oh):
            for j in range(ow):
                part = x[:, g * ci:(g + 1) * ci, i * stride:i * stride + dilation * (kh - 1) + 1:dilation, j * stride:j * stride + dilation * (kw - 1) + 1:dilation]
                y[:, k, i, j] = (part * w[k]).sum((1, 2, 3)) + (0 if bias is None else bias[k])
    return y

def windows(x, k, stride, f, fill, pad=0):
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), constant_values=fill)
    oh, ow = (x.shape[2] - k) // stride + 1, (x.shape[3] - k) // stride + 1
    return np.stack([np.stack([f(x[:, :, i * stride:i * stride + k, j * stride:j * stride + k], axis=(2, 3)) for j in range(ow)], -1) for i in range(oh)], -2)

def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)

def norm(x, gamma, beta, eps):
    m = x.mean(-1, keepdims=True)
    return (x - m) / np.sqrt(((x - m) ** 2).mean(-1, keepdims=True) + eps) * gamma + beta

# 1. A classifier of iOS 15: verbose types, biases, two poolings, batch norm, fp32 at the borders.
def classifier():
    m = Model("classifier", "ios15", [("image", "fp32", (1, 3, 8, 8))], old=True,
              note=' [FlexibleShapeInformation = tuple<tuple<tensor<string, []>, dict<tensor<string, []>, tensor<int32, [?]>>>, tuple<tensor<string, []>, dict<tensor<string, []>, list<tensor<int32, [2]>, ?>>>>((("DefaultShapes", {{"image", [1, 3, 8, 8]}}), ("RangeDims", {{"image", [[1, 1], [3, 3], [8, 8], [8, 8]]}})))]')
    x = m.op("image_to_fp16", "cast", ("fp16", (1, 3, 8, 8)), x=ref("image"), dtype="fp16")
    w1, b1, a = half(6, 3, 3, 3), half(6), feed((1, 3, 8, 8))
    x = m.op("input_1_cast", "conv", ("fp16", (1, 6, 8, 8)), x=x, weight=m.weight("c1_weight", w1), bias=m.weight("c1_bias", b1), strides=[1, 1], pad_type="custom", pad=[1, 1, 1, 1], dilations=[1, 1], groups=1)
    a = conv(a, w1, b1, pad=(1, 1, 1, 1))
    g, s, mean, var = half(6), half(6), half(6), np.abs(half(6)) + 0.5
    x = m.op("input_3_cast", "batch_norm", ("fp16", (1, 6, 8, 8)), x=x, mean=m.weight("bn_mean", mean), variance=m.weight("bn_var", var), gamma=m.weight("bn_g", g), beta=m.weight("bn_b", s), epsilon=1e-5)
    r = lambda v: v[None, :, None, None]
    a = (a - r(mean)) / np.sqrt(r(var) + 1e-5) * r(g) + r(s)
    x = m.op("input_5_cast", "relu", ("fp16", (1, 6, 8, 8)), x=x); a = np.maximum(a, 0)
    x = m.op("input_7_cast", "max_pool", ("fp16", (1, 6, 4, 4)), x=x, kernel_sizes=[3, 3], strides=[2, 2], pad_type="custom", pad=[1, 1, 1, 1], ceil_mode=False)
    a = windows(a, 3, 2, np.max, -np.inf, 1)
    wd = half(6, 1, 3, 3)
    x = m.op("input_9_cast", "conv", ("fp16", (1, 6, 4, 4)), x=x, weight=m.weight("dw_weight", wd), strides=[1, 1], pad_type="same", pad=[0, 0, 0, 0], dilations=[1, 1], groups=6)
    a = conv(a, wd, pad=(1, 1, 1, 1), groups=6)
    x = m.op("pool_cast", "avg_pool", ("fp16", (1, 6, 2, 2)), x=x, kernel_sizes=[2, 2], strides=[2, 2], pad_type="valid", pad=[0, 0, 0, 0], ceil_mode=False, exclude_padding_from_average=False)
    a = windows(a, 2, 2, np.mean, 0)
    x = m.op("flat_cast", "reshape", ("fp16", (1, 24)), x=x, shape=[1, -1]); a = a.reshape(1, 24)
    wf, bf = half(5, 24), half(5)
    x = m.op("linear_0_cast", "linear", ("fp16", (1, 5)), x=x, weight=m.weight("fc_weight", wf), bias=m.weight("fc_bias", bf))
    a = a @ wf.T + bf
    x = m.op("probs_cast", "softmax", ("fp16", (1, 5)), x=x, axis=-1)
    m.op("probs", "cast", ("fp32", (1, 5)), x=x, dtype="fp32")
    m.done(probs=softmax(a))

# 2. An inverted residual of iOS 17: relu6, a hard swish, squeeze and excite, an upsampled skip.
def mobile():
    m = Model("inverted-residual", "ios17", [("x", "fp16", (1, 4, 6, 6))])
    a0 = a = feed((1, 4, 6, 6))
    we, wd, wp, ws = half(8, 4, 1, 1), half(8, 1, 5, 5), half(4, 8, 1, 1), half(8, 8, 1, 1)
    x = m.op("expand_cast_fp16", "conv", ("fp16", (1, 8, 6, 6)), x=ref("x"), weight=m.weight("we_to_fp16", we), strides=[1, 1], pad_type="valid", pad=[0, 0, 0, 0], dilations=[1, 1], groups=1)
    x = m.op("act_1_cast_fp16", "relu6", ("fp16", (1, 8, 6, 6)), x=x); a = np.clip(conv(a, we), 0, 6)
    x = m.op("dw_cast_fp16", "conv", ("fp16", (1, 8, 3, 3)), x=x, weight=m.weight("wd_to_fp16", wd), strides=[2, 2], pad_type="custom", pad=[2, 2, 2, 2], dilations=[1, 1], groups=8)
    a = conv(a, wd, stride=2, pad=(2, 2, 2, 2), groups=8)
    h = m.op("gate_cast_fp16", "sigmoid_hard", ("fp16", (1, 8, 3, 3)), x=x, alpha=1 / 6, beta=0.5)
    x = m.op("swish_cast_fp16", "mul", ("fp16", (1, 8, 3, 3)), x=x, y=h); a = a * np.clip(a * np.float16(1 / 6) + 0.5, 0, 1)
    s = m.op("mean_cast_fp16", "reduce_mean", ("fp16", (1, 8, 1, 1)), x=x, axes=[2, 3], keep_dims=True)
    s = m.op("fc_cast_fp16", "conv", ("fp16", (1, 8, 1, 1)), x=s, weight=m.weight("ws_to_fp16", ws), strides=[1, 1], pad_type="valid", pad=[0, 0, 0, 0], dilations=[1, 1], groups=1)
    s = m.op("sig_cast_fp16", "sigmoid", ("fp16", (1, 8, 1, 1)), x=s)
    x = m.op("se_cast_fp16", "mul", ("fp16", (1, 8, 3, 3)), x=s, y=x); a = a * special.expit(conv(a.mean((2, 3), keepdims=True), ws))
    x = m.op("project_cast_fp16", "conv", ("fp16", (1, 4, 3, 3)), x=x, weight=m.weight("wp_to_fp16", wp), strides=[1, 1], pad_type="valid", pad=[0, 0, 0, 0], dilations=[1, 1], groups=1)
    a = conv(a, wp)
    x = m.op("up_cast_fp16", "upsample_nearest_neighbor", ("fp16", (1, 4, 6, 6)), x=x, scale_factor_height=np.float32(2), scale_factor_width=np.float32(2))
    a = a.repeat(2, 2).repeat(2, 3)
    x = m.op("sum_cast_fp16", "add", ("fp16", (1, 4, 6, 6)), x=x, y=ref("x"))
    x = m.op("cat_cast_fp16", "concat", ("fp16", (1, 8, 6, 6)), values=[x, ref("x")], axis=1, interleave=False)
    m.op("out", "leaky_relu", ("fp16", (1, 8, 6, 6)), x=x, alpha=0.125)
    a = np.concatenate([a + a0, a0], 1)
    m.done(out=np.where(a >= 0, a, a / 8))

# 3. An encoder block of iOS 17: heads by reshape and transpose, mask added, gelu, two norms.
def encoder():
    t, d, hs = 6, 16, 4
    m = Model("encoder-block", "ios17", [("hidden", "fp16", (1, t, d))])
    a = x0 = feed((1, t, d))
    g1, b1, g2, b2 = half(d), half(d), half(d), half(d)
    h = m.op("ln_1_cast_fp16", "layer_norm", ("fp16", (1, t, d)), x=ref("hidden"), axes=[-1], gamma=m.weight("g1", g1), beta=m.weight("b1", b1), epsilon=1e-5)
    n = norm(a, g1, b1, 1e-5)
    heads = {}
    for p in "qkv":
        w, b = half(d, d) / 2, half(d)
        y = m.op(p + "_cast_fp16", "linear", ("fp16", (1, t, d)), x=h, weight=m.weight("w" + p, w), bias=m.weight("bias_" + p, b))
        y = m.op(p + "_heads_cast_fp16", "reshape", ("fp16", (1, t, hs, d // hs)), x=y, shape=[1, t, hs, d // hs])
        y = m.op(p + "_t_cast_fp16", "transpose", ("fp16", (1, hs, t, d // hs)), x=y, perm=[0, 2, 1, 3])
        heads[p] = (y, (n @ w.T + b).reshape(1, t, hs, -1).transpose(0, 2, 1, 3))
    s = m.op("scores_cast_fp16", "matmul", ("fp16", (1, hs, t, t)), x=heads["q"][0], y=heads["k"][0], transpose_x=False, transpose_y=True)
    s = m.op("scaled_cast_fp16", "mul", ("fp16", (1, hs, t, t)), x=s, y=0.5)
    mask = np.triu(np.full((t, t), -1e4), 1)
    s = m.op("masked_cast_fp16", "add", ("fp16", (1, hs, t, t)), x=s, y=m.weight("mask_to_fp16", mask.reshape(1, 1, t, t)))
    s = m.op("attn_cast_fp16", "softmax", ("fp16", (1, hs, t, t)), x=s, axis=-1)
    p = softmax(heads["q"][1] @ heads["k"][1].transpose(0, 1, 3, 2) / 2 + mask)
    o = m.op("mix_cast_fp16", "matmul", ("fp16", (1, hs, t, d // hs)), x=s, y=heads["v"][0], transpose_x=False, transpose_y=False)
    o = m.op("back_cast_fp16", "transpose", ("fp16", (1, t, hs, d // hs)), x=o, perm=[0, 2, 1, 3])
    o = m.op("joined_cast_fp16", "reshape", ("fp16", (1, t, d)), x=o, shape=[1, t, -1])
    wo = half(d, d) / 2
    o = m.op("o_cast_fp16", "linear", ("fp16", (1, t, d)), x=o, weight=m.weight("wo", wo))
    x = m.op("res_1_cast_fp16", "add", ("fp16", (1, t, d)), x=ref("hidden"), y=o)
    a = x0 + (p @ heads["v"][1]).transpose(0, 2, 1, 3).reshape(1, t, d) @ wo.T
    h = m.op("ln_2_cast_fp16", "layer_norm", ("fp16", (1, t, d)), x=x, axes=[2], gamma=m.weight("g2", g2), beta=m.weight("b2", b2), epsilon=1e-5)
    w1, w2 = half(2 * d, d) / 2, half(d, 2 * d) / 4
    h = m.op("up_cast_fp16", "linear", ("fp16", (1, t, 2 * d)), x=h, weight=m.weight("w1", w1))
    h = m.op("gelu_cast_fp16", "gelu", ("fp16", (1, t, 2 * d)), x=h, mode="EXACT")
    h = m.op("down_cast_fp16", "linear", ("fp16", (1, t, d)), x=h, weight=m.weight("w2", w2))
    m.op("output", "add", ("fp16", (1, t, d)), x=x, y=h)
    u = norm(a, g2, b2, 1e-5) @ w1.T
    m.done(output=a + u * special.ndtr(u) @ w2.T)

# 4. A decoder block of iOS 18: rms norm, rotary halves by masks, the attention op, a gated silu.
def decoder():
    t, d, hs = 5, 16, 2
    e = d // hs
    m = Model("decoder-block", "ios18", [("tokens", "fp16", (1, t, d))])
    a = feed((1, t, d))
    gain = half(d) + 1
    sq = m.op("sq_cast_fp16", "mul", ("fp16", (1, t, d)), x=ref("tokens"), y=ref("tokens"))
    mean = m.op("mean_cast_fp16", "reduce_mean", ("fp16", (1, t, 1)), x=sq, axes=[-1], keep_dims=True)
    r = m.op("rsqrt_cast_fp16", "rsqrt", ("fp16", (1, t, 1)), x=mean, epsilon=1e-5)
    h = m.op("norm_cast_fp16", "mul", ("fp16", (1, t, d)), x=ref("tokens"), y=r)
    h = m.op("gain_cast_fp16", "mul", ("fp16", (1, t, d)), x=h, y=m.weight("gain", gain))
    n = a / np.sqrt((a * a).mean(-1, keepdims=True) + np.float16(1e-5)) * gain
    angle = np.arange(t)[:, None] / 10.0 ** (np.arange(e // 2) / 2)
    cos, sin = (np.float16(np.concatenate([f(angle)] * 2, -1)).astype(float) for f in (np.cos, np.sin))
    cr, sr = m.weight("cos", cos), m.weight("sin", sin)
    heads = {}
    for p in "qkv":
        w = half(d, d) / 2
        y = m.op(p + "_cast_fp16", "linear", ("fp16", (1, t, d)), x=h, weight=m.weight("w" + p, w))
        y = m.op(p + "_r_cast_fp16", "reshape", ("fp16", (1, t, hs, e)), x=y, shape=[1, t, hs, e])
        y = m.op(p + "_t_cast_fp16", "transpose", ("fp16", (1, hs, t, e)), x=y, perm=[0, 2, 1, 3])
        v = (n @ w.T).reshape(1, t, hs, e).transpose(0, 2, 1, 3)
        if p != "v":
            lo = m.op(p + "_lo_cast_fp16", "slice_by_index", ("fp16", (1, hs, t, e // 2)), x=y, begin=[0, 0, 0, 0], end=[1, hs, t, e // 2], end_mask=[True, True, True, False])
            hi = m.op(p + "_hi_cast_fp16", "slice_by_index", ("fp16", (1, hs, t, e // 2)), x=y, begin=[0, 0, 0, e // 2], end=[1, hs, t, e], end_mask=[True, True, True, True])
            neg = m.op(p + "_neg_cast_fp16", "mul", ("fp16", (1, hs, t, e // 2)), x=hi, y=-1.0)
            turned = m.op(p + "_turn_cast_fp16", "concat", ("fp16", (1, hs, t, e)), values=[neg, lo], axis=-1, interleave=False)
            c = m.op(p + "_c_cast_fp16", "mul", ("fp16", (1, hs, t, e)), x=y, y=cr)
            s = m.op(p + "_s_cast_fp16", "mul", ("fp16", (1, hs, t, e)), x=turned, y=sr)
            y = m.op(p + "_rot_cast_fp16", "add", ("fp16", (1, hs, t, e)), x=c, y=s)
            v = v * cos + np.concatenate([-v[..., e // 2:], v[..., :e // 2]], -1) * sin
        heads[p] = (y, v)
    mask = np.triu(np.full((t, t), -np.inf), 1)
    o = m.op("attn_cast_fp16", "scaled_dot_product_attention", ("fp16", (1, hs, t, e)), query=heads["q"][0], key=heads["k"][0], value=heads["v"][0], attn_mask=m.weight("mask", mask))
    v = softmax(heads["q"][1] @ heads["k"][1].transpose(0, 1, 3, 2) / np.sqrt(e) + mask) @ heads["v"][1]
    o = m.op("o_t_cast_fp16", "transpose", ("fp16", (1, t, hs, e)), x=o, perm=[0, 2, 1, 3])
    o = m.op("o_r_cast_fp16", "reshape", ("fp16", (1, t, d)), x=o, shape=[1, t, d])
    x = m.op("res_cast_fp16", "add", ("fp16", (1, t, d)), x=ref("tokens"), y=o)
    a = a + v.transpose(0, 2, 1, 3).reshape(1, t, d)
    w1, w3, w2 = half(24, d) / 4, half(24, d) / 4, half(d, 24) / 4
    g = m.op("w1_cast_fp16", "linear", ("fp16", (1, t, 24)), x=x, weight=m.weight("w1", w1))
    g = m.op("silu_cast_fp16", "silu", ("fp16", (1, t, 24)), x=g)
    u = m.op("w3_cast_fp16", "linear", ("fp16", (1, t, 24)), x=x, weight=m.weight("w3", w3))
    g = m.op("gated_cast_fp16", "mul", ("fp16", (1, t, 24)), x=g, y=u)
    g = m.op("w2_cast_fp16", "linear", ("fp16", (1, t, d)), x=g, weight=m.weight("w2", w2))
    m.op("result", "add", ("fp16", (1, t, d)), x=x, y=g)
    z = a @ w1.T
    m.done(result=a + (z * special.expit(z) * (a @ w3.T)) @ w2.T)

# 5. Slices with every mask, steps both ways, squeezed axes, axes put in and taken out.
def slices():
    m = Model("slices", "ios16", [("x", "fp16", (2, 6, 7))], old=True)
    a = feed((2, 6, 7))
    m.op("strided", "slice_by_index", ("fp16", (2, 3, 2)), x=ref("x"), begin=[0, 1, -5], end=[0, 0, -1], stride=[1, 2, 3], begin_mask=[True, False, False], end_mask=[True, True, False])
    m.op("backward", "slice_by_index", ("fp16", (2, 6, 2)), x=ref("x"), begin=[0, 0, 5], end=[2, 0, 1], stride=[1, -1, -2], begin_mask=[False, True, False], end_mask=[False, True, False], squeeze_mask=[False, False, False])
    m.op("row", "slice_by_index", ("fp16", (7,)), x=ref("x"), begin=[-1, 2, 0], end=[0, 0, 0], stride=[1, 1, 1], begin_mask=[False, False, True], end_mask=[False, False, True], squeeze_mask=[True, True, False])
    e = m.op("put_cast", "expand_dims", ("fp16", (1, 7, 1)), x=ref("row"), axes=[0, 2])
    m.op("taken", "squeeze", ("fp16", (7, 1)), x=e, axes=[0])
    m.op("sized", "slice_by_size", ("fp16", (1, 4, 3)), x=ref("x"), begin=[1, 2, 3], size=[1, -1, 3])
    m.op("padded", "pad", ("fp16", (2, 6, 10)), x=ref("x"), pad=[1, 2], mode="reflect", constant_val=0.0)
    m.done(strided=a[:, 1::2, -5:-1:3], backward=a[:, ::-1, 5:1:-2], row=a[-1, 2], taken=a[-1, 2][:, None], sized=a[1:2, 2:, 3:6], padded=np.pad(a, ((0, 0), (0, 0), (1, 2)), mode="reflect"))

# 6. Several results: splits both ways, topk with and without what has a default, argmax and gather.
def several():
    m = Model("several-results", "ios17", [("x", "fp16", (4, 9))])
    a = feed((4, 9)) + np.arange(36).reshape(4, 9) / 64
    x = m.op("spread_cast_fp16", "add", ("fp16", (4, 9)), x=ref("x"), y=m.weight("offsets", np.arange(36.).reshape(4, 9) / 64))
    m.op("split_0", "split", [("thirds_0", "fp16", (4, 3)), ("thirds_1", "fp16", (4, 3)), ("thirds_2", "fp16", (4, 3))], x=x, num_splits=3, axis=1)
    m.op("split_1", "split", [("top_rows", "fp16", (1, 9)), ("other_rows", "fp16", (3, 9))], x=x, split_sizes=[1, 3], axis=0)
    m.op("topk_0", "topk", [("values", "fp16", (4, 2)), ("indices", "int32", (4, 2))], x=x, k=2, axis=-1, ascending=False, sort=True, return_indices=True, output_indices_dtype="int32")
    m.op("topk_1", "topk", [("least", "fp16", (2, 9)), ("rows", "int32", (2, 9))], x=x, k=2, axis=0, ascending=True)
    i = m.op("best", "reduce_argmax", ("int32", (4,)), x=x, axis=1, keep_dims=False, output_dtype="int32")
    m.op("picked", "gather_along_axis", ("fp16", (4, 2)), x=x, indices=ref("indices"), axis=1, validate_indices=False)
    m.op("column", "gather", ("fp16", (4, 2)), x=x, indices=m.inline("places", np.array([8, 1]), "int32"), axis=1, batch_dims=0, validate_indices=False)
    one = m.op("hot_cast_fp16", "one_hot", ("fp16", (4, 9)), indices=i, one_hot_vector_size=9, axis=-1, on_value=1.0, off_value=0.0)
    m.op("only_best", "mul", ("fp16", (4, 9)), x=x, y=one)
    order = np.argsort(-a, 1, kind="stable")[:, :2]
    v = np.take_along_axis(a, order, 1)
    hot = np.eye(9)[a.argmax(1)]
    m.done(thirds_0=a[:, :3], thirds_2=a[:, 6:], other_rows=a[1:], values=v, indices=order, least=np.sort(a, 0)[:2], best=a.argmax(1), picked=v, column=a[:, [8, 1]], only_best=a * hot)

# 7. Weights of iOS 16 stored small, arguments in the attribute list: int8, a palette, a mask.
def small16():
    m = Model("small-weights-ios16", "ios16", [("x", "fp16", (2, 8))], old=True)
    a = feed((2, 8))
    q = random.integers(-128, 128, (8, 8)); scale = np.abs(half(8)) / 32 + 1 / 64; scale = np.float16(scale).astype(float); zero = random.integers(-9, 9, 8)
    w = m.constexpr("w1_quantized", "constexpr_affine_dequantize", "fp16", (8, 8), axis=0, quantized_data=("int8", q), scale=("fp16", scale), zero_point=("int8", zero))
    x = m.op("l1_cast", "linear", ("fp16", (2, 8)), x=ref("x"), weight=w)
    a = a @ (scale[:, None] * (q - zero[:, None])).T
    lut = half(16); idx = random.integers(0, 16, (8, 8))
    bytes4 = np.array(list(packed("uint4", idx)))
    w = m.constexpr("w2_palettized", "constexpr_lut_to_dense", "fp16", (8, 8), indices=("uint8", bytes4), lut=("fp16", lut), shape=np.array([8, 8]))
    x = m.op("l2_cast", "linear", ("fp16", (2, 8)), x=x, weight=w)
    a = a @ lut[idx].T
    keep = random.uniform(size=(3, 8)) < 0.4; vals = half(int(keep.sum()))
    w = m.constexpr("w3_sparsified", "constexpr_sparse_to_dense", "fp16", (3, 8), nonzero_data=("fp16", vals), mask=("uint8", np.array(list(packed("uint1", keep)))), shape=np.array([3, 8]))
    dense = np.zeros((3, 8)); dense[keep] = vals
    x = m.op("l3_cast", "linear", ("fp16", (2, 3)), x=x, weight=w)
    u = random.integers(0, 256, (3, 3))
    w = m.constexpr("w4_quantized", "constexpr_affine_dequantize", "fp16", (3, 3), axis=1, quantized_data=("uint8", u), scale=["fp16", "0x1p-7"], zero_point=["uint8", "128"])
    m.op("y", "linear", ("fp16", (2, 3)), x=x, weight=w)
    m.done(y=a @ dense.T @ ((u - 128) / 128).T)

# 8. Weights of iOS 18: int4 in blocks, palettes per group, joint sparse forms with two results.
def small18():
    m = Model("small-weights-ios18", "ios18", [("x", "fp16", (2, 8))])
    a = feed((2, 8))
    q = random.integers(-8, 8, (8, 8)); scale = np.abs(half(8, 2)) / 8 + 1 / 16; off = random.integers(-8, 8, (8, 2))
    w = m.op("w1_blockwise", "constexpr_blockwise_shift_scale", ("fp16", (8, 8)), data=m.weight("w1_data", q, "int4"), scale=m.weight("w1_scale", scale), offset=m.weight("w1_offset", off, "int4"))
    x = m.op("l1_cast_fp16", "linear", ("fp16", (2, 8)), x=ref("x"), weight=w)
    a = a @ (scale.repeat(4, 1) * (q - off.repeat(4, 1))).T
    idx = random.integers(0, 16, (8, 8)); lut = half(2, 1, 16, 1) / 4
    w = m.op("w2_palettized", "constexpr_lut_to_dense", ("fp16", (8, 8)), indices=m.weight("w2_indices", idx, "uint4"), lut=m.weight("w2_lut", lut))
    x = m.op("l2_cast_fp16", "linear", ("fp16", (2, 8)), x=x, weight=w)
    a = a @ np.stack([lut[r // 4, 0, idx[r], 0] for r in range(8)]).T
    keep = random.uniform(size=(8, 8)) < 0.5; n = int(keep.sum()); si = random.integers(0, 2, n); sl = half(1, 1, 2, 1)
    m.op("w3_lut", "constexpr_lut_to_sparse", [("w3_mask", "uint1", (8, 8)), ("w3_nonzero", "fp16", (n,))], indices_mask=m.weight("w3_m", keep, "uint1"), indices_nonzero_data=m.weight("w3_i", si, "uint1"), lut=m.weight("w3_l", sl))
    w = m.op("w3_dense", "constexpr_sparse_to_dense", ("fp16", (8, 8)), mask=ref("w3_mask"), nonzero_data=ref("w3_nonzero"))
    x = m.op("l3_cast_fp16", "linear", ("fp16", (2, 8)), x=x, weight=w)
    dense = np.zeros((8, 8)); dense[keep] = sl.reshape(-1)[si]; a = a @ dense.T
    keep = random.uniform(size=(4, 8)) < 0.5; n = int(keep.sum()); sq = random.integers(-128, 128, n); ss = np.abs(half(4, 1)) / 64 + 1 / 128
    ss = np.float16(ss).astype(float)
    m.op("w4_scaled", "constexpr_sparse_blockwise_shift_scale", [("w4_mask", "uint1", (4, 8)), ("w4_nonzero", "fp16", (n,))], data_mask=m.weight("w4_m", keep, "uint1"), nonzero_data=m.weight("w4_q", sq, "int8"), scale=m.weight("w4_s", ss))
    w = m.op("w4_dense", "constexpr_sparse_to_dense", ("fp16", (4, 8)), mask=ref("w4_mask"), nonzero_data=ref("w4_nonzero"))
    m.op("y", "linear", ("fp16", (2, 4)), x=x, weight=w)
    dense = np.zeros((4, 8)); dense[keep] = sq; m.done(y=a @ (dense * ss).T)

# 9. A cache of iOS 18 that keeps the last rows, as Core ML's compiler prints an update.
def cache():
    m = Model("state-cache", "ios18", [("x", "fp16", (1, 2, 4)), ("cache", "!fp16", (1, 6, 4))])
    x, c = feed((1, 2, 4)), feed((1, 6, 4))
    old = m.op("read_state_0", "read_state", ("fp16", (1, 6, 4)), input=ref("cache"))
    kept = m.op("kept_cast_fp16", "slice_by_index", ("fp16", (1, 4, 4)), x=old, begin=[0, 2, 0], end=[1, 6, 4])
    new = m.op("rolled_cast_fp16", "concat", ("fp16", (1, 6, 4)), values=[kept, ref("x")], axis=1, interleave=False)
    m.op("coreml_update_state_0_write_state", "write_state", [], data=new, input=ref("cache"))
    now = m.op("coreml_update_state_0", "read_state", ("fp16", (1, 6, 4)), input=ref("cache"))
    m.op("scores", "matmul", ("fp16", (1, 2, 6)), x=ref("x"), y=now, transpose_x=False, transpose_y=True)
    n = np.concatenate([c[:, 2:], x], 1)
    m.done(scores=x @ n.transpose(0, 2, 1), next_cache=n)

# 10. An image decoder of iOS 17: transposed convolution, instance norm, bilinear upsampling, tanh.
def images():
    m = Model("image-decoder", "ios17", [("z", "fp16", (1, 4, 3, 3))])
    a = feed((1, 4, 3, 3)); w, b = half(4, 3, 4, 4), half(3)
    x = m.op("up_cast_fp16", "conv_transpose", ("fp16", (1, 3, 6, 6)), x=ref("z"), weight=m.weight("wt", w), bias=m.weight("bt", b), strides=[2, 2], pad_type="custom", pad=[1, 1, 1, 1], dilations=[1, 1], groups=1, output_shape=[1, 3, 6, 6])
    full = np.zeros((1, 3, 8, 8))
    for i in range(3):
        for j in range(3):
            full[0, :, 2 * i:2 * i + 4, 2 * j:2 * j + 4] += np.einsum("c,cokl->okl", a[0, :, i, j], w)
    a = full[:, :, 1:7, 1:7] + b[None, :, None, None]
    g, s = half(3), half(3)
    x = m.op("in_cast_fp16", "instance_norm", ("fp16", (1, 3, 6, 6)), x=x, gamma=m.weight("in_g", g), beta=m.weight("in_b", s), epsilon=1e-3)
    mean = a.mean((2, 3), keepdims=True); var = a.var((2, 3), keepdims=True)
    a = (a - mean) / np.sqrt(var + np.float16(1e-3)) * g[None, :, None, None] + s[None, :, None, None]
    x = m.op("elu_cast_fp16", "elu", ("fp16", (1, 3, 6, 6)), x=x, alpha=1.0); a = np.where(a > 0, a, np.expm1(a))
    x = m.op("big_cast_fp16", "upsample_bilinear", ("fp16", (1, 3, 12, 12)), x=x, scale_factor_height=np.float32(2), scale_factor_width=np.float32(2), align_corners=True)
    def grow(v):
        at = np.arange(12) * 5 / 11; lo = np.minimum(at.astype(int), 4); f = at - lo
        return v[..., lo] * (1 - f) + v[..., lo + 1] * f
    a = grow(grow(a).swapaxes(2, 3)).swapaxes(2, 3)
    x = m.op("rep_cast_fp16", "pad", ("fp16", (1, 3, 14, 14)), x=x, pad=[0, 0, 0, 0, 1, 1, 1, 1], mode="replicate", constant_val=0.0)
    a = np.pad(a, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
    w = half(1, 3, 3, 3)
    x = m.op("last_cast_fp16", "conv", ("fp16", (1, 1, 10, 10)), x=x, weight=m.weight("wl", w), strides=[1, 1], pad_type="valid", pad=[0, 0, 0, 0], dilations=[2, 2], groups=1)
    m.op("image", "tanh", ("fp16", (1, 1, 10, 10)), x=x)
    m.done(image=np.tanh(conv(a, w, dilation=2)))

# 11. What a tracer leaves of mask arithmetic: comparisons, logic, select, cast, cumsum, band_part, tile.
def masks():
    m = Model("mask-arithmetic", "ios16", [("x", "fp32", (3, 5)), ("y", "fp32", (1, 5))], old=True)
    a, b = feed((3, 5)), feed((1, 5))
    g = m.op("gt", "greater", ("bool", (3, 5)), x=ref("x"), y=ref("y"))
    z = m.op("near", "less_equal", ("bool", (3, 5)), x=ref("x"), y=m.inline("one", np.array(0.5), "fp32"))
    both = m.op("both", "logical_and", ("bool", (3, 5)), x=g, y=z)
    sel = m.op("chosen", "select", ("fp32", (3, 5)), cond=both, a=ref("x"), b=ref("y"))
    n = m.op("count_cast", "cast", ("fp32", (3, 5)), x=both, dtype="fp32")
    m.op("running", "cumsum", ("fp32", (3, 5)), x=n, axis=1, exclusive=True, reverse=True)
    m.op("band", "band_part", ("fp32", (3, 5)), x=sel, lower=1, upper=0)
    m.op("tiled", "tile", ("fp32", (3, 10)), x=sel, reps=[1, 2])
    m.op("total", "reduce_log_sum_exp", ("fp32", (3,)), x=sel, axes=[-1], keep_dims=False)
    m.op("power", "real_div", ("fp32", (3, 5)), x=sel, y=m.op("sq", "pow", ("fp32", (3, 5)), x=m.op("shifted", "abs", ("fp32", (3, 5)), x=m.op("plus", "add", ("fp32", (3, 5)), x=ref("x"), y=m.inline("ten", np.array(10.), "fp32"))), y=m.inline("two", np.array(2.), "fp32")))
    m.op("ratio", "floor_div", ("fp32", (3, 5)), x=ref("x"), y=m.inline("third", np.array(0.375), "fp32"))
    both = (a > b) & (a <= 0.5); s = np.where(both, a, b)
    r = np.cumsum(both[:, ::-1], 1)[:, ::-1] - both
    i, j = np.indices((3, 5))
    m.done(running=r, band=np.where((i - j <= 1) & (j <= i), s, 0), tiled=np.tile(s, 2), total=special.logsumexp(s, 1), power=s / (a + 10) ** 2, ratio=np.floor(a / 0.375))

# 12. A pointwise mixer: einsum, stack, reverse, depth to space, norms of whole tensors.
def mixer():
    m = Model("mixer", "ios18", [("x", "fp16", (1, 8, 3, 5))])
    a = feed((1, 8, 3, 5)); k = half(1, 8, 5, 4)
    e = m.op("e_cast_fp16", "einsum", ("fp16", (1, 8, 3, 4)), values=[ref("x"), m.weight("k", k)], equation="nchw,ncwo->ncho")
    d = m.op("d_cast_fp16", "depth_to_space", ("fp16", (1, 2, 6, 8)), x=e, block_size=2)
    v = np.einsum("nchw,ncwo->ncho", a, k).reshape(1, 2, 2, 2, 3, 4)
    v = v.transpose(0, 3, 4, 1, 5, 2).reshape(1, 2, 6, 8)
    r = m.op("r_cast_fp16", "reverse", ("fp16", (1, 2, 6, 8)), x=d, axes=[-1]); flipped = v[..., ::-1]
    s = m.op("s_cast_fp16", "stack", ("fp16", (1, 2, 2, 6, 8)), values=[d, r], axis=1)
    m.op("norms", "reduce_l2_norm", ("fp16", (1, 2, 2)), x=s, axes=[3, 4], keep_dims=False)
    u = np.stack([v, flipped], 1)
    p = m.op("p_cast_fp16", "space_to_depth", ("fp16", (1, 8, 3, 4)), x=d, block_size=2)
    m.op("unit", "l2_norm", ("fp16", (1, 8, 3, 4)), x=p, epsilon=1e-6)
    w = v.reshape(1, 2, 3, 2, 4, 2).transpose(0, 3, 5, 1, 2, 4).reshape(1, 8, 3, 4)
    m.done(norms=np.sqrt((u ** 2).sum((3, 4))), unit=w / np.sqrt((w ** 2).sum((1, 2, 3), keepdims=True) + 1e-6))

for make in (classifier, mobile, encoder, decoder, slices, several, small16, small18, cache, images, masks, mixer):
    make()
