using DisruptorStream.Cli.Text;
using DisruptorStream.Expressions;

namespace DisruptorStream.Cli.Commands.Reading;

/// <summary>The value of an option, wherever it was given, with what an error points at.</summary>
/// <param name="Label">Where it was given: an option, or a place in a file.</param>
/// <param name="Text">The value.</param>
internal sealed record OptionText(string Label, string Text)
{
    /// <summary>What is shown with an error: the value, or what it is a part of.</summary>
    public string Shown { get; init; } = Text;

    /// <summary>Where the value begins in that.</summary>
    public int Offset { get; init; }

    /// <summary>The query that it belongs to; null for the whole job.</summary>
    public string? Query { get; init; }

    /// <exception cref="OptionException">The value cannot be understood.</exception>
    public T Understand<T>(Func<string, T> parse)
    {
        try
        {
            return parse(Text);
        }
        catch (FormatException exception)
        {
            throw Error(exception);
        }
    }

    /// <summary>The error that points at the value, or at the part of it that the reason names.</summary>
    public OptionException Error(FormatException reason)
    {
        var (start, length) = reason is ExpressionException part ? (part.Start, part.Length) : (0, Text.Length);
        var message = Query is null ? reason.Message : $"In the query '{Query}': {reason.Message}";
        return new OptionException(Label, Shown, new ExpressionException(message, Offset + start, length));
    }

    /// <summary>The error that points at a word of the value, if it is there; else at all of it.</summary>
    public OptionException ErrorAt(string word, string message) =>
        CommandErrors.PlaceOf(word, Text) is >= 0 and var place
            ? Error(new ExpressionException(message, place, word.Length))
            : Error(new FormatException(message));
}
