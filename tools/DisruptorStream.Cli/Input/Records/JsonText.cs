using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace DisruptorStream.Cli.Input.Records;

/// <summary>Reads the text between the quotes of a JSON string, which the reader has found to be well formed.</summary>
internal static class JsonText
{
    /// <summary>Resolves the escapes.</summary>
    /// <param name="escaped">The text as it is written.</param>
    /// <param name="text">Where it goes; as long as <paramref name="escaped"/> is enough.</param>
    /// <param name="length">How long it is there.</param>
    /// <returns>False where it is no text: half a surrogate pair, or bytes that are not UTF-8.</returns>
    public static bool TryUnescape(ReadOnlySpan<byte> escaped, Span<byte> text, out int length)
    {
        length = 0;
        while (true)
        {
            var place = escaped.IndexOf((byte)'\\');
            var part = place < 0 ? escaped : escaped[..place];
            part.CopyTo(text[length..]);
            length += part.Length;
            if (place < 0)
                return Utf8.IsValid(text[..length]);
            escaped = escaped[place..];
            if (!TryTakeEscape(ref escaped, text[length..], out var written))
                return false;
            length += written;
        }
    }

    private static bool TryTakeEscape(ref ReadOnlySpan<byte> escaped, Span<byte> text, out int written)
    {
        written = 1;
        if (escaped[1] == 'u')
            return TryTakeUnicode(ref escaped, text, out written);
        text[0] = escaped[1] switch
        {
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            var one => one,
        };
        escaped = escaped[2..];
        return true;
    }

    private static bool TryTakeUnicode(ref ReadOnlySpan<byte> escaped, Span<byte> text, out int written)
    {
        written = 0;
        var first = TakeUnit(ref escaped);
        if (Rune.TryCreate(first, out var rune))
            return rune.TryEncodeToUtf8(text, out written);
        return escaped is [(byte)'\\', (byte)'u', ..]
            && Rune.TryCreate(first, TakeUnit(ref escaped), out rune)
            && rune.TryEncodeToUtf8(text, out written);
    }

    private static char TakeUnit(ref ReadOnlySpan<byte> escaped)
    {
        var unit = ushort.Parse(escaped.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        escaped = escaped[6..];
        return (char)unit;
    }
}
