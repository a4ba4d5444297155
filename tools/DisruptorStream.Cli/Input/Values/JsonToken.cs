namespace DisruptorStream.Cli.Input.Values;

/// <summary>What JSON writes without quotes around it.</summary>
internal static class JsonToken
{
    /// <summary>Whether a text is a number, true or false.</summary>
    public static bool IsToken(ReadOnlySpan<byte> text) =>
        IsNumber(text) || text.SequenceEqual("true"u8) || text.SequenceEqual("false"u8);

    public static bool IsNumber(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'-', ..])
            text = text[1..];
        if (text is [(byte)'0', ..])
            text = text[1..];
        else if (!TryTakeDigits(ref text))
            return false;
        if (text is [(byte)'.', ..] && !TryTakeDigits(ref text, 1))
            return false;
        if (text is not [(byte)'e' or (byte)'E', ..])
            return text.IsEmpty;
        return TryTakeDigits(ref text, text is [_, (byte)'+' or (byte)'-', ..] ? 2 : 1) && text.IsEmpty;
    }

    /// <summary>Takes digits, one at least, behind a number of other bytes.</summary>
    private static bool TryTakeDigits(ref ReadOnlySpan<byte> text, int skipped = 0)
    {
        text = text[skipped..];
        var end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var length = end < 0 ? text.Length : end;
        text = text[length..];
        return length > 0;
    }
}
