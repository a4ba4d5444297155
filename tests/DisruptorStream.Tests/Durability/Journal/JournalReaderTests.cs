using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Journal.Format;
using DisruptorStream.Durability.Journal.Reading;

namespace DisruptorStream.Tests.Durability.Journal;

public sealed class JournalReaderTests
{
    [Fact]
    public void TryRead_BehindAWriter_SeesWhatIsWrittenAndNoMore()
    {
        var files = new MemoryFiles();
        using var writer = JournalBench.NewWriter(files);
        using var reader = new JournalReader(files, writer, 0);
        using var durable = new JournalReader(files, writer.DurableSegments, 0);
        var text = new JournalText(0);
        var durableText = new JournalText(0);
        Assert.False(text.Add(reader));
        for (var round = 1; round <= 50; round++)
        {
            writer.AppendSlots(7);
            Assert.False(text.Add(reader));
            writer.Write();
            while (text.Add(reader))
            {
            }

            Assert.Equal(7 * round, text.NextSequence);
            Assert.False(durableText.Add(durable));
            writer.Sync();
            while (durableText.Add(durable))
            {
            }

            Assert.Equal(7 * round, durableText.NextSequence);
        }

        Assert.True(writer.Segments.Length > 3);
    }

    [Fact]
    public void TryRead_SegmentIsRecycledUnderIt_SaysSo()
    {
        var files = new MemoryFiles();
        using var writer = JournalBench.NewWriter(files);
        writer.AppendSlots(300);
        writer.Write();
        writer.Sync();
        using var reader = new JournalReader(files, writer, 0);
        Assert.True(reader.TryRead(out _));
        Assert.True(writer.Recycle(writer.DurableThrough) > 1);
        writer.AppendSlots(300);
        writer.Write();
        var failure = Assert.Throws<JournalException>(() => reader.TryRead(out _));
        Assert.Contains("given up", failure.Message, StringComparison.Ordinal);
        Assert.Throws<JournalException>(() => new JournalReader(files, writer, 0));
    }

    [Fact]
    public void TryRead_WhatItReadIsReplaced_SaysSo()
    {
        var files = new MemoryFiles();
        using var writer = JournalBench.NewWriter(files);
        writer.AppendSlots(5);
        writer.Write();
        writer.Sync();
        using var reader = new JournalReader(files, writer, 0);
        using var durable = new JournalReader(files, writer.DurableSegments, 0);
        var text = new JournalText(0);
        Assert.True(text.Add(durable));
        Assert.False(text.Add(durable));
        writer.AppendSlots(5);
        writer.Write();
        Assert.True(reader.TryRead(out _));
        Assert.True(reader.TryRead(out _));
        Assert.Equal(5, writer.Reseat());
        writer.AppendSlots(8);
        writer.Write();
        writer.Sync();
        writer.AppendSlots(1);
        writer.Write();
        Assert.Contains(
            "replaced",
            Assert.Throws<JournalException>(() => reader.TryRead(out _)).Message,
            StringComparison.Ordinal);
        Assert.True(text.Add(durable));
        Assert.Equal(13, text.NextSequence);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(55)]
    [InlineData(299)]
    [InlineData(300)]
    public void TryRead_FromASlot_BeginsThereWithTheRecordsItNeeds(long from)
    {
        var files = new MemoryFiles();
        using var writer = JournalBench.NewWriter(files);
        writer.AppendRecords(JournalBench.Record(290, 1));
        writer.AppendSlots(300);
        writer.Write();
        using var reader = new JournalReader(files, writer, from);
        var text = new JournalText(from);
        while (text.Add(reader))
        {
        }

        Assert.Equal(300, text.NextSequence);
        Assert.Equal(from <= 290 ? 1 : 0, text.Others.Count);
    }

    [Fact]
    public void TryRead_SlotsBehindATailThatASnapshotIsAheadOf_BeginAtTheSnapshot()
    {
        var files = new MemoryFiles();
        using (var writer = JournalBench.NewWriter(files))
        {
            writer.AppendSlots(10);
            writer.Write();
        }

        using (var writer = JournalBench.NewWriter(files, nextSequence: 50))
        {
            writer.AppendSlots(10);
            writer.Write();
        }

        var contents = JournalContents.Open(files, JournalBench.Directory);
        Assert.Empty(contents.Damage);
        Assert.Equal(59, contents.LastSequence);
        Assert.Equal(60, JournalBench.ReadAll(files, contents, 50).NextSequence);
        var failure = Assert.Throws<JournalException>(() => JournalBench.ReadAll(files, contents, 5));
        Assert.Contains("Slots 10 to 49", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_LongRecordsAndFurtherWords_AreWhole()
    {
        var files = new MemoryFiles();
        using var writer = JournalBench.NewWriter(files, furtherWords: 3);
        writer.AppendRecords([.. JournalBench.Record(0, 1, 5000), .. JournalBench.Record(0, 2, 2_000_000)]);
        writer.AppendSlots(100, furtherWords: 3);
        writer.Write();
        using var reader = new JournalReader(files, writer, 0);
        Assert.True(reader.TryRead(out var frame));
        Assert.Equal(FrameKind.Records, frame.Kind);
        Assert.Equal(JournalBench.Record(0, 1, 5000), frame.Records);
        Assert.True(reader.TryRead(out frame));
        Assert.Equal(JournalBench.Record(0, 2, 2_000_000), frame.Records);
        var text = new JournalText(0);
        while (text.Add(reader))
        {
        }

        Assert.Equal(100, text.NextSequence);
    }
}
