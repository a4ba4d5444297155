using System.Globalization;
using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Durability;
using DisruptorStream.Sources;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Sources;

/// <summary>Texts of symbols, where the events of a source are read again.</summary>
public sealed class OrderSymbolTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("order-symbols-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>A source that gives other texts is refused, and the table of the program serves the next try.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1_234)]
    [InlineData(2_999)]
    public async Task Build_AfterARefusalWithTheSameTable_GoesOn(int changed)
    {
        var readings = Enumerable.Range(0, 3_000)
            .Select(index => new Reading(index, $"key-{index % 5}", index)).ToArray();
        await using (var processor = Step(new SymbolTable(), readings)
            .DurableIn(_directory, Copying() with { SegmentBytes = 1 << 14 }).Build())
        {
            processor.Start();
            await Processors.UntilAsync(() => processor.GetStats().EventsProcessed == readings.Length);
            await processor.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);
            await processor.StopAsync(StopMode.Abort, TestContext.Current.CancellationToken);
        }

        var others = (Reading[])readings.Clone();
        others[changed] = readings[changed] with { Value = 1_000_000 };
        var table = new SymbolTable();
        var refused = Assert.Throws<DurabilityException>(
            () => Step(table, others).DurableIn(_directory, Copying()).Build());
        Assert.Contains("gives other events", refused.Message, StringComparison.Ordinal);

        await using var next = Step(table, readings).DurableIn(_directory, Copying()).Build();
        Assert.Equal(readings.Length, next.GetStats().EventsProcessed);
    }

    private static DurabilityOptions Copying() => new() { Snapshots = SnapshotMethod.Copy };

    private static BuildStep<Reading, string> Step(SymbolTable table, Reading[] readings) =>
        StreamProcessorBuilder.For<Reading>()
            .KeyBy(reading => reading.Key)
            .EventTime(reading => reading.Ticks)
            .Symbol("city", table, reading => string.Create(CultureInfo.InvariantCulture, $"city {reading.Value}"))
            .TumblingWindows(TimeSpan.FromTicks(100))
            .Aggregate(a => a.Distinct("cities", "city"))
            .WithOptions(Processors.Options(ExecutionMode.Fused) with { ShutdownTimeout = Processors.Patience })
            .To(new CollectingSink<string>())
            .ReadFrom(
                "a",
                (ISeekableSource<Reading>)new ListSource(readings),
                new SourceOptions { Journal = SourceJournal.Order, BatchEvents = 100 });
}
