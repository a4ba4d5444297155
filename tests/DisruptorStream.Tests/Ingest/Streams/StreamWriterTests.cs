using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Ingest.Streams;
using DisruptorStream.Rings;
using DisruptorStream.Tests.Pipeline;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Ingest.Streams;

/// <summary>Where the words of a stream's events lie in the ring, and what is refused there.</summary>
public sealed unsafe class StreamWriterTests
{
    // One further measure, two further keys in a word, and the filters.
    private static readonly SlotLayout Layout = new(Measures: 2, Keys: 3, Filters: 2);

    private readonly StreamBlocks _blocks = new();

    [Fact]
    public void Publish_Events_FillsTheWordsBesideEachSlot()
    {
        var ring = new SlotRing(measures: 1 + Layout.FurtherWords);

        Publish(ring, StreamBlocks.Event(1), StreamBlocks.Event(4, "m", "q", value: 9));

        Assert.Equal((SlotKind.Event, 1L, 0), (At(ring, 0).Kind, At(ring, 0).TimestampTicks, At(ring, 0).KeyId));
        Assert.Equal((SlotKind.Event, 4L, 1), (At(ring, 1).Kind, At(ring, 1).TimestampTicks, At(ring, 1).KeyId));
        Assert.Equal((ushort)6, At(ring, 1).SourceId);
        Assert.Equal(9, BitConverter.Int64BitsToDouble(At(ring, 1).Measure));
        var words = ring.Slots.FurtherMeasuresAt(1);
        Assert.Equal(8, words[0]);
        Assert.Equal((1, 1), (((int*)(words + 1))[0], ((int*)(words + 1))[1]));
        Assert.Equal(0b11, words[2]);
    }

    [Theory]
    [InlineData(true, "p", 1.0, true)]
    [InlineData(false, "p", 1.0, false)]
    [InlineData(true, null, 1.0, false)]
    [InlineData(true, "p", double.NaN, false)]
    public void Publish_SomethingIsMissing_SomebodyHasToLook(bool hasName, string? place, double value, bool isWhole)
    {
        var ring = new SlotRing(measures: 1 + Layout.FurtherWords);

        Publish(ring, StreamBlocks.Event(1, hasName ? "n" : null, place, value));

        Assert.Equal(
            (isWhole ? SlotKind.Event : SlotKind.Partial, DropReason.None),
            (At(ring, 0).Kind, At(ring, 0).Reason));
    }

    [Fact]
    public void Publish_NotFiniteThatIsIgnored_IsWhole()
    {
        var ring = new SlotRing(measures: 1 + Layout.FurtherWords);

        Publish(ring, NonFinitePolicy.IgnoreMeasure, StreamBlocks.Event(1, value: double.NaN));

        Assert.Equal(SlotKind.Event, At(ring, 0).Kind);
    }

    [Fact]
    public void Publish_TimeOutOfRange_IsRefusedForAllQueriesAndKeepsItsFilters()
    {
        var ring = new SlotRing(measures: 1 + Layout.FurtherWords);

        Publish(ring, StreamBlocks.Event(5000, name: null));

        Assert.Equal(
            (SlotKind.Refused, DropReason.TimestampOutOfRange), (At(ring, 0).Kind, At(ring, 0).Reason));
        Assert.Equal(0b10, ring.Slots.FurtherMeasuresAt(0)[2]);
    }

    [Fact]
    public void Publish_HashCodeThrows_PublishesThoseBeforeAndVoidsTheRest()
    {
        var ring = new SlotRing(measures: 1 + Layout.FurtherWords);
        var writer = NewWriter(ring);
        var block = writer.Rent();
        block.Read([StreamBlocks.Event(1), StreamBlocks.Event(2, "throws"), StreamBlocks.Event(3)]);
        var done = 0;

        Assert.Throws<TimeoutException>(() => writer.Publish(block, source: 6, ref done));

        Assert.Equal(1, done);
        SlotKind[] kinds = [At(ring, 0).Kind, At(ring, 1).Kind, At(ring, 2).Kind];
        Assert.Equal([SlotKind.Event, SlotKind.Void, SlotKind.Void], kinds);
        Assert.Equal(2, ring.Slots.Sequencer.HighestPublished(0));
    }

