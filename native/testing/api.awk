# Makes C of api.tsv: one macro a row, for the including file to define.
#   call e5rt    -> E5RT_CALL(field, symbol, (arguments), remedy)
#   call inmem   -> INMEM_CALL(field, symbol, result, (arguments), need, remedy)
#   key inmem    -> INMEM_KEY(field, symbol)
#   method inmem -> INMEM_METHOD(field, "-[class selector]", class, is_class, selector, result, (arguments),
#                   signature, need, remedy)
#   call power   -> POWER_CALL(symbol, library, result, (arguments))
#   rule ROUTE   -> ROUTE_RULE(name, call, status, text)
# A signature has a letter for the result, the receiver, the selector and each argument: p pointer or
# object, b BOOL, i 32 bits, q 64 bits, v nothing.
BEGIN { FS = "\t"; print "/* Made of native/testing/api.tsv by api.awk. */" }
/^#/ || NF == 0 { next }
NF != 8 { print "api.tsv:" NR ": " NF " columns; need 8" > "/dev/stderr"; exit 1 }
function row(kind, text) { lines[$2, kind] = lines[$2, kind] text "\n" }
function letter(type) {
    if (type ~ /\*/) return "p"
    if (type ~ /^void/) return "v"
    if (type ~ /^unsigned char/) return "b"
    return type ~ /^u?int32_t/ ? "i" : "q"
}
# Of "result; arguments": sets result and arguments.
function types(detail) {
    result = arguments = detail
    sub(/;.*/, "", result)
    sub(/[^;]*; */, "", arguments)
}
$1 == "key" { row("key", "INMEM_KEY(" $3 ", \"" $3 "\")") }
$1 == "call" {
    field = $3
    sub(/^e5rt_/, "", field)
    sub(/^_+/, "", field)
    if ($2 == "power") {
        at = index($4, "(")
        row("call", "POWER_CALL(" $3 ", " $5 ", " substr($4, 1, at - 1) ", " substr($4, at) ")")
    } else if ($2 == "e5rt") row("call", "E5RT_CALL(" field ", \"" $3 "\", (" $4 "), \"" $6 "\")")
    else {
        types($4)
        row("call", "INMEM_CALL(" field ", \"" $3 "\", " result ", (" arguments "), " ($5 == "required") \
            ", \"" $6 "\")")
    }
}
$1 == "method" {
    split($3, part, " ")
    field = part[2]
    sign = substr(field, 1, 1)
    field = substr(field, 2)
    selector = field
    gsub(/:/, "_", field)
    class = part[1]
    sub(/^_+/, "", class)
    types($4)
    signature = letter(result) "pp"
    n = arguments == "void" ? 0 : split(arguments, each, ", ")
    for (i = 1; i <= n; i++) signature = signature letter(each[i])
    row("method", "INMEM_METHOD(" class "_" field ", \"" sign "[" part[1] " " selector "]\", \"" part[1] "\", " \
        (sign == "+") ", \"" selector "\", " result ", (void *self, void *sel" (n ? ", " arguments : "") \
        "), \"" signature "\", " ($5 == "required") ", \"" $6 "\")")
}
$1 == "rule" {
    row("rule", toupper($2) "_RULE(" $3 ", \"" $4 "\", " ($5 == "throws" ? -1 : $5 == "nil" ? 0 : $5) ", \"" $6 "\")")
}
END {
    for (key in lines) {
        split(key, part, SUBSEP)
        name = toupper(part[1]) "_" toupper(part[2])
        out[name] = "#ifdef " name "\n" lines[key] "#undef " name "\n#endif"
    }
    order = "E5RT_CALL E5RT_RULE INMEM_CALL INMEM_KEY INMEM_METHOD INMEM_RULE POWER_CALL POWER_RULE"
    n = split(order, names, " ")
    for (i = 1; i <= n; i++) if (names[i] in out) print out[names[i]]
}
