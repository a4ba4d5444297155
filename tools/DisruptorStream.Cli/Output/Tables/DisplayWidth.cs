using System.Globalization;
using System.Text;

namespace DisruptorStream.Cli.Output.Tables;

/// <summary>How many columns of a terminal a text takes.</summary>
/// <remarks>East Asian wide characters and emoji take two, combining marks none: those that matter, not all.</remarks>
internal static class DisplayWidth
{
    public static int Of(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
            width += Of(rune);
        return width;
    }

    /// <summary>The text, or its beginning and an ellipsis where it is wider.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most / 2 || Of(text) <= most)
            return text;
        var (width, length) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            width += Of(rune);
            if (width >= most)
                break;
            length += rune.Utf16SequenceLength;
        }

        return text[..length] + "\u2026";
    }

    private static int Of(Rune rune) => rune.Value < 0x300 ? 1 : Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        _ => IsWide(rune.Value) ? 2 : 1,
    };

    private static bool IsWide(int code) => code
        is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60)
        or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD);
}
