namespace DisruptorStream.Durability.Files;

/// <summary>Writes all parts by calls that take so many of them, and may stop anywhere.</summary>
internal static class GatheredWrite
{
    /// <summary>IOV_MAX of Linux and macOS: the most parts of a call.</summary>
    public const int MostParts = 1024;

    public static void Run<TCall>(TCall call, long offset, ReadOnlySpan<FilePart> parts)
        where TCall : struct, IGatheredCall
    {
        while (!parts.IsEmpty)
        {
            var written = call.Write(offset, parts[..Math.Min(parts.Length, MostParts)]);
            offset += written;
            var whole = 0;
            while (whole < parts.Length && written >= (long)parts[whole].Length)
                written -= (long)parts[whole++].Length;
            parts = parts[whole..];
            if (written > 0)
            {
                var rest = new FilePart(parts[0].Address + (nint)written, parts[0].Length - (nuint)written);
                WriteWhole(call, offset, rest);
                offset += (long)rest.Length;
                parts = parts[1..];
            }
        }
    }

    private static void WriteWhole<TCall>(TCall call, long offset, FilePart part)
        where TCall : struct, IGatheredCall
    {
        while (part.Length > 0)
        {
            var written = call.Write(offset, new ReadOnlySpan<FilePart>(in part));
            offset += written;
            part = new FilePart(part.Address + (nint)written, part.Length - (nuint)written);
        }
    }
}
