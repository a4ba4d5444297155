using DisruptorStream.Durability.Recording;
using DisruptorStream.Hosting.Health;

namespace DisruptorStream.Hosting.Tests.Health;

/// <summary>A recorder that would leave nothing behind is told.</summary>
public sealed class FlightRecorderHealthTests
{
    private static FlightRecorderStats Well { get; } = new()
    {
        BaseSequence = 99,
        LastSequence = 599,
        JournalBytes = 1,
        MemoryBytes = 1,
        Snapshots = 1,
        SnapshotTime = TimeSpan.Zero,
        Dumps = 3,
        DumpsSkipped = 0,
        DumpsFailed = 0,
        LastDump = null,
        DumpFailure = null,
        RecordingFailure = null,
    };

    [Fact]
    public void WarningsOf_AllIsWell_AreNone()
    {
        Assert.Empty(FlightRecorderHealth.WarningsOf(null));
        Assert.Empty(FlightRecorderHealth.WarningsOf(Well));
    }

    [Fact]
    public void WarningsOf_AFailure_TellsIt()
    {
        Assert.Equal(
            ["its flight recorder: the disk is full"],
            FlightRecorderHealth.WarningsOf(Well with { DumpFailure = "the disk is full." }));
        Assert.Equal(
            ["its flight recorder: it has ended"],
            FlightRecorderHealth.WarningsOf(Well with { DumpFailure = "full", RecordingFailure = "it has ended" }));
    }

    [Fact]
    public void Describe_AddsItsFigures()
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        FlightRecorderHealth.Describe(null, data);
        Assert.Empty(data);
        FlightRecorderHealth.Describe(Well, data);
        Assert.Equal((500L, 3L), (data["recordedSlots"], data["recordingDumps"]));
    }
}
