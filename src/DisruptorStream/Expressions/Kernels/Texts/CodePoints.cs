namespace DisruptorStream.Expressions.Kernels.Texts;

/// <summary>Counts in the code points of UTF-8; bytes that are none count with the one before.</summary>
internal static class CodePoints
{
    public static int Count(ReadOnlySpan<byte> text)
    {
        var count = 0;
        for (var at = 0; at < text.Length; at = Next(text, at))
            count++;
        return count;
    }

    /// <summary>Where a number of code points from the beginning ends; at most at the end of the text.</summary>
    public static int Skip(ReadOnlySpan<byte> text, long count)
    {
        var at = 0;
        for (; count > 0 && at < text.Length; count--)
            at = Next(text, at);
        return at;
    }

    /// <summary>Where the code point after the one here begins.</summary>
    public static int Next(ReadOnlySpan<byte> text, int at)
    {
        at++;
        while (at < text.Length && (text[at] & 0xC0) == 0x80)
            at++;
        return at;
    }
}
