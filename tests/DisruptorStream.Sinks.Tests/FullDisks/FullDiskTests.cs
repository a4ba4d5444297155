using DisruptorStream.Emission;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Files;
using DisruptorStream.Parquet;
using DisruptorStream.Sinks.Tests.Parquet;
using DisruptorStream.Sinks.Tests.Sqlite;
using DisruptorStream.Sqlite;

namespace DisruptorStream.Sinks.Tests.FullDisks;

/// <summary>The disk of a target becomes full: the error says so, and nothing is lost when there is room.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int Events = 6_000;
    private const int LeftBytes = 200 << 10;

    private readonly string _directory = Directory.CreateTempSubdirectory("full-").FullName;
    private readonly SmallDisk? _disk;

    public FullDiskTests() => _disk = SmallDisk.TryMount(Path.Combine(_directory, "disk"), kibibytes: 16 << 10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Target => Path.Combine(_disk!.Path, "target");

    public void Dispose()
    {
        _disk?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("DELETE")]
    [InlineData("WAL")]
    public async Task Sqlite_DiskBecomesFull_SaysSoAndLosesNothing(string journal)
    {
        Assert.SkipWhen(_disk is null, "This process may not mount a small disk.");
        Execute($"PRAGMA journal_mode = {journal}");

        var failed = await FailAsync(() => new SqliteSink<string>(
            Database, "calls", new SqliteSinkOptions { CreateTables = true }));

        Assert.Contains($"the table 'calls' of '{Target}'", failed, StringComparison.Ordinal);
        Assert.Contains("Make room on the disk of the database", failed, StringComparison.Ordinal);
        await GoOnAsync(() => new SqliteSink<string>(
            Database, "calls", new SqliteSinkOptions { CreateTables = true }));
        Assert.Equal([$"{Events}|1|{Events}|{Events}"], Rows(
            "SELECT count(*), min(number), max(number), sum(calls) FROM calls"));
        Assert.Equal(["ok"], Rows("PRAGMA integrity_check"));
    }

    [Fact]
    public async Task Parquet_DiskBecomesFull_SaysSoAndLosesNothing()
    {
        Assert.SkipWhen(_disk is null, "This process may not mount a small disk.");

        var failed = await FailAsync(() => new ParquetSink<string>(Target));

        Assert.Contains(Target, failed, StringComparison.Ordinal);
        Assert.Contains("No space left on device", failed, StringComparison.Ordinal);
        await GoOnAsync(() => new ParquetSink<string>(Target));
        Assert.Equal(
            Enumerable.Range(1, Events).Select(number => (long)number),
            await ParquetRows.IntegersAsync(Target, "number"));
        Assert.Equal(Enumerable.Range(0, Events).Select(KeyOf), await ParquetRows.TextsAsync(Target, "key"));
        Assert.Empty(Directory.GetFiles(Target, "*.unfinished"));
    }

    [Fact]
    public async Task File_DiskBecomesFull_SaysSoAndLosesNothing()
    {
        Assert.SkipWhen(_disk is null, "This process may not mount a small disk.");
        FileSink<string> NewSink() => new($"{Target}.csv");

        var failed = await FailAsync(NewSink);

        Assert.Contains($"'{Target}.csv': No space left on device", failed, StringComparison.Ordinal);
        await GoOnAsync(NewSink);
        Assert.Equal(
            Enumerable.Range(0, Events).Select(number => $"calls,{number + 1},{KeyOf(number)}"),
            File.ReadLines($"{Target}.csv").Skip(1).Select(line => string.Join(',', line.Split(',')[..3])));
    }

    private string Database => $"Data Source={Target};Pooling=False";

    private static string KeyOf(int index) => $"{index:D8}{new Random(index).Next():X}{new string('k', 60)}";

    /// <summary>Publishes until the processor fails, and gives what it failed with.</summary>
    private async Task<string> FailAsync(Func<IAsyncDurableSink<string>> newSink)
    {
        _disk!.Fill(LeftBytes);
        await using var processor = Build(newSink());
        processor.Start();
        var failed = await Record.ExceptionAsync(async () =>
        {
            await PublishAsync(processor);
            await processor.StopAsync(StopMode.Suspend, Token);
        });
        var failure = Assert.IsType<PipelineException>(failed);
        await processor.DisposeAsync();

        // Without room it fails in the same way, and no row is lost by that either.
        var again = await Record.ExceptionAsync(async () =>
        {
            await using var second = Build(newSink());
            second.Start();
            await PublishAsync(second);
            await second.StopAsync(StopMode.Suspend, Token);
        });
        Assert.NotNull(again);
        return failure.InnerException!.Message;
    }

    private async Task GoOnAsync(Func<IAsyncDurableSink<string>> newSink)
    {
        _disk!.Empty();
        await using var processor = Build(newSink());
        processor.Start();
        await PublishAsync(processor);
        await processor.StopAsync(StopMode.Complete, Token);
    }

    private StreamProcessor<string> Build(IAsyncDurableSink<string> sink) =>
        StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(TimeSpan.FromSeconds(1))
            .Aggregate(a => a.Count("calls"))
            .WithName("calls")
            .WithOptions(new StreamProcessorOptions { FutureSkewLimit = null })
            .To(sink, new AsyncSinkOptions { BatchSize = 100, MaxDelay = TimeSpan.FromMilliseconds(5) })
            .DurableIn(Path.Combine(_directory, "state"))
            .Build();

    /// <summary>Those that the processor does not have yet.</summary>
    private static async Task PublishAsync(StreamProcessor<string> processor)
    {
        for (var at = (int)processor.GetStats().EventsProcessed; at < Events; at++)
            processor.Publish(KeyOf(at), at * TimeSpan.TicksPerSecond, 1);
        await processor.FlushAsync(Token);
    }

    private void Execute(string text) => Rows(text);

    private List<string> Rows(string text) => SqliteRows.Of(Database, text);
}
