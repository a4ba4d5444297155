using DisruptorStream.Expressions.Columns;
using DisruptorStream.Expressions.Kernels.Operators;
using DisruptorStream.Expressions.Kernels.Texts;
using DisruptorStream.Expressions.Syntax.Nodes;
using DisruptorStream.Messages;
using Entry = (string Usage, int Least, int Most, System.Func<
    DisruptorStream.Expressions.Binding.FunctionCall, DisruptorStream.Expressions.Columns.Column> Bind);

namespace DisruptorStream.Expressions.Binding;

/// <summary>The functions that an expression may call.</summary>
internal static class FunctionMenu
{
    private const int Any = int.MaxValue;

    private static readonly Dictionary<string, Entry> Functions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["abs"] = ("abs(x)", 1, 1, call =>
            call.Arithmetic.Map<IntegerFunctions.Absolute, DoubleFunctions.Absolute>(call[0], call.Who)),
        ["sign"] = ("sign(x)", 1, 1, call =>
            call.Arithmetic.Map<IntegerFunctions.Sign, DoubleFunctions.Sign>(call[0], call.Who)),
        ["round"] = ("round(x) or round(x, decimals)", 1, 2, BindRound),
        ["floor"] = ("floor(x)", 1, 1, call =>
            call.Arithmetic.MapFractions<DoubleFunctions.Floor>(call[0], call.Who)),
        ["ceil"] = ("ceil(x)", 1, 1, BindCeiling),
        ["ceiling"] = ("ceiling(x)", 1, 1, BindCeiling),
        ["trunc"] = ("trunc(x)", 1, 1, call =>
            call.Arithmetic.MapFractions<DoubleFunctions.Truncate>(call[0], call.Who)),
        ["sqrt"] = ("sqrt(x)", 1, 1, call =>
            call.Arithmetic.MapDoubles<DoubleFunctions.SquareRoot>(call[0], call.Who)),
        ["ln"] = ("ln(x)", 1, 1, call =>
            call.Arithmetic.MapDoubles<DoubleFunctions.NaturalLogarithm>(call[0], call.Who)),
        ["log10"] = ("log10(x)", 1, 1, call =>
            call.Arithmetic.MapDoubles<DoubleFunctions.DecimalLogarithm>(call[0], call.Who)),
        ["exp"] = ("exp(x)", 1, 1, call =>
            call.Arithmetic.MapDoubles<DoubleFunctions.Exponential>(call[0], call.Who)),
        ["power"] = ("power(x, y)", 2, 2, call =>
            call.Arithmetic.MapDoubles2<DoubleFunctions.Power>(call[0], call[1], call.Who)),
        ["div"] = ("div(x, y)", 2, 2, call =>
            call.Arithmetic.Map2<IntegerFunctions.Quotient, DoubleFunctions.Quotient>(call[0], call[1], call.Who)),
        ["mod"] = ("mod(x, y)", 2, 2, call =>
            call.Arithmetic.Map2<IntegerFunctions.Remainder, DoubleFunctions.Remainder>(call[0], call[1], call.Who)),
        ["least"] = ("least(a, b, ...)", 1, Any, call =>
            call.Choices.Extreme(call.Arguments, isLargest: false, call.Who)),
        ["greatest"] = ("greatest(a, b, ...)", 1, Any, call =>
            call.Choices.Extreme(call.Arguments, isLargest: true, call.Who)),
        ["coalesce"] = ("coalesce(a, b, ...)", 1, Any, call => call.Choices.Coalesce(call.Arguments, call.Who)),
        ["nullif"] = ("nullif(a, b)", 2, 2, call => call.Choices.NullIf(call[0], call[1], call.Who)),
        ["length"] = ("length(text)", 1, 1, call => Emit(call, new LengthOf(call.Text(0)))),
        ["lower"] = ("lower(text)", 1, 1, call => Emit(call, new CaseChange(call.Text(0), isUpper: false))),
        ["upper"] = ("upper(text)", 1, 1, call => Emit(call, new CaseChange(call.Text(0), isUpper: true))),
        ["trim"] = ("trim(text)", 1, 1, call => Emit(call, new Trimming(call.Text(0)))),
        ["substring"] = ("substring(text, start) or substring(text, start, length)", 2, 3, BindSubstring),
        ["starts_with"] = ("starts_with(text, prefix)", 2, 2, call =>
            Emit(call, new PrefixTest(call.Text(0), call.Text(1)))),
        ["concat"] = ("concat(a, b, ...)", 1, Any, BindConcat),
    };

    // What the same thing is called elsewhere, and no typing error leads to.
    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ifnull"] = "coalesce",
        ["nvl"] = "coalesce",
        ["isnull"] = "coalesce",
        ["len"] = "length",
        ["char_length"] = "length",
        ["lcase"] = "lower",
        ["ucase"] = "upper",
        ["log"] = "ln",
        ["pow"] = "power",
        ["min"] = "least",
        ["max"] = "greatest",
        ["substr"] = "substring",
        ["startswith"] = "starts_with",
        ["truncate"] = "trunc",
    };

    /// <summary>How each is written, for help.</summary>
    public static IEnumerable<string> Usages
    {
        get
        {
            foreach (var function in Functions.Values)
                yield return function.Usage;
        }
    }

    public static bool Contains(string name) => Functions.ContainsKey(name);

    /// <summary>Looks at a call before its arguments are bound.</summary>
    /// <exception cref="ExpressionException">There is no such function, or it takes other arguments.</exception>
    public static void Check(CallNode call)
    {
        var name = call.Function;
        if (!Functions.TryGetValue(name, out var function))
        {
            throw call.NameSpan.Error(
                $"There is no function '{name}'; "
                + (Synonyms.TryGetValue(name, out var meant)
                    ? $"did you mean '{meant}'?"
                    : NearestWord.Hint(name, [.. Functions.Keys])));
        }

        var count = call.Arguments.Count;
        if (count < function.Least || count > function.Most)
        {
            throw call.Span.Error(
                $"'{name.ToLowerInvariant()}' has {count} {(count == 1 ? "argument" : "arguments")}; write it as "
                + $"{function.Usage}.");
        }
    }

    /// <summary>Binds a call that is as it must be.</summary>
    public static Column Bind(FunctionCall call) => Functions[call.Node.Function].Bind(call);

    private static Column BindCeiling(FunctionCall call) =>
        call.Arithmetic.MapFractions<DoubleFunctions.Ceiling>(call[0], call.Who);

    private static Column BindRound(FunctionCall call) => call.Count == 1
        ? call.Arithmetic.MapFractions<DoubleFunctions.Round>(call[0], call.Who)
        : call.Arithmetic.MapDoubles2<DoubleFunctions.RoundTo>(
            call[0], call.Types.Integer(call[1], call.Who), call.Who);

    private static Column BindSubstring(FunctionCall call)
    {
        var (text, start) = (call.Text(0), call.Integer(1));
        var length = call.Count == 3 ? call.Integer(2) : null;
        return call.Emitter.Emit(new Substring(text, start, length), text, start, length ?? start);
    }

    private static Column BindConcat(FunctionCall call)
    {
        var texts = new TextColumn[call.Count];
        for (var index = 0; index < texts.Length; index++)
            texts[index] = call.AnyAsText(index);
        return call.Emitter.Emit(new Joining(texts, skipsNull: true), texts);
    }

    /// <summary>Of constants a constant.</summary>
    private static Column Emit(FunctionCall call, Kernels.Kernel kernel)
    {
        var columns = new Column[call.Count];
        for (var index = 0; index < columns.Length; index++)
            columns[index] = call[index].Column;
        return call.Emitter.Emit(kernel, columns);
    }
}
