using CsCheck;
using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Filters;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Tests.Aggregation;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.State.Accumulators;

/// <summary>A filtered metric is that of the events which pass, whatever the block sizes and the keys.</summary>
public sealed class FilteredAccumulatorTests
{
    // Blocks are of 256 events: both below and above.
    private static readonly Gen<(int Record, double Value, bool Passes)[]> AnyEvents =
        Gen.Select(Gen.Int[0, 3], Gen.Double[-1000, 1000], Gen.Bool).Array[0, 700];

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    public void Accumulate_AnyEvents_EqualsThoseThatPassAlone(int bit) => AnyEvents.Sample(
        events =>
        {
            using var filtered = New(bit);
            using var plain = New(filter: null);
            var only = 1L << bit;
            filtered.AddFiltered([.. events.Select(one => (one.Record, one.Value, one.Passes ? only : ~only))]);
            foreach (var (record, value, passes) in events)
            {
                if (passes)
                    plain.Add(record, value);
            }

            for (var record = 0; record < 4; record++)
                Assert.Equal(plain.ReadBits(record), filtered.ReadBits(record));
        },
        iter: 50,
        threads: 1);

    [Fact]
    public void Merge_TwoRecords_HoldsWhatPassedOfBoth()
    {
        using var filtered = New(3);
        filtered.AddFiltered([(0, 2, 8), (0, 100, 7), (1, 5, 8), (1, 100, 0)]);

        filtered.Merge(0, 1);

        Assert.Equal((2, 7, 3.5), (filtered.Read(0, 0), filtered.Read(0, 1), filtered.Read(0, 2)));
    }

    [Fact]
    public void Save_RecordOfFiltered_IsLoadedAgain()
    {
        using var saved = New(3);
        saved.AddFiltered([(0, 2, 8), (0, 100, 7), (0, 5, 8)]);
        var state = saved.Save(0);
        using var loaded = new Records(Metrics, filter: FilterOf(3));

        loaded.Load(state, 1, saved);
        loaded.AddFiltered([(0, 100, 7), (0, 9, 8)]);

        Assert.Equal((3, 16), (loaded.Read(0, 0), loaded.Read(0, 1)));
    }

    /// <summary>
    /// An event of several windows is gathered once for each of them, with its own sequence each time: what comes after
    /// the pane of one of them is still later.
    /// </summary>
    [Fact]
    public async Task Last_EventsInSeveralWindows_IsThatPublishedLast()
    {
        var panes = new CollectingSink<int>();
        await using var readings = StreamProcessorBuilder.For<(long Time, double Value)>()
            .EventTime(reading => reading.Time)
            .Measure("value", reading => reading.Value)
            .Key("all", _ => 0)
            .Query("last", query => query.By<int>("all")
                .CustomWindows(new Twice()).WatermarksPerKey(TimeSpan.FromTicks(9), null).Early(2)
                .Aggregate(a => a.Last("last", "value", where: reading => reading.Value != 0)).To(panes))
            .Build();

        readings.Publish([(5, 1), (5, 2)]);
        await readings.StopAsync(StopMode.Complete);

        Assert.Equal([2, 2, 2, 2], panes.Results.Select(pane => pane["last"]));
    }

    private static Records New(int? filter)
    {
        var records = new Records(Metrics, filter: filter is { } bit ? FilterOf(bit) : null);
        for (var record = 0; record < 4; record++)
            records.New();
        return records;
    }

    private static void Metrics(AggregateBuilder aggregates) => aggregates.Count("n").Sum("sum").Average("mean")
        .Max("max").StandardDeviation("spread").Percentile("p90", 90).Distinct("values").MovingAverage("moving", 0.5);

    private static MetricFilter FilterOf(int bit) => new(bit, "passes");

    private readonly struct Twice : IWindowAssigner
    {
        public int MaxWindowsPerEvent => 2;

        public int Assign(long timestampTicks, Span<TimeWindow> windows)
        {
            windows[0] = new TimeWindow(0, 10);
            windows[1] = new TimeWindow(0, 20);
            return 2;
        }
    }
}