    [Fact]
    public void PublishWhileRoom_LessRoomThanEvents_SaysHowMany()
    {
        var ring = new SlotRing(measures: 1 + Layout.FurtherWords);
        ring.Slots.Sequencer.AddGatingSequences(new Sequence(-1));
        var writer = NewWriter(ring);
        var block = writer.Rent();
        block.Read([.. Enumerable.Range(0, 80).Select(index => StreamBlocks.Event(index))]);
        var done = 10;

        writer.PublishWhileRoom(block, source: 6, ref done);

        Assert.Equal(10 + SlotRing.Capacity, done);
        Assert.Equal((10L, 73L), (At(ring, 0).TimestampTicks, At(ring, SlotRing.Capacity - 1).TimestampTicks));
        block.ReadOne(StreamBlocks.Event(1));
        Assert.False(writer.TryPublishOne(block, source: 6));
    }

    [Fact]
    public void PublishOne_HashCodeThrows_ClaimsNothing()
    {
        var ring = new SlotRing(measures: 1 + Layout.FurtherWords);
        var writer = NewWriter(ring);
        var single = writer.NewSingle();

        Assert.Throws<TimeoutException>(() => single.ReadOne(StreamBlocks.Event(1, "throws")));
        Assert.Throws<TimeoutException>(() => single.ReadOne(StreamBlocks.Event(1, "n", "throws")));
        single.ReadOne(StreamBlocks.Event(2));
        writer.PublishOne(single, source: 6);

        Assert.Equal(0, ring.Slots.Sequencer.HighestPublished(0));
        Assert.Equal((SlotKind.Event, 2L), (At(ring, 0).Kind, At(ring, 0).TimestampTicks));
    }

    [Fact]
    public void PublishOne_KeyRetiredInBetween_IsDefinedAnew()
    {
        var ring = new SlotRing(measures: 1 + Layout.FurtherWords);
        var writer = NewWriter(ring);
        var single = writer.NewSingle();
        var old = _blocks.Places.Intern("p");
        single.ReadOne(StreamBlocks.Event(1));

        Assert.True(_blocks.Places.TryMarkRetiring(old));
        Assert.True(_blocks.Places.TryRetire(old, 1));
        writer.PublishOne(single, source: 6);

        var place = ((int*)(ring.Slots.FurtherMeasuresAt(0) + 1))[0];
        Assert.NotEqual(old, place);
        Assert.Equal("p", _blocks.Places.KeyOf(place));
    }

    [Fact]
    public void Rent_OneThatWasGivenBack_IsUsedAgain()
    {
        var writer = NewWriter(new SlotRing(measures: 1 + Layout.FurtherWords));
        var (first, second) = (writer.Rent(), writer.Rent());
        Assert.NotSame(first, second);

        writer.Return(first);

        Assert.Same(first, writer.Rent());
        Assert.NotSame(first, writer.Rent());
    }

    private static EventSlot At(SlotRing ring, long sequence) => *ring.Slots.SlotAt(sequence);

    private void Publish(SlotRing ring, params StreamBlocks.Published[] events) =>
        Publish(ring, NonFinitePolicy.RejectEvent, events);

    private void Publish(SlotRing ring, NonFinitePolicy policy, params StreamBlocks.Published[] events)
    {
        var writer = NewWriter(ring, policy);
        var block = writer.Rent();
        block.Read(events);
        var done = 0;
        writer.Publish(block, source: 6, ref done);
        Assert.Equal(events.Length, done);

        // One by one they are the same, whether their keys are new or known by now.
        var ones = new SlotRing(measures: 1 + Layout.FurtherWords);
        writer = NewWriter(ones, policy);
        var single = writer.NewSingle();
        for (var index = 0; index < events.Length; index++)
        {
            single.ReadOne(events[index]);
            writer.PublishOne(single, source: 6);
            Assert.Equal(At(ring, index), At(ones, index));
            Assert.Equal(WordsAt(ring, index), WordsAt(ones, index));
        }
    }

    private static long[] WordsAt(SlotRing ring, long sequence) =>
        [.. new ReadOnlySpan<long>(ring.Slots.FurtherMeasuresAt(sequence), Layout.FurtherWords)];

    private StreamWriter<StreamBlocks.Published> NewWriter(
        SlotRing ring, NonFinitePolicy policy = NonFinitePolicy.RejectEvent) => new(
        ring.Events,
        new ProcessingClock(new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddTicks(500))),
        new PublishRules
        {
            Measures = [new("x", 0, MeasureType.Double), new("n", 1, MeasureType.Int64)],
            FirstTicks = -1000,
            LastTicks = 1000,
            FutureSkewTicks = null,
            NonFinite = policy,
            ProcessingTime = false,
        },
        Layout,
        _blocks.NewBlock);
}
