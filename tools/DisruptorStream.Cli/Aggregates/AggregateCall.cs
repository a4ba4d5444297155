using System.Globalization;
using DisruptorStream.Expressions;
using DisruptorStream.Messages;

namespace DisruptorStream.Cli.Aggregates;

/// <summary>An aggregate as it is written: "p99.9(latency, error=0.001) as tail".</summary>
internal sealed class AggregateCall
{
    private readonly List<AggregateArgument> _unused;

    public AggregateCall(
        string text, int position, string name, string? alias, IReadOnlyList<AggregateArgument> arguments)
    {
        Text = text;
        Position = position;
        Name = name;
        Alias = alias;
        _unused = [.. arguments];
    }

    public string Text { get; }

    /// <summary>Where it begins in the list, counted from 1.</summary>
    public int Position { get; }

    public string Name { get; }

    public string? Alias { get; }

    /// <summary>Its text without the name, where it is an expression over the others; null where it is none.</summary>
    public string? Expression { get; init; }

    /// <summary>How it is to be written, for messages.</summary>
    public string Usage { get; set; } = "";

    public bool HasPositional => _unused.Exists(argument => argument.Name is null);

    /// <summary>The next argument without a name.</summary>
    public AggregateArgument Next(string what)
    {
        var index = _unused.FindIndex(argument => argument.Name is null);
        if (index < 0 || _unused[index].Text.Length == 0)
            throw Error($"lacks its {what}");

        var argument = _unused[index];
        _unused.RemoveAt(index);
        return argument;
    }

    public string Column(string what = "column") => Next(what).Text;

    public double Number(string what) => Number(Next(what), what);

    public double? Option(string name)
    {
        var index = _unused.FindIndex(
            argument => string.Equals(argument.Name, name, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
            return null;

        var argument = _unused[index];
        _unused.RemoveAt(index);
        return Number(argument, name);
    }

    /// <summary>The column that is given by name; null where it is left out.</summary>
    public string? ColumnOption(string name)
    {
        var index = _unused.FindIndex(
            argument => string.Equals(argument.Name, name, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
            return null;

        var argument = _unused[index];
        _unused.RemoveAt(index);
        return argument.Text.Length > 0 ? argument.Text : throw Error($"lacks the column of its {name}", argument);
    }

    public string? Word(string name, params string[] words)
    {
        var index = _unused.FindIndex(
            argument => string.Equals(argument.Name, name, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
            return null;

        var argument = _unused[index];
        _unused.RemoveAt(index);
        return Array.Find(words, word => string.Equals(word, argument.Text, StringComparison.OrdinalIgnoreCase))
            ?? throw Error(
                $"has the {name} '{argument.Text}'; {NearestWord.Hint(argument.Text, words)}", argument);
    }

    /// <summary>Complains about arguments that the aggregate does not have.</summary>
    public void ThrowIfUnused(params string[] names)
    {
        if (_unused is not [var first, ..])
            return;

        throw first.Name is { } name
            ? Error(
                names.Length == 0 ? $"takes no '{name}='" : $"takes no '{name}='; {NearestWord.Hint(name, names)}",
                first)
            : Error($"has an argument too many, '{first.Text}'", first);
    }

    /// <summary>The error that points at one argument, or at the whole aggregate.</summary>
    public ExpressionException Error(string problem, AggregateArgument? at = null)
    {
        var position = at?.Position ?? Position;
        return new ExpressionException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The aggregate '{Text}' {problem} (at character {position}). Write it as {Usage}."),
            position - 1,
            at?.Length ?? Text.Length);
    }

    private double Number(AggregateArgument argument, string what) =>
        double.TryParse(argument.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Error($"has '{argument.Text}' as its {what}, which is not a number", argument);
}
