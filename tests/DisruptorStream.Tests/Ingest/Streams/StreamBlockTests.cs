using DisruptorStream.Events;
using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Tests.Ingest.Streams;

/// <summary>What is read of events before a claim, and found inside it, also where user code throws.</summary>
public sealed class StreamBlockTests
{
    private readonly StreamBlocks _blocks = new();

    [Fact]
    public void Read_Events_HasTimesMeasuresAndFilters()
    {
        var block = _blocks.NewBlock();

        block.Read([StreamBlocks.Event(1), StreamBlocks.Event(3), StreamBlocks.Event(4, value: 9)]);

        Assert.Equal(3, block.Count);
        Assert.Equal([1, 3, 4], block.Ticks[..3].ToArray());
        Assert.Equal(
            [Bits(1), 2, Bits(1), 6, Bits(9), 8], block.Measures[..6].ToArray());
        Assert.Equal([0b00, 0b10, 0b11], block.Filters[..3].ToArray());
    }

    [Fact]
    public void Read_Again_ForgetsWhatWasReadBefore()
    {
        var block = _blocks.NewBlock();
        block.Read([StreamBlocks.Event(1), StreamBlocks.Event(2)]);
        block.Clear();

        block.Read([StreamBlocks.Event(3, name: null)]);
        block.Resolve(0, 1, out _);

        Assert.Equal(1, block.Count);
        Assert.Equal(EventSlot.NoKey, block.IdsOf(0)[0]);
    }

    [Fact]
    public void Read_SelectorsThrowAtDifferentEvents_ReadsThoseBeforeTheFirst()
    {
        var block = _blocks.NewBlock();

        var failure = block.Read(
            [StreamBlocks.Event(1), StreamBlocks.Event(2, place: "throws"), StreamBlocks.Event(3, value: 13)]);

        var thrown = Assert.IsType<TimeoutException>(failure?.SourceException);
        Assert.Equal((1, "key"), (block.Count, thrown.Message));
        block.Resolve(0, 1, out var resolved);
        Assert.Equal(1, resolved);
        Assert.Equal((0, 0, 0), (block.IdsOf(0)[0], block.IdsOf(1)[0], block.IdsOf(2)[0]));
    }

    [Fact]
    public void Resolve_FromAnEventOn_HasItsIdsFirst()
    {
        var block = _blocks.NewBlock();
        block.Read([StreamBlocks.Event(1, "a"), StreamBlocks.Event(2, "b"), StreamBlocks.Event(3, "c")]);

        block.Resolve(1, 2, out var resolved);

        Assert.Equal(2, resolved);
        Assert.Equal((0, 1), (block.IdsOf(0)[0], block.IdsOf(0)[1]));
        Assert.False(_blocks.Names.TryGet(new("a"), out _));
        Assert.Equal(2, _blocks.Both.Table.Count);
    }

    [Fact]
    public void Resolve_PartIsMissing_IsMissingInTheCombination()
    {
        var block = _blocks.NewBlock();
        for (var name = 0; name < 10; name++)
            _blocks.Names.Intern(new StreamBlocks.Name($"{name}"));
        block.Read(
        [
            StreamBlocks.Event(1, "0", place: null), StreamBlocks.Event(2, "one too many"), StreamBlocks.Event(3, "0"),
            StreamBlocks.Event(4, "one too many", place: null),
        ]);

        block.Resolve(0, 4, out _);

        Assert.Equal([0, KeyTable<string>.Full, 0, KeyTable<string>.Full], block.IdsOf(0)[..4].ToArray());
        Assert.Equal(
            [EventSlot.NoKey, KeyTable<string>.Full, 0, EventSlot.NoKey], block.IdsOf(2)[..4].ToArray());
        Assert.Equal(1, _blocks.Both.Table.Count);
    }

    [Fact]
    public void Resolve_HashCodeThrows_FindsAllKeysOfTheEventsBefore()
    {
        var block = _blocks.NewBlock();
        block.Read([StreamBlocks.Event(1), StreamBlocks.Event(2, "throws", "q"), StreamBlocks.Event(3)]);
        var resolved = -1;

        Assert.Throws<TimeoutException>(() => block.Resolve(0, 3, out resolved));

        Assert.Equal(1, resolved);
        Assert.Equal((0, 0, 0), (block.IdsOf(0)[0], block.IdsOf(1)[0], block.IdsOf(2)[0]));
        Assert.False(_blocks.Places.TryGet("q", out _));
    }

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
}
