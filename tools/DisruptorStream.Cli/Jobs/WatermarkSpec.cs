using DisruptorStream.Messages;
using DisruptorStream.Windows.Texts;

namespace DisruptorStream.Cli.Jobs;

/// <summary>Whose events move time on, as the command line says it.</summary>
internal static class WatermarkSpec
{
    private const string PerKey = "per-key";
    private const string Inputs = "inputs";

    private static readonly string[] Words = [Inputs, PerKey];

    /// <summary>What it may become.</summary>
    public static IEnumerable<string> Completions => [Inputs, PerKey + ":"];

    /// <summary>How far the rows of a key may be out of order; null where time goes by the inputs.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static TimeSpan? Parse(string text)
    {
        if (text == Inputs)
            return null;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var word = colon < 0 ? text : text[..colon];
        if (word != PerKey)
        {
            throw new FormatException(
                $"Time does not go by '{word}'; {NearestWord.Hint(word, Words)} Write inputs or per-key:BOUND, such as "
                + "per-key:5s.");
        }

        if (colon < 0)
        {
            throw new FormatException(
                "It is not said how far the rows of a key may be out of order; write per-key:BOUND, such as "
                + "per-key:5s.");
        }

        var bound = Duration.Parse(text[(colon + 1)..]);
        return bound >= TimeSpan.Zero ? bound : throw new FormatException(
            $"The bound of '{text}' is negative, and must not be.");
    }
}
