using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Emission.Records;
using DisruptorStream.Emission.Views;
using DisruptorStream.Windows;

namespace DisruptorStream.Generators.Tests.Rows;

/// <summary>The rows whose reading was generated when these tests were compiled.</summary>
public sealed partial class GeneratedRowTests
{
    [Fact]
    public async Task ReadResultsAsync_EachMember_IsThatOfTheResult()
    {
        await using var processor = Step().Build();
        processor.Publish("a", 1, 4);
        processor.Publish("a", 2, 6);
        processor.Publish("b", 3, 1);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

        var rows = new List<Load>();
        await foreach (var row in processor.ReadResultsAsync<Load>(TestContext.Current.CancellationToken))
            rows.Add(row);

        var start = DateTimeOffset.UnixEpoch;
        Assert.Equal(2, rows.Count);
        Assert.Equal(
            new Load("a", start, start.AddTicks(10), PaneTiming.OnTime, 5, Math.Sqrt(2), 2, 2)
            {
                Window = new TimeWindow(0, 10),
                Sequence = rows[0].Sequence,
            },
            rows[0]);
        Assert.Equal(("b", 1L, (double?)null), (rows[1].Model, rows[1].Count, rows[1].StdDev));
    }

    [Fact]
    public async Task Sink_ReaderAndView_GiveTheSameRows()
    {
        var (sink, latest) = (new Sink(), new LatestResults<string>());
        await using var processor = Step().To(sink).To(latest).Build();
        using var reader = processor.CreateResultReader();
        var binding = processor.BindResults<Load>();
        processor.Publish("a", 1, 4);
        processor.Publish("a", 11, 6);

        var row = Assert.Single(sink.Rows);
        Assert.True(latest.TryGet("a", binding, out var shown));
        Assert.False(latest.TryGet("b", binding, out _));
        Assert.Equal(row, shown);
        Assert.Equal(row, binding.Read(latest.Read()[0]));
        Assert.Equal([row], latest.Read<Load>());
        Assert.Equal([row], latest.Read(binding));
        await processor.StopAsync(StopMode.Abort, TestContext.Current.CancellationToken);
        await foreach (var read in reader.ReadAllAsync(binding, TestContext.Current.CancellationToken))
            Assert.Equal(row, read);
    }

    [Fact]
    public async Task Latest_BeforeTheStart_HasNoRows()
    {
        var latest = new LatestResults<string>();
        await using var processor = Step().Build();

        Assert.Empty(latest.Read<Load>());
        Assert.Empty(latest.Read(processor.BindResults<Load>()));
    }

    [Fact]
    public async Task Latest_WrongNames_AreRefused()
    {
        var latest = new LatestResults<string>();
        await using var processor = Step().To(latest).Build();
        processor.Publish("a", 1, 4);

        Assert.Contains("'Other' has no metric", Assert.Throws<ArgumentException>(() => latest.Read<Wrong>()).Message);
    }

    [Fact]
    public async Task Read_FailedWindow_HasNullsAndNoIntegers()
    {
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .Measure("n", MeasureType.Int64)
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Sum("sum", "n"))
            .WithOptions(new() { Mode = ExecutionMode.Inline, FutureSkewLimit = null })
            .Build();
        processor.PublishBits("a", 1, [long.MaxValue]);
        processor.PublishBits("a", 2, [long.MaxValue]);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
        Assert.True(processor.TryReadResult(out var failed));

