using DisruptorStream.Building;
using DisruptorStream.Durability;
using DisruptorStream.Statistics;

namespace DisruptorStream.Tests.Durability;

/// <summary>What reports and figures say to people: one line, and no type names.</summary>
public sealed class StatsTextTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("texts-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task ToString_OfARecovery_SaysHowFarItCame()
    {
        var first = await RunAsync();
        var second = await RunAsync();

        Assert.Equal("a new stream", first.Recovery.ToString());
        Assert.StartsWith("recovered up to slot ", second.Recovery.ToString(), StringComparison.Ordinal);
        Assert.Contains(" slots handled again, ", second.Recovery.ToString(), StringComparison.Ordinal);
        AssertLine(second.Recovery.ToString());
        AssertLine(second.Stats.ToString());
        Assert.Contains("durable to ", second.Stats.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_OfARecoveryWithRemarks_HasThem()
    {
        var report = new RecoveryReport
        {
            IsRecovered = true,
            SnapshotSequence = 1000,
            LastSequence = 1234,
            SlotsReplayed = 234,
            Duration = TimeSpan.FromMilliseconds(12),
            BytesCut = 5,
            Remarks = ["one", "two"],
        };

        Assert.Equal(
            "recovered up to slot 1,234: snapshot at slot 1,000, 234 slots handled again, 12 ms, 5 half-written bytes "
            + "left out; one; two",
            report.ToString());
    }

    [Fact]
    public async Task ToString_OfARecorder_SaysWhatItHolds()
    {
        await using var processor = Step().RecordTo(_directory).Build();
        processor.Publish("a", 1, 1);
        var dump = processor.FlightRecorder!.Dump();

        var text = processor.FlightRecorder!.GetStats().ToString();

        Assert.StartsWith("slots 0 to ", text, StringComparison.Ordinal);
        Assert.Contains($", 1 dumps, the last one: {dump}", text, StringComparison.Ordinal);
        AssertLine(text);
        Assert.Contains("recorder ", processor.GetStats().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_OfASlidingWindow_HasItsFigures()
    {
        var window = new SlidingWindowStats(3);
        Assert.Equal("no values", window.ToString());

        window.Add(1);
        window.Add(2);

        Assert.Equal("2 values, mean 1.5, from 1 to 2", window.ToString());
    }

    private static void AssertLine(string text)
    {
        Assert.DoesNotContain('\n', text);
        Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
        Assert.DoesNotContain('{', text);
    }

    private static BuildStep<string> Step() => StreamProcessorBuilder.ForKeys<string>()
        .TumblingWindows(TimeSpan.FromTicks(100))
        .Aggregate(a => a.Count("count"))
        .WithOptions(Processors.Options(ExecutionMode.Inline));

    private async Task<(RecoveryReport Recovery, DurabilityStats Stats)> RunAsync()
    {
        await using var processor = Step().DurableIn(_directory).Build();
        processor.Publish("a", 1, 1);
        await processor.StopAsync(StopMode.Suspend, TestContext.Current.CancellationToken);
        return (processor.Durability!.Recovery, processor.GetStats().Durability!);
    }
}
