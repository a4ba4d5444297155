using System.Globalization;
using System.Text;

namespace DisruptorStream.Sources.Files;

/// <summary>A place in a file, and what the file is known by: it may get another name.</summary>
internal sealed record FilePlace
{
    private const string Version = "1";
    private const int Fields = 8;

    /// <summary>The name that it had, without the directory.</summary>
    public required string Name { get; init; }

    /// <summary>Behind the last record that was read, in bytes.</summary>
    public required long Offset { get; init; }

    /// <summary>Whether all of it was read: the next file follows.</summary>
    public bool IsDone { get; init; }

    /// <summary>What it was known by to the system; it tells files apart that have the same bytes.</summary>
    public long Identity { get; init; }

    /// <summary>When it had been written to.</summary>
    public long WrittenTicks { get; init; }

    /// <summary>What its first bytes are.</summary>
    public ulong Head { get; init; }

    /// <summary>What the bytes before the offset are.</summary>
    public ulong Tail { get; init; }

    /// <summary>As text, with the name at the end.</summary>
    public SourcePosition ToPosition() => new(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{Version}|{Offset}|{(IsDone ? 1 : 0)}|{Identity}|{WrittenTicks}|{Head:x16}|{Tail:x16}|{Name}")));

    /// <exception cref="SourcePositionException">It is no position of files.</exception>
    public static FilePlace Read(SourcePosition position)
    {
        var parts = Encoding.UTF8.GetString(position.Bytes).Split('|', Fields);
        if (parts.Length == Fields && string.Equals(parts[0], Version, StringComparison.Ordinal)
            && TryRead(parts[1], out var offset) && TryRead(parts[3], out var identity)
            && TryRead(parts[4], out var written)
            && ulong.TryParse(parts[5], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var head)
            && ulong.TryParse(parts[6], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var tail))
        {
            return new FilePlace
            {
                Offset = offset,
                IsDone = string.Equals(parts[2], "1", StringComparison.Ordinal),
                Identity = identity,
                WrittenTicks = written,
                Head = head,
                Tail = tail,
                Name = parts[7],
            };
        }

        throw new SourcePositionException(
            $"The position '{position}' is none of files: the source of this name was another one before. Give this "
            + "one another name.");
    }

    private static bool TryRead(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
