using CsCheck;
using DisruptorStream.Durability.Journal.Format;
using DisruptorStream.Durability.Journal.Reading;
using DisruptorStream.Events;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Pipeline.Durable;
using DisruptorStream.Tests.Durability.Journal;

namespace DisruptorStream.Tests.Pipeline.Durable;

/// <summary>Which slots are written as their order alone, whatever comes among them and in whatever pieces.</summary>
public sealed class OrderSplitterTests
{
    private const int Slots = 2_000;
    private const int FurtherWords = 2;
    private const int Sources = 4;

    /// <summary>
    /// Of the slots that are kept as their order each run is of one source that can give them again, has accepted
    /// events alone, and no record is for a slot in it but the first. All others are there as they were.
    /// </summary>
    [Fact]
    public void Append_AnySlotsRecordsAndPieces_KeepsRunsOfOneSourceBetweenRecords() =>
        Gen.Int[0, 1_000_000].Sample(seed => Check(new Random(seed)), iter: 60, threads: 1);

    private static void Check(Random random)
    {
        var room = new EventRoom(FurtherWords);
        Fill(room.Of(0, Slots), random);
        var boundaries = new SortedSet<long>();
        for (var place = random.Next(150); place < Slots; place += 1 + random.Next(150))
            boundaries.Add(place);
        var files = new MemoryFiles();
        using var writer = JournalBench.NewWriter(files, JournalBench.Options(1 << 16), FurtherWords);
        var splitter = new OrderSplitter(writer, NewSources());
        var told = -1L;
        for (var next = 0; next < Slots;)
        {
            // Records may be told long before their slots.
            var count = Math.Min(1 + random.Next(700), Slots - next);
            var until = Math.Max(told + 1, next + count + random.Next(100));
            foreach (var boundary in boundaries.GetViewBetween(told + 1, until))
                splitter.Note(JournalBench.Record(boundary, 1), next);
            told = until;
            splitter.Append(room.Of(0, Slots).Slice(next, count));
            writer.Write();
            next += count;
        }

        using var reader = new JournalReader(files, writer, 0);
        var (read, runs) = (0, 0);
        while (reader.TryRead(out var frame))
        {
            Assert.Equal(read, frame.Slots.FirstSequence);
            for (var index = 0; index < frame.Slots.Count;)
            {
                var (taken, isRun) = CheckAt(frame.Slots, index, room.Of(0, Slots), boundaries);
                index += taken;
                runs += isRun ? 1 : 0;
            }

            read += frame.Slots.Count;
        }

        Assert.Equal(Slots, read);
        Assert.True(runs > 5, $"There are {runs} runs.");
    }

    private static (int Taken, bool IsRun) CheckAt(
        in EventView read, int index, in EventView slots, SortedSet<long> boundaries)
    {
        var slot = read.SlotAt(index);
        var first = (int)read.FirstSequence + index;
        if (slot.Kind != SlotKind.Sourced)
        {
            Assert.Equal(slots.SlotAt(first), slot);
            return (1, false);
        }

        var count = slot.KeyId;
        Assert.InRange(count, 1, read.Count - index);
        Assert.Equal((ulong)slot.Measure, OrderFormat.HashOf(slots.Slice(first, count)));
        Assert.Contains(slot.SourceId, (ushort[])[1, 2]);
        for (var at = first; at < first + count; at++)
        {
            Assert.Equal((slot.SourceId, SlotKind.Event), (slots.SlotAt(at).SourceId, slots.SlotAt(at).Kind));
            Assert.False(at > first && boundaries.Contains(at), $"A record is for slot {at} in a run from {first} on.");
        }

        return (count, true);
    }

    private static unsafe void Fill(in EventView slots, Random random)
    {
        var (source, left) = (0, 0);
        for (var index = 0; index < slots.Count; index++)
        {
            if (left-- == 0)
                (source, left) = (random.Next(Sources), random.Next(120));
            ref var slot = ref slots.SlotAt(index);
            slot = JournalBench.Slot(index);
            slot.SetAccepted(random.Next(9), (ushort)source);
            if (random.Next(50) == 0)
                slot.Kind = random.Next(2) == 0 ? SlotKind.Tick : SlotKind.Partial;
            for (var word = 0; word < FurtherWords; word++)
                slots.FurtherMeasures[(index * FurtherWords) + word] = JournalBench.FurtherWord(index, word);
        }
    }

    private static SourceRegistry NewSources()
    {
        var sources = new SourceRegistry();
        for (var source = 0; source < Sources; source++)
            Assert.Equal(source, sources.Register($"source-{source}"));
        sources.SetOrdered(1);
        sources.SetOrdered(2);
        return sources;
    }
}
