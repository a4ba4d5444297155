using System.Text.RegularExpressions;

namespace DisruptorStream.Cli.Text;

/// <summary>Names in double quotes within an expression.</summary>
internal static partial class QuotedText
{
    /// <summary>The text with a dot for each character between quotes, so that nothing in them is found.</summary>
    public static string Mask(string text)
    {
        var isQuoted = false;
        return string.Concat(text.Select(one =>
        {
            isQuoted ^= one == '"';
            return isQuoted && one != '"' ? '.' : one;
        }));
    }

    /// <summary>Where the last "as" begins that is a word by itself and not between quotes; -1 for none.</summary>
    public static int LastAs(string text) => $"{Mask(text)} ".LastIndexOf(" as ", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a text begins with a quote that nothing closes.</summary>
    public static bool IsOpen(string text) => text is ['"', ..] and not ['"', .., '"'];

    /// <summary>A name as <see cref="Unquote"/> takes it: in quotes where it is not a plain word.</summary>
    public static string Quote(string name) => PlainName().IsMatch(name) ? name : $"\"{name}\"";

    public static string Unquote(string text) => text is ['"', .., '"'] ? text[1..^1] : text;

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex PlainName();
}
