using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace DisruptorStream.LoadTests.Commands.Options;

/// <summary>Options whose values are numbers such as 500, 10k or 1M.</summary>
internal static class SizeOption
{
    public static Option<T> One<T>(string name, string description, T standard)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T> => new(name)
        {
            Description = description,
            CustomParser = result =>
            {
                var sizes = ReadAll(name, result, long.CreateSaturating(T.MaxValue));
                if (sizes.Length > 1)
                    result.AddError($"{name} takes one number.");
                return sizes.Length == 1 ? T.CreateChecked(sizes[0]) : standard;
            },
            DefaultValueFactory = _ => standard,
        };

    /// <summary>Several, with commas in between; none unless they are given.</summary>
    public static Option<long[]> Many(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => ReadAll(name, result, int.MaxValue),
        DefaultValueFactory = _ => [],
    };

    public static bool TryParse(string text, out long size)
    {
        var unit = text.Length == 0 ? 1L : text[^1] switch
        {
            'k' => 1000L,
            'M' => 1_000_000L,
            _ => 1L,
        };
        var digits = unit == 1 ? text : text[..^1];
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out size)
            || size > long.MaxValue / unit)
        {
            return false;
        }

        size *= unit;
        return true;
    }

    private static long[] ReadAll(string name, ArgumentResult result, long most)
    {
        var sizes = new List<long>();
        foreach (var part in result.Tokens[0].Value.Split(','))
        {
            if (!TryParse(part, out var size) || size < 1 || size > most)
            {
                result.AddError($"{name} takes numbers from 1 to {most}, such as 500, 10k or 1M; it was '{part}'.");
                return [];
            }

            sizes.Add(size);
        }

        return [.. sizes];
    }
}
