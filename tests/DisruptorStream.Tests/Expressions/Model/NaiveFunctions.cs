using System.Numerics;
using DisruptorStream.Expressions.Syntax;

namespace DisruptorStream.Tests.Expressions.Model;

/// <summary>The functions, in the obvious way.</summary>
internal static class NaiveFunctions
{
    public static object? Call(string name, object?[] values)
    {
        switch (name)
        {
            case "coalesce":
                return Array.Find(values, value => value is not null);
            case "least":
                return Best(values, BinaryOperator.Less);
            case "greatest":
                return Best(values, BinaryOperator.Greater);
            case "nullif":
                return values[0] is { } first && values[1] is { } second
                    && NaiveEvaluator.Compare(BinaryOperator.Equal, first, second) ? null : values[0];
            case "concat":
                return string.Concat(values.Select(value => value is null ? "" : NaiveEvaluator.TextOf(value)));
            default:
                return values.Contains(null) ? null : CallStrict(name, values!);
        }
    }

    private static object? Best(object?[] values, BinaryOperator isBetter)
    {
        var best = default(object?);
        foreach (var value in values)
        {
            if (value is not null && (best is null || NaiveEvaluator.Compare(isBetter, value, best)))
                best = value;
        }

        return best;
    }

    private static object? CallStrict(string name, object[] values) => (name, values[0]) switch
    {
        ("abs", long integer) => NaiveEvaluator.Fit(BigInteger.Abs(integer)),
        ("abs", double number) => Math.Abs(number),
        ("sign", long integer) => (long)Math.Sign(integer),
        ("sign", double number) => (double)Math.Sign(number),
        ("floor" or "ceil" or "trunc" or "round", long integer) when values.Length == 1 => integer,
        ("floor", double number) => Math.Floor(number),
        ("ceil", double number) => Math.Ceiling(number),
        ("trunc", double number) => Math.Truncate(number),
        ("round", double number) when values.Length == 1 => Math.Round(number, MidpointRounding.AwayFromZero),
        ("sqrt", _) => NaiveEvaluator.Finite(Math.Sqrt(NaiveEvaluator.Number(values[0])!.Value)),
        ("ln", _) => NaiveEvaluator.Finite(Math.Log(NaiveEvaluator.Number(values[0])!.Value)),
        ("exp", _) => NaiveEvaluator.Finite(Math.Exp(NaiveEvaluator.Number(values[0])!.Value)),
        ("power", _) => NaiveEvaluator.Finite(Math.Pow(
            NaiveEvaluator.Number(values[0])!.Value, NaiveEvaluator.Number(values[1])!.Value)),
        ("div", long first) when values[1] is long second =>
            second == 0 ? null : NaiveEvaluator.Fit(BigInteger.Divide(first, second)),
        ("length", string text) => (long)text.EnumerateRunes().Count(),
        ("lower", string text) => string.Concat(text.EnumerateRunes().Select(System.Text.Rune.ToLowerInvariant)),
        ("upper", string text) => string.Concat(text.EnumerateRunes().Select(System.Text.Rune.ToUpperInvariant)),
        ("trim", string text) => text.Trim(' ', '\t'),
        ("starts_with", string text) => text.StartsWith((string)values[1], StringComparison.Ordinal),
        ("substring", string text) => Substring(text, (long)values[1], values.Length > 2 ? (long)values[2] : null),
        _ => throw new InvalidOperationException(name),
    };

    private static string? Substring(string text, long start, long? length)
    {
        if (length < 0)
            return null;
        var runes = text.EnumerateRunes().Select((rune, index) => (Rune: rune, Place: (BigInteger)index + 1));
        return string.Concat(runes
            .Where(one => one.Place >= start && (length is null || one.Place < (BigInteger)start + length.Value))
            .Select(one => one.Rune));
    }
}
