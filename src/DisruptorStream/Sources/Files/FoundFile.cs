namespace DisruptorStream.Sources.Files;

/// <summary>A file as it was found.</summary>
/// <param name="Name">Its name, without the directory.</param>
/// <param name="Length">In bytes.</param>
/// <param name="WrittenTicks">When it was last written to.</param>
internal sealed record FoundFile(string Name, long Length, long WrittenTicks)
{
    /// <summary>Of a link, what it points to counts; of one that points nowhere yet, nothing.</summary>
    public static FoundFile Of(FileInfo file)
    {
        var real = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true);
        return new(
            file.Name,
            real is FileInfo { Exists: true } found ? found.Length : 0,
            (real ?? file).LastWriteTimeUtc.Ticks);
    }
}
