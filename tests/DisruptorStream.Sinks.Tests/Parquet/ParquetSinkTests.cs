using DisruptorStream.Parquet;

namespace DisruptorStream.Sinks.Tests.Parquet;

/// <summary>Files of results.</summary>
public sealed class ParquetSinkTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("parquet-sink-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Target => Path.Combine(_directory, "results");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public Task Contract_RealFiles_IsKept() => new ParquetSinkContract(_directory).CheckAllAsync(Token);

    [Fact]
    public async Task Write_DurableProcessor_NamesFilesByTheirResults()
    {
        await Owners.RunAsync(new ParquetSink<string>(Target), Path.Combine(_directory, "state"));

        var numbers = await ParquetRows.IntegersAsync(Target, "number");
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => (long)number), numbers);
        Assert.Equal(["a", "b"], (await ParquetRows.TextsAsync(Target, "key")).Take(2));
        Assert.Equal([1, 1], (await ParquetRows.IntegersAsync(Target, "calls")).Take(2));
        Assert.StartsWith("000000000000001-", Path.GetFileName(ParquetRows.Files(Target).First()));
    }

    /// <summary>Who was killed may have named a file, and not synced the directory.</summary>
    [Fact]
    public async Task Open_FilesAreThere_SyncsTheDirectoryBeforeItTells()
    {
        await Owners.RunAsync(new ParquetSink<string>(Target), Path.Combine(_directory, "state"));
        var disk = new FailingSyncs();

        var sink = new ParquetSink<string>(Target, options: null, disk);
        await Assert.ThrowsAsync<IOException>(() => sink.OpenAsync(Owners.Of(0), Token).AsTask());
        Assert.Equal([Target], disk.Asked);
    }

    [Fact]
    public async Task Open_OldFilesAreMovedAway_GoesOnBehindTheNewest()
    {
        await Owners.RunAsync(new ParquetSink<string>(Target), Path.Combine(_directory, "state"));
        var last = (await ParquetRows.IntegersAsync(Target, "number")).Max();
        File.WriteAllText(Path.Combine(Target, "x.parquet.unfinished"), "half");

        Assert.Equal(last, await new ParquetSink<string>(Target).OpenAsync(Owners.Of(0), Token));
        Assert.Empty(Directory.GetFiles(Target, "*.unfinished"));
    }
}
