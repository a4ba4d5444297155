using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace DisruptorStream.Sources;

/// <summary>A place in a source, as bytes that only the source reads.</summary>
public readonly struct SourcePosition : IEquatable<SourcePosition>
{
    /// <summary>The most bytes.</summary>
    public const int MaxBytes = 1024;

    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[]? _bytes;

    /// <summary>Makes a position.</summary>
    /// <param name="bytes">At most <see cref="MaxBytes"/>; they are copied. None for the start.</param>
    /// <exception cref="ArgumentException">There are more.</exception>
    public SourcePosition(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            throw new ArgumentException(
                $"The position has {bytes.Length} bytes, and at most {MaxBytes} are kept; keep what is needed to find "
                + "the place again.",
                nameof(bytes));
        }

        _bytes = bytes.Length == 0 ? null : bytes.ToArray();
    }

    /// <summary>Where a source begins that was never read.</summary>
    public static SourcePosition Start => default;

    /// <summary>Whether it is <see cref="Start"/>.</summary>
    public bool IsStart => _bytes is null;

    /// <summary>The bytes; none of the start.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Whether two positions are the same bytes.</summary>
    public static bool operator ==(SourcePosition left, SourcePosition right) => left.Equals(right);

    /// <summary>Whether two positions differ.</summary>
    public static bool operator !=(SourcePosition left, SourcePosition right) => !left.Equals(right);

    /// <summary>Makes a position of a number, such as an offset or the number of a message.</summary>
    /// <param name="number">Any; also 0 is not the start.</param>
    public static SourcePosition FromInt64(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return new SourcePosition(bytes);
    }

    /// <summary>The number that it was made of.</summary>
    /// <exception cref="InvalidOperationException">It was made of none.</exception>
    public long ToInt64() => Bytes.Length == sizeof(long)
        ? BinaryPrimitives.ReadInt64LittleEndian(Bytes)
        : throw new InvalidOperationException(
            $"The position '{this}' was not made of a number; ask IsStart first, and read it as the source wrote it.");

    /// <inheritdoc/>
    public bool Equals(SourcePosition other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SourcePosition other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>For people: "the start", the number, the text, or the bytes in hexadecimal.</summary>
    public override string ToString()
    {
        if (IsStart)
            return "the start";
        if (Bytes.Length == sizeof(long))
            return ToInt64().ToString(CultureInfo.InvariantCulture);
        try
        {
            var text = Strict.GetString(Bytes);
            if (!text.AsSpan().ContainsAnyInRange('\0', '\u001f'))
                return text;
        }
        catch (DecoderFallbackException)
        {
            // It is no text.
        }

        return Convert.ToHexString(Bytes);
    }
}
