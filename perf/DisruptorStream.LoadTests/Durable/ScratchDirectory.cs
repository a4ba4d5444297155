namespace DisruptorStream.LoadTests.Durable;

/// <summary>A directory of this run alone, deleted at its end.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    /// <param name="parent">Where it is made.</param>
    public ScratchDirectory(string parent)
    {
        Path = System.IO.Path.Combine(parent, $"durable-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    /// <summary>Another one inside.</summary>
    public ScratchDirectory Inner() => new(Path);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
