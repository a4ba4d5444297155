using DisruptorStream.Durability.Journal.Format;
using DisruptorStream.Durability.Journal.Reading;
using DisruptorStream.Events;

namespace DisruptorStream.Tests.Durability.Journal;

/// <summary>What was read of a journal: slots by their number, the rest as text.</summary>
internal sealed unsafe class JournalText
{
    public JournalText(long nextSequence) => NextSequence = nextSequence;

    public long NextSequence { get; private set; }

    /// <summary>Frames without slots: kind, slot that comes next, bytes.</summary>
    public List<string> Others { get; } = [];

    /// <summary>Reads one frame.</summary>
    public bool Add(JournalReader reader)
    {
        if (!reader.TryRead(out var frame))
            return false;
        if (frame.Kind == FrameKind.Slots)
            AddSlots(in frame);
        else
            AddOther(in frame);
        return true;
    }

    private void AddSlots(in JournalFrame frame)
    {
        Assert.Equal(NextSequence, frame.FirstSequence);
        Assert.Equal(0, (nint)frame.Slots.Slots % sizeof(long));
        for (var index = 0; index < frame.Count; index++)
        {
            var sequence = frame.FirstSequence + index;
            var expected = JournalBench.Slot(sequence);
            Assert.True(
                new ReadOnlySpan<byte>(&expected, EventSlot.SizeBytes).SequenceEqual(
                    new ReadOnlySpan<byte>(frame.Slots.Slots + index, EventSlot.SizeBytes)),
                $"Slot {sequence} is another one.");
            for (var word = 0; word < frame.Slots.FurtherMeasureCount; word++)
            {
                Assert.Equal(
                    JournalBench.FurtherWord(sequence, word),
                    frame.Slots.FurtherMeasures[(index * frame.Slots.FurtherMeasureCount) + word]);
            }
        }

        NextSequence += frame.Count;
    }

    private void AddOther(in JournalFrame frame) => Others.Add(frame.Kind switch
    {
        FrameKind.Records => $"records {frame.FirstSequence}: {Convert.ToHexString(frame.Records)}",
        FrameKind.Positions => $"positions {frame.FirstSequence}: {string.Join(' ', frame.Positions.ToArray())}",
        _ => $"{frame.Kind} {frame.FirstSequence}",
    });
}
