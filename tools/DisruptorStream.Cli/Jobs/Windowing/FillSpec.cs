using System.Globalization;
using DisruptorStream.Messages;
using DisruptorStream.Windows.Gaps;

namespace DisruptorStream.Cli.Jobs.Windowing;

/// <summary>How windows without events are filled, as the command line says it.</summary>
/// <param name="MaxEmpty">How many in a row.</param>
/// <param name="With">What the aggregates show that are no counts.</param>
internal sealed record FillSpec(int MaxEmpty, GapValues With)
{
    private static readonly string[] Values = ["null", "zero", "previous"];

    /// <summary>What it may become.</summary>
    public static IEnumerable<string> Completions => Values.Select(value => value + "/");

    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static FillSpec Parse(string text)
    {
        var parts = text.Split('/');
        if (parts.Length != 2)
        {
            throw new FormatException(
                $"'{text}' does not say with what and how many; write VALUES/MOST, such as null/24 or previous/5.");
        }

        var with = Array.IndexOf(Values, parts[0]);
        if (with < 0)
            throw new FormatException($"Gaps cannot be filled with '{parts[0]}'; {NearestWord.Hint(parts[0], Values)}");
        return int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most > 0
            ? new FillSpec(most, (GapValues)with)
            : throw new FormatException(
                $"'{parts[1]}' is no number of windows; write how many in a row are filled at most, such as 24.");
    }
}
