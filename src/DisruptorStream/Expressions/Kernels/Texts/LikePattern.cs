using System.Text;

namespace DisruptorStream.Expressions.Kernels.Texts;

/// <summary>A pattern of like, ready to be held against texts: % is any text, _ any one code point.</summary>
internal sealed class LikePattern
{
    private const short AnyText = -1;
    private const short AnyOne = -2;

    // Bytes of UTF-8, and what stands for others.
    private readonly short[] _parts;

    private LikePattern(short[] parts) => _parts = parts;

    /// <param name="pattern">The pattern.</param>
    /// <param name="escape">The character that takes the meaning of the one behind it; null for none.</param>
    /// <param name="compiled">The pattern; null where it ends with its escape character.</param>
    public static bool TryCompile(string pattern, Rune? escape, out LikePattern? compiled)
    {
        var parts = new List<short>();
        Span<byte> bytes = stackalloc byte[4];
        var isEscaped = false;
        foreach (var rune in pattern.EnumerateRunes())
        {
            if (!isEscaped && rune == escape)
            {
                isEscaped = true;
                continue;
            }

            if (!isEscaped && rune.Value is '%' or '_')
            {
                parts.Add(rune.Value == '%' ? AnyText : AnyOne);
            }
            else
            {
                foreach (var one in bytes[..rune.EncodeToUtf8(bytes)])
                    parts.Add(one);
            }

            isEscaped = false;
        }

        compiled = isEscaped ? null : new LikePattern([.. parts]);
        return !isEscaped;
    }

    /// <summary>
    /// Whether a text fits. After a mismatch, the last % takes one code point more; those before it need not be tried
    /// again.
    /// </summary>
    public bool Fits(ReadOnlySpan<byte> text)
    {
        var (at, part) = (0, 0);
        var (retryAt, retryPart) = (-1, -1);
        while (at < text.Length)
        {
            if (part < _parts.Length && _parts[part] == AnyText)
            {
                (retryAt, retryPart) = (at, ++part);
            }
            else if (part < _parts.Length && _parts[part] == AnyOne)
            {
                at = CodePoints.Next(text, at);
                part++;
            }
            else if (part < _parts.Length && _parts[part] == text[at])
            {
                at++;
                part++;
            }
            else if (retryPart >= 0)
            {
                retryAt = CodePoints.Next(text, retryAt);
                (at, part) = (retryAt, retryPart);
            }
            else
            {
                return false;
            }
        }

        while (part < _parts.Length && _parts[part] == AnyText)
            part++;
        return part == _parts.Length;
    }
}
