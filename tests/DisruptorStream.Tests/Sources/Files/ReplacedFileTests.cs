using DisruptorStream.Sources;

namespace DisruptorStream.Tests.Sources.Files;

/// <summary>Files that become others under the hands of a reader, or are reached by links.</summary>
public sealed class ReplacedFileTests : IDisposable
{
    private readonly WrittenFiles _files = new();

    public void Dispose() => _files.Dispose();

    /// <summary>Logs of containers are links: what is read is what they point to.</summary>
    [Fact]
    public async Task OpenAsync_ALinkToAFile_GoesOnInTheFile()
    {
        var target = _files.PathOf("elsewhere-with-a-name");
        File.WriteAllText(target, string.Concat(Enumerable.Repeat("a long line of a long file\n", 50)));
        File.CreateSymbolicLink(_files.Path, target);
        var (first, next, _) = await WrittenFiles.ReadAsync(_files.Source(), SourcePosition.Start);
        File.AppendAllText(target, "b\n");
        var (more, _, _) = await WrittenFiles.ReadAsync(_files.Source(), next);

        Assert.Equal(50, first.Count);
        Assert.Equal(["b"], more);
    }

    /// <summary>The lag of a link is that of the file.</summary>
    [Fact]
    public async Task ReadAsync_LinksWithAStar_GiveAllOfTheirFiles()
    {
        File.CreateSymbolicLink(_files.PathOf("calls-1.csv"), _files.PathOf("x"));
        File.CreateSymbolicLink(_files.PathOf("calls-2.csv"), _files.PathOf("y"));
        File.WriteAllText(_files.PathOf("x"), "a\n");
        var source = _files.Source(name: "calls-*.csv");
        var (read, next, _) = await WrittenFiles.ReadAsync(source, SourcePosition.Start);
        Assert.Equal(["a"], read);

        // Nothing is there behind it yet: it may still grow.
        File.AppendAllText(_files.PathOf("x"), "b\n");
        File.WriteAllText(_files.PathOf("y"), "c\n");
        var (more, _, _) = await WrittenFiles.ReadAsync(source, next);
        Assert.Equal(["b", "c"], more);
    }

    /// <summary>As tools do that write a copy beside the file, and rename it.</summary>
    [Fact]
    public async Task ReadAsync_AFileThatIsReplacedByALongerOne_GoesOnInThatOne()
    {
        _files.Append("one\ntwo\n");
        await using var reader = await OpenAsync();
        Assert.Equal(["one", "two"], await ReadAsync(reader));
        File.WriteAllText(_files.PathOf("new"), "one\ntwo\nthree\n");
        File.Move(_files.PathOf("new"), _files.Path, overwrite: true);

        Assert.Equal(["three"], await ReadAsync(reader));
        _files.Append("four\n");
        Assert.Equal(["four"], await ReadAsync(reader));
    }

    [Fact]
    public async Task ReadAsync_AFileThatIsReplacedInTheMiddleOfALine_GoesOnInThatOne()
    {
        _files.Append("one\ntw");
        await using var reader = await OpenAsync();
        Assert.Equal(["one"], await ReadAsync(reader));
        File.WriteAllText(_files.PathOf("new"), "one\ntwo\nthree\n");
        File.Move(_files.PathOf("new"), _files.Path, overwrite: true);

        Assert.Equal(["two", "three"], await ReadAsync(reader));
    }

    /// <summary>What was read of it lies in the next file too: that is another file all the same.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("a\n")]
    public async Task ReadAsync_AFileOfANameThatIsGone_GoesOnWithTheNextFromItsStart(string before)
    {
        if (before.Length == 0)
            _files.AppendTo("calls-0.csv", "a\n");
        _files.AppendTo("calls-1.csv", before);
        await using var reader = await _files.Source(name: "calls-*.csv").OpenAsync(
            SourcePosition.Start, TestContext.Current.CancellationToken);
        var first = await ReadAsync(reader);
        File.Delete(_files.PathOf("calls-1.csv"));
        _files.AppendTo("calls-2.csv", "a\nb\n");

        Assert.Equal(["a"], first);
        Assert.Equal(["a", "b"], await ReadAsync(reader));
    }

    /// <summary>Rotated by copying and deleting, while the reader has all of it.</summary>
    [Fact]
    public async Task ReadAsync_AFileThatIsCopiedAndDeleted_IsNotReadAgain()
    {
        _files.Append("one\ntwo\n");
        await using var reader = await OpenAsync();
        Assert.Equal(["one", "two"], await ReadAsync(reader));
        File.Copy(_files.Path, _files.PathOf("calls.csv.1"));
        File.Delete(_files.Path);
        Assert.Empty(await ReadAsync(reader));
        _files.Append("three\n");

        Assert.Equal(["three"], await ReadAsync(reader));
    }

    /// <summary>It is longer than before when it is looked at, so its length says nothing.</summary>
    [Theory]
    [InlineData("one\ntwo\n")]
    [InlineData("one\ntw")]
    public async Task ReadAsync_AFileThatIsCutOffAndFilledAgainMeanwhile_IsRefused(string before)
    {
        _files.Append(before);
        await using var reader = await OpenAsync();
        await ReadAsync(reader);
        using (var file = new FileStream(_files.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(0);
            file.Write("another\nthing\naltogether\n"u8);
        }

        var refused = await Assert.ThrowsAsync<SourcePositionException>(() => ReadAsync(reader));
        Assert.Contains(_files.Path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("give the source another name", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string[]> ReadAsync(ISeekableReader<string> reader)
    {
        var read = new List<string>();
        var batch = new SourceBatch<string>(8);
        while (true)
        {
            batch.Clear();
            await reader.ReadAsync(batch, TestContext.Current.CancellationToken);
            _ = reader.Position;
            if (batch.Count == 0)
                return [.. read];
            read.AddRange(batch.Events.ToArray());
        }
    }

    private async Task<ISeekableReader<string>> OpenAsync() =>
        await _files.Source().OpenAsync(SourcePosition.Start, TestContext.Current.CancellationToken);
}
