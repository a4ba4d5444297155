namespace DisruptorStream.Cli.Input.Decoding;

/// <summary>Tells what an input is by its first bytes.</summary>
internal static class BinaryKind
{
    // The bytes, where they are, and what they say.
    private static readonly (int Offset, byte[] Bytes, string Name)[] Known =
    [
        (0, "PK\u0003\u0004"u8.ToArray(), "a ZIP archive (or a spreadsheet)"),
        (0, "PK\u0005\u0006"u8.ToArray(), "an empty ZIP archive"),
        (0, "BZh"u8.ToArray(), "compressed by bzip2"),
        (0, [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "compressed by xz"),
        (0, [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive"),
        (0, [0x04, 0x22, 0x4D, 0x18], "compressed by lz4"),
        (0, [0xFF, 0x06, 0x00, 0x00, (byte)'s', (byte)'N', (byte)'a', (byte)'P'], "compressed by snappy"),
        (0, [0x1F, 0x9D], "compressed by compress"),
        (0, [0x1F, 0xA0], "compressed by compress"),
        (0, "PAR1"u8.ToArray(), "a Parquet file"),
        (0, [(byte)'O', (byte)'b', (byte)'j', 1], "an Avro file"),
        (0, "ORC"u8.ToArray(), "an ORC file"),
        (0, "ARROW1"u8.ToArray(), "an Arrow file"),
        (0, "SQLite format 3\0"u8.ToArray(), "a SQLite database"),
        (0, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an old Office document"),
        (0, [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A], "an HDF5 file"),
        (0, [0x89, (byte)'P', (byte)'N', (byte)'G'], "a PNG picture"),
        (0, [0xFF, 0xD8, 0xFF], "a JPEG picture"),
        (0, "GIF8"u8.ToArray(), "a GIF picture"),
        (0, "%PDF-"u8.ToArray(), "a PDF document"),
        (0, [0x7F, (byte)'E', (byte)'L', (byte)'F'], "a program"),
        (0, [(byte)'M', (byte)'Z', 0x90, 0], "a program"),
        (257, "ustar"u8.ToArray(), "a tar archive"),
    ];

    /// <summary>Whether a byte order mark says UTF-32.</summary>
    public static bool IsUtf32(ReadOnlySpan<byte> head) => head is [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..];

    public static bool IsGzip(ReadOnlySpan<byte> head) => head is [0x1F, 0x8B, ..];

    /// <summary>Whether it is a frame of zstd, or one of those that it skips.</summary>
    public static bool IsZstd(ReadOnlySpan<byte> head) =>
        head is [0x28, 0xB5, 0x2F, 0xFD, ..] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..];

    /// <summary>What an input is that is no text; null where it may be text.</summary>
    public static string? Describe(ReadOnlySpan<byte> head)
    {
        foreach (var (offset, bytes, name) in Known)
        {
            // A text may begin with a magic of letters alone: the rest of such a file shows what it is.
            if (head.Length > offset && head[offset..].StartsWith(bytes) && (HasControls(bytes) || HasControls(head)))
                return name;
        }

        return null;
    }

    /// <summary>
    /// Whether too many bytes of the first line, and of all, are control characters for it to be text. One in a
    /// value is no reason: that is a line like others.
    /// </summary>
    public static bool IsBinary(ReadOnlySpan<byte> head)
    {
        var end = head.IndexOf((byte)'\n');
        return IsMostlyControls(end < 0 ? head : head[..end]) && IsMostlyControls(head);
    }

    /// <summary>Whether every other byte is 0, as in UTF-16 of Latin letters; and whether the first one is.</summary>
    public static bool IsUtf16(ReadOnlySpan<byte> head, out bool isBigEndian)
    {
        Span<int> zeros = stackalloc int[2];
        zeros.Clear();
        for (var i = 0; i < head.Length; i++)
            zeros[i & 1] += head[i] == 0 ? 1 : 0;
        isBigEndian = zeros[0] > zeros[1];
        var (most, least) = (Math.Max(zeros[0], zeros[1]), Math.Min(zeros[0], zeros[1]));
        return head.Length >= 4 && most > head.Length / 4 && least <= most / 8;
    }

    private static bool HasControls(ReadOnlySpan<byte> text) => CountOfControls(text) > 0;

    private static bool IsMostlyControls(ReadOnlySpan<byte> text) => CountOfControls(text) * 10 > text.Length;

    private static int CountOfControls(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var one in text)
            count += one < 0x20 && one is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0C or 0x1B) ? 1 : 0;
        return count;
    }
}
