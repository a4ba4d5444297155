using DisruptorStream.Emission;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Files;
using DisruptorStream.Emission.Tables;

namespace DisruptorStream.Tests.Emission.Files;

/// <summary>Files get each result once, and are understood when they are not whole.</summary>
public sealed class FileSinkTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("file-sink-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Csv => Path.Combine(_directory, "sub", "results.csv");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(FileSinkFormat.Csv)]
    [InlineData(FileSinkFormat.Ndjson)]
    public Task Contract_RealFiles_IsKept(FileSinkFormat format) =>
        new FileSinkContract(_directory, format).CheckAllAsync(Token);

    [Fact]
    public async Task Write_ProcessorThatIsNotDurable_WritesRowsOfAllRuns()
    {
        for (var run = 0; run < 2; run++)
            await RunAsync(new FileSink<string>(Csv));

        Assert.Equal(
            [
                "query,number,key,window_start,window_end,pane,timing,is_last,rank,remark,count",
                "calls,1,\"a, \"\"b\"\"\",1970-01-01T00:00:00Z,1970-01-01T00:00:01Z,0,on time,true,,,1",
                "calls,1,\"a, \"\"b\"\"\",1970-01-01T00:00:00Z,1970-01-01T00:00:01Z,0,on time,true,,,1",
            ],
            File.ReadAllLines(Csv));
    }

    [Fact]
    public async Task Write_LinesOfJsonAndTicks_AreObjects()
    {
        var path = Path.Combine(_directory, "results.jsonl");
        await RunAsync(new FileSink<string>(path, new FileSinkOptions { Times = WindowTimes.Ticks }));

        Assert.Equal(
            ("{'query':'calls','number':1,'key':'a, \\u0022b\\u0022','window_start':0,'window_end':10000000,'pane':0,"
                + "'timing':'on time','is_last':true,'rank':null,'remark':null,'count':1}").Replace('\'', '"'),
            Assert.Single(File.ReadAllLines(path)));
    }

    [Fact]
    public async Task Open_TornTail_IsCut()
    {
        await WriteAsync(1, 3);
        var whole = await File.ReadAllBytesAsync(Csv, Token);
        await File.AppendAllTextAsync(Csv, "calls,4,half a li", Token);

        Assert.Equal(3, await new FileSink<string>(Csv).OpenAsync(Owner(2), Token));

        Assert.Equal(whole, await File.ReadAllBytesAsync(Csv, Token));
    }

    [Fact]
    public async Task Open_OneSlotOfThePositionIsTorn_TheOtherOneCounts()
    {
        await WriteAsync(1, 3);
        var (data, position) = (File.ReadAllBytes(Csv), File.ReadAllBytes($"{Csv}.position"));
        var before = new List<long>();
        foreach (var at in (int[])[20, 4096 + 20])
        {
            var torn = position.ToArray();
            torn[at] ^= 1;
            File.WriteAllBytes($"{Csv}.position", torn);
            File.WriteAllBytes(Csv, data);
            before.Add(await new FileSink<string>(Csv).OpenAsync(Owner(1), Token));
        }

        Assert.Equal([0, 3], before.Order());
    }

    [Fact]
    public async Task Open_NotItsFile_IsRefused()
    {
        await WriteAsync(1, 3);
        Assert.Contains("another query", (await RefusedAsync(Owner(1) with { QueryName = "others" })).Message);
        var other = Owner(9) with { StreamId = new string('b', 32) };
        Assert.Contains("move the old one away", (await RefusedAsync(other)).Message);

        File.WriteAllText(Csv, "short");
        Assert.Contains("set back or lost", (await RefusedAsync(Owner(1))).Message);
        File.Delete($"{Csv}.position");
        Assert.Contains("is not empty", (await RefusedAsync(Owner(1))).Message);
        Assert.Contains("'.txt'", Assert.Throws<ArgumentException>(() => new FileSink<string>("a.txt")).Message);
    }

    [Fact]
    public async Task Start_OtherColumns_AreRefused()
    {
        await RunAsync(new FileSink<string>(Csv));
        var sink = new FileSink<string>(Csv);
        await sink.OpenAsync(Owner(0) with { ProcessorName = "calls", QueryName = "calls" }, Token);
        var context = new SinkContext { ProcessorName = "calls", Schema = Rows.CountAndSum };

        Assert.Contains(
            "other columns",
            (await Assert.ThrowsAsync<InvalidOperationException>(
                () => sink.StartAsync(context, Token).AsTask())).Message);
    }

    [Fact]
    public async Task Write_AnotherProcessHasTheFile_WaitsAndThenFails()
    {
        await WriteAsync(1, 3);
        var sink = new FileSink<string>(Csv, new FileSinkOptions { LockTimeout = TimeSpan.FromMilliseconds(20) });
        using (File.Open($"{Csv}.lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var failed = await Assert.ThrowsAsync<IOException>(() => sink.OpenAsync(Owner(2), Token).AsTask());
            Assert.Contains("Another process", failed.Message);
            using var cancelled = new CancellationTokenSource(20);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => new FileSink<string>(Csv).OpenAsync(Owner(2), cancelled.Token).AsTask());
        }

        Assert.Equal(3, await sink.OpenAsync(Owner(2), Token));
    }

    [Fact]
    public async Task Write_ManyWritesOfWhichSomeFail_HasTheRowsOfWritesThatComeAlone()
    {
        var steps = 0;
        var path = Path.Combine(_directory, "many.csv");
        var many = new FileSink<string>(path)
        {
            OnStep = _ =>
            {
                if (++steps % 17 == 0)
                    throw new IOException("the disk is full");
            },
        };
        await RunManyAsync(many, batchSize: 64);
        await RunManyAsync(new FileSink<string>(Csv), batchSize: 3_000);

        // Not a durable processor: a write whose position was noted before it failed comes again.
        Assert.Equal(File.ReadLines(Csv), File.ReadLines(path).Distinct());
    }

    private static DurableSinkOwner Owner(long epoch) => new()
    {
        ProcessorName = "p",
        QueryName = "calls",
        Epoch = epoch,
        StreamId = epoch == 0 ? "" : new string('a', 32),
        PlanFingerprint = "f",
    };

    private static async Task RunAsync(FileSink<string> sink)
    {
        await using var processor = Processors.Tumbling(TimeSpan.TicksPerSecond).Counting(ExecutionMode.Fused)
            .WithName("calls").To(sink).Build();
        processor.Start();
        processor.Publish("a, \"b\"", 1, 1);
        await processor.StopAsync(StopMode.Complete, Token);
    }

    private static async Task RunManyAsync(FileSink<string> sink, int batchSize)
    {
        await using var processor = Processors.Tumbling(1).Counting(ExecutionMode.Fused)
            .WithName("calls")
            .To(sink, new AsyncSinkOptions
            {
                BatchSize = batchSize,
                FailurePolicy = SinkFailurePolicy.Retry(20, TimeSpan.Zero),
            })
            .Build();
        processor.Start();
        for (var time = 0; time < 3_000; time++)
            processor.Publish($"key {time % 7}", time, 1);
        await processor.StopAsync(StopMode.Complete, Token);
    }

    private async Task<InvalidOperationException> RefusedAsync(DurableSinkOwner owner) =>
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => new FileSink<string>(Csv).OpenAsync(owner, Token).AsTask());

    private async Task WriteAsync(long first, int count)
    {
        var sink = new FileSink<string>(Csv);
        await sink.OpenAsync(Owner(1), Token);
        await sink.StartAsync(new SinkContext { ProcessorName = "p", Schema = Rows.CountAndSum }, Token);
        var batch = Rows.Owned(count);
        batch.NumberFrom(first);
        await sink.WriteAsync([.. batch], Token);
        await sink.CompleteAsync(null);
    }
}
