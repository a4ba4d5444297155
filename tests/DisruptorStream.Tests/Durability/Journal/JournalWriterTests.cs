using DisruptorStream.Durability.Journal;

namespace DisruptorStream.Tests.Durability.Journal;

public sealed class JournalWriterTests
{
    [Fact]
    public void Write_AllKindsOfFrames_AreReadBack()
    {
        var files = new MemoryFiles();
        var writer = JournalBench.NewWriter(files);
        writer.AppendRestart();
        writer.AppendRecords(JournalBench.Record(0, 1));
        writer.AppendSlots(3);
        writer.AppendPositions([5, 6]);
        writer.AppendSlots(200);
        writer.Write();
        writer.AppendEnd();
        writer.Write();
        writer.Sync();
        Assert.Equal(202, writer.DurableThrough);
        writer.Dispose();

        var contents = JournalContents.Open(files, JournalBench.Directory);
        Assert.Empty(contents.Damage);
        Assert.Null(contents.Cut);
        Assert.Equal(202, contents.LastSequence);
        Assert.True(contents.EndsCleanly);
        Assert.True(contents.Segments.Length > 3);
        var text = JournalBench.ReadAll(files, contents, 0);
        Assert.Equal(203, text.NextSequence);
        Assert.Equal(
            [
                "Restart 0",
                $"records 0: {Convert.ToHexString(JournalBench.Record(0, 1))}",
                "positions 3: 5 6",
                "End 203",
            ],
            text.Others);
    }

    /// <summary>
    /// A segment that lost its name in a power cut becomes a spare. The next process writes it, and the power is cut
    /// before that one's header is durable: what was gone in between does not come back.
    /// </summary>
    [Fact]
    public void Write_ASpareHoldsALostSegment_ItsSlotsStayLost()
    {
        var files = new MemoryFiles();
        var first = JournalBench.NewWriter(files);
        first.AppendSlots(400);
        first.Write();
        first.Sync();
        first.Dispose();
        var lost = JournalContents.Open(files, JournalBench.Directory).Segments[^1];
        files.Rename(lost.Path, Path.ChangeExtension(lost.Path, ".spare"));
        files.SyncDirectory(JournalBench.Directory);

        var before = JournalContents.Open(files, JournalBench.Directory);
        JournalBench.NewWriter(files).Dispose();

        for (var seed = 0; seed < 50; seed++)
        {
            var after = JournalContents.Open(files.CutPower(new Random(seed)), JournalBench.Directory);
            Assert.Equal(before.LastSequence, after.LastSequence);
        }
    }
}
