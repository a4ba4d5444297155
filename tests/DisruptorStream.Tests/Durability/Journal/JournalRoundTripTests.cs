using CsCheck;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Journal.Writing;

namespace DisruptorStream.Tests.Durability.Journal;

public sealed class JournalRoundTripTests
{
    /// <summary>Whatever is done in whatever order, what is read is what was appended.</summary>
    [Fact]
    public void Append_AnySteps_AreReadBack() =>
        Gen.Select(Gen.Char["rpbews19msw9co"].Array[0, 60], Gen.Int[128, 600], Gen.Int[0, 2]).Sample(
            (steps, words, packing) =>
            {
                var options = JournalBench.Options(8 * words) with { Packing = (SlotPacking)packing };
                var files = new MemoryFiles();
                var scenario = new JournalScenario(files, options);
                scenario.Run("o");
                scenario.Run(new string(steps).Replace("o", "wo", StringComparison.Ordinal));
                scenario.Run("w");
                scenario.Check(files, scenario.WrittenThrough, 0);
            },
            iter: 300);

    [Fact]
    public void Write_SteadyState_AllocatesNothing()
    {
        var files = new MemoryFiles { KeepsUnsynced = false };
        using var writer = JournalBench.NewWriter(files, JournalBench.Options(4 << 20));
        var record = JournalBench.Record(0, 1);
        var slots = new PinnedSlots(1000);
        for (var warm = 0; warm < 20; warm++)
            Append(writer, record, slots);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
            Append(writer, record, slots);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, allocated);
        Assert.Single(writer.Segments);
    }

    private static void Append(JournalWriter writer, byte[] record, PinnedSlots slots)
    {
        writer.AppendRecords(record);
        writer.AppendSlots(slots.From(writer.NextSequence));
        writer.AppendPositions([1, 2, 3]);
        writer.Write();
        writer.Sync();
    }
}