        var row = processor.BindResults<Sums>().Read(failed);
        Assert.True(row is { Key: "a", IsFailed: true, Sum: null, AsDouble: null, Failure: not null });
        Assert.Throws<InvalidOperationException>(() => { processor.BindResults<Strict>().Read(failed); });
    }

    [Fact]
    public async Task Bind_WrongNamesAndTypes_AreSaidAllAtOnce()
    {
        await using var processor = Step().Build();

        var refused = Assert.Throws<ArgumentException>(() => processor.ReadResultsAsync<Wrong>());

        Assert.StartsWith(
            "The results cannot be read as 'Wrong': 'Other' has no metric 'Other'; 'Named' has no metric 'no'; 'Mean' "
            + "is a long, and the metric 'mean' holds doubles: make it double. The metrics are 'mean' (double), "
            + "'std_dev' (double), 'count' (long);",
            refused.Message.Replace("GeneratedRowTests.", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bind_KeyOfSeveralParts_GivesEachAMemberAndChecksTheirNames()
    {
        await using var stream = StreamProcessorBuilder.For<(long Ticks, string Tenant, int User)>()
            .EventTime(one => one.Ticks)
            .Key("tenant", one => one.Tenant)
            .Key("user", one => one.User)
            .Query("calls", query => query.By<string, int>("tenant", "user").TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Count("n")))
            .WithOptions(new() { Mode = ExecutionMode.Inline, FutureSkewLimit = null })
            .Build();
        var query = stream.Query<(string, int)>("calls");
        stream.Publish((1, "a", 7));
        stream.Publish((11, "b", 8));
        Assert.True(query.TryReadResult(out var result));

        Assert.Equal(new ByUser("a", 7, 1), query.BindResults<ByUser>().Read(result));
        Assert.Equal(new Renamed(7, "a", 1), query.BindResults<Renamed>().Read(result));
        var refused = Assert.Throws<ArgumentException>(() => query.BindResults<Elsewhere>());
        Assert.Contains(
            "part 1 of its key is 'Region', and that of the query is 'tenant'. The query's key is tenant, user; put "
            + "the members in this order, or name the part with [ResultKey(\"tenant\")].",
            refused.Message);
    }

    [Fact]
    public async Task Bind_SeveralMetricsOfALikeName_AsksWhich()
    {
        await using var processor = StreamProcessorBuilder.ForKeys<string>().TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("su_m").Sum("sum"))
            .WithOptions(new() { Mode = ExecutionMode.Inline, FutureSkewLimit = null })
            .Build();

        var refused = Assert.Throws<ArgumentException>(() => processor.BindResults<Strict>());

        Assert.Contains("'Sum' may be 'su_m' or 'sum'", refused.Message);
    }

    [Fact]
    public async Task Read_RowOfAStruct_AllocatesNothing()
    {
        await using var processor = Step().Build();
        processor.Publish("a", 1, 4);
        processor.Publish("a", 11, 4);
        Assert.True(processor.TryReadResult(out var result));
        var binding = processor.BindResults<Load>();
        _ = binding.Read(result);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var row = binding.Read(result);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal("a", row.Model);
    }

    private static BuildStep<string> Step() => StreamProcessorBuilder.ForKeys<string>()
        .TumblingWindows(TimeSpan.FromTicks(10))
        .Aggregate(a => a.Average("mean").StandardDeviation("std_dev").Count("count"))
        .WithOptions(new() { Mode = ExecutionMode.Inline, FutureSkewLimit = null });

    [ResultRow]
    internal readonly partial record struct Load(
        [ResultKey] string Model,
        DateTimeOffset Start,
        DateTimeOffset WindowEnd,
        PaneTiming Timing,
        double Mean,
        double? StdDev,
        long Count,
        [Metric("count")] double AsDouble)
    {
        public TimeWindow Window { get; init; }

        public required long Sequence { get; init; }
    }

    [ResultRow]
    internal sealed partial record Sums(
        string Key, bool IsFailed, Exception? Failure, long? Sum, [Metric("sum")] double? AsDouble);

    [ResultRow]
    internal partial record struct Strict(string Key, long Sum);

    [ResultRow]
    internal partial record struct Wrong(string Key, double Other, [Metric("no")] double Named, long Mean);

    private sealed class Sink : RowSink<Load, string>
    {
        public List<Load> Rows { get; } = [];

        protected override void OnRows(ReadOnlySpan<Load> rows) => Rows.AddRange(rows);
    }

    [ResultRow]
    internal sealed partial record ByUser([ResultKey] string Tenant, [ResultKey] int User, long N);

    [ResultRow]
    internal sealed partial record Elsewhere([ResultKey] string Region, [ResultKey] int User, long N);

    [ResultRow]
    internal sealed partial record Renamed
    {
        public Renamed(int id, string owner, long n) => (Owner, Id, N) = (owner, id, n);

        [ResultKey("tenant")]
        public string Owner { get; }

        [ResultKey("user")]
        public int Id { get; }

        public long N { get; }
    }
}
