namespace DisruptorStream.Sources.Files;

/// <summary>A file as it was found.</summary>
/// <param name="Name">Its name, without the directory.</param>
/// <param name="Length">In bytes.</param>
/// <param name="WrittenTicks">When it was last written to.</param>
internal sealed record FoundFile(string Name, long Length, long WrittenTicks)
{
    public static FoundFile Of(FileInfo file) =>
        new(file.Name, file.Exists ? file.Length : 0, file.LastWriteTimeUtc.Ticks);
}
