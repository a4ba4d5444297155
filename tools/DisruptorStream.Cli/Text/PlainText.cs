namespace DisruptorStream.Cli.Text;

/// <summary>Makes text of inputs and arguments fit to be shown: nothing in it commands a terminal.</summary>
internal static class PlainText
{
    /// <summary>Stands for a character that is not shown.</summary>
    public const char Hidden = '\u00b7';

    /// <summary>
    /// The text with a dot in place of each control character, line break, change of direction and unseen space.
    /// </summary>
    public static string Of(string text)
    {
        var first = IndexOfControl(text);
        if (first < 0)
            return text;
        return string.Create(text.Length, text, static (shown, source) =>
        {
            for (var i = 0; i < shown.Length; i++)
                shown[i] = IsControl(source[i]) ? Hidden : source[i];
        });
    }

    /// <summary>The same of UTF-8, cut after some characters.</summary>
    public static string Of(ReadOnlySpan<byte> utf8, int mostCharacters = 80)
    {
        var text = Of(System.Text.Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, mostCharacters * 4)]));
        return text.Length <= mostCharacters ? text : text[..mostCharacters] + "...";
    }

    public static bool IsControl(char one) => char.IsControl(one)
        || one is (>= '\u2028' and <= '\u202e') or '\u200e' or '\u200f' or '\u061c' or (>= '\u2066' and <= '\u206f')
        || one is '\u200b' or '\ufeff' or '\u180e' or (>= '\u2060' and <= '\u2064');

    private static int IndexOfControl(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (IsControl(text[i]))
                return i;
        }

        return -1;
    }
}
