using System.Buffers;
using DisruptorStream.Events;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Saving;

namespace DisruptorStream.Tests.Ingest.Sources;

public sealed class SourcePositionsTests
{
    private readonly SourcePositions _positions = new();

    [Fact]
    public void Count_EventsOfTheSource_CountSinceTheRecordBeforeThem()
    {
        Tell(source: 3, position: 7, since: 2, sequence: 10);

        Count(SlotKind.Event, source: 3, sequence: 9);
        Assert.Null(_positions.Of(3));

        Count(SlotKind.Event, source: 3, sequence: 10);
        Count(SlotKind.Refused, source: 3, sequence: 11);
        Count(SlotKind.Partial, source: 3, sequence: 12);
        Count(SlotKind.Filtered, source: 3, sequence: 13);
        Count(SlotKind.Event, source: 4, sequence: 14);
        Count(SlotKind.SourceWatermark, source: 3, sequence: 15);
        Count(SlotKind.Tick, source: 3, sequence: 16);

        Assert.Equal(("7", 6), Of(3));
        Assert.Null(_positions.Of(4));
    }

    [Fact]
    public void Restart_RecordsOfLaterSlots_NeverHappened()
    {
        Tell(source: 0, position: 1, since: 0, sequence: 5);
        Tell(source: 0, position: 2, since: 0, sequence: 9);

        _positions.Restart(8);
        _positions.MoveTo(20);

        Assert.Equal(("1", 0), Of(0));
    }

    [Fact]
    public void Save_AndLoad_GivesTheSamePlaceAndWhatWaits()
    {
        Tell(source: 0, position: 1, since: 0, sequence: 5);
        Tell(source: 0, position: 2, since: 4, sequence: 30);
        Count(SlotKind.Event, source: 0, sequence: 6);
        var (saved, waiting) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        _positions.Save(saved, sequence: 0);
        _positions.SaveWaiting(waiting);

        var loaded = new SourcePositions();
        var records = saved.WrittenSpan;
        loaded.Load(IdentityRecord.Read(ref records));
        records = waiting.WrittenSpan;
        loaded.Add(IdentityRecord.Read(ref records));

        Assert.Equal(1, loaded.Of(0)!.Value.Since);
        loaded.MoveTo(30);
        Assert.Equal(4, loaded.Of(0)!.Value.Since);
        Assert.Equal([2], loaded.Of(0)!.Value.Position);
    }

    [Fact]
    public void Remove_ASourceThatHasGone_BeginsAnew()
    {
        Tell(source: 0, position: 1, since: 0, sequence: 0);
        _positions.MoveTo(0);
        _positions.Remove(0);

        Assert.Null(_positions.Of(0));
        Assert.True(_positions.IsEmpty);
    }

    [Fact]
    public void Load_ANumberThatIsNone_IsRefused() => Assert.Throws<StateException>(
        () => _positions.Load(SourcePositions.RecordOf(SourceRegistry.MaxSources, [1], 0, 0)));

    private (string Position, long Since) Of(int source) => _positions.Of(source) is var (position, since)
        ? (string.Join(',', position), since)
        : ("none", 0);

    private void Tell(int source, byte position, long since, long sequence) =>
        _positions.Add(SourcePositions.RecordOf(source, [position], since, sequence));

    private void Count(SlotKind kind, ushort source, long sequence) =>
        _positions.Count(new EventSlot { Kind = kind, SourceId = source }, sequence);
}
