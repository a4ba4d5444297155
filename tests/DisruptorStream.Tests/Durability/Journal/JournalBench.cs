using System.Buffers;
using System.Runtime.InteropServices;
using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Journal.Reading;
using DisruptorStream.Durability.Journal.Writing;
using DisruptorStream.Events;
using DisruptorStream.Identities;

namespace DisruptorStream.Tests.Durability.Journal;

/// <summary>Slots and records that are known by their numbers, and what a journal is read back to.</summary>
internal static unsafe class JournalBench
{
    public const string Directory = "/journal";

    public static readonly UInt128 Stream = new(1, 2);

    public static JournalIdentity Identity(int furtherWords = 0, ulong plan = 7) =>
        new(Stream, new Fingerprint(plan, 8), furtherWords);

    public static JournalOptions Options(long segmentBytes = 1024) =>
        new() { SegmentBytes = segmentBytes, Spares = 1 };

    public static JournalWriter NewWriter(
        IFileSystem files, JournalOptions? options = null, int furtherWords = 0, long? nextSequence = null)
    {
        var contents = JournalContents.Open(files, Directory);
        return new JournalWriter(
            files, contents, Identity(furtherWords), nextSequence ?? contents.LastSequence + 1, options ?? Options());
    }

    /// <summary>What slot number <paramref name="sequence"/> holds.</summary>
    public static EventSlot Slot(long sequence)
    {
        var slot = new EventSlot
        {
            TimestampTicks = 638_000_000_000_000_000 + (sequence * 1_000) + ((sequence * 37) % 1_000),
            Measure = BitConverter.DoubleToInt64Bits((sequence * 7 % 100) / 4.0),
        };
        slot.SetAccepted((int)(sequence * 31 % 17), (ushort)(sequence % 5 == 0 ? 1 : 0));
        if (sequence % 11 == 3)
            slot.Kind = SlotKind.Tick;
        return slot;
    }

    public static long FurtherWord(long sequence, int word) => (sequence * 1_000_003) ^ (word << 20);

    /// <summary>A record that comes before a slot.</summary>
    public static byte[] Record(long sequence, int number, int bodyBytes = 5)
    {
        var output = new ArrayBufferWriter<byte>();
        var body = new byte[bodyBytes];
        Array.Fill(body, (byte)number);
        new IdentityRecord { Kind = IdentityKind.KeyDefined, Sequence = sequence, Number = number, Body = body }
            .Write(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Stages slots, and hands out the memory that they lie in, which is pinned.</summary>
    public static void AppendSlots(this JournalWriter writer, int count, int furtherWords = 0)
    {
        var first = writer.NextSequence;
        var slots = GC.AllocateArray<EventSlot>(Math.Max(count, 1), pinned: true);
        var further = GC.AllocateArray<long>((count * furtherWords) + 1, pinned: true);
        for (var index = 0; index < count; index++)
        {
            slots[index] = Slot(first + index);
            for (var word = 0; word < furtherWords; word++)
                further[(index * furtherWords) + word] = FurtherWord(first + index, word);
        }

        lock (Kept)
        {
            if (Kept.Count > 1000)
                Kept.Clear();
            Kept.Add(slots);
            Kept.Add(further);
        }

        writer.AppendSlots(new EventView(
            (EventSlot*)Marshal.UnsafeAddrOfPinnedArrayElement(slots, 0),
            furtherWords == 0 ? null : (long*)Marshal.UnsafeAddrOfPinnedArrayElement(further, 0),
            furtherWords,
            first,
            count));
    }

    /// <summary>Reads all from a slot on. Slots are checked here.</summary>
    public static JournalText ReadAll(IFileSystem files, IJournalSegments source, long from)
    {
        using var reader = new JournalReader(files, source, from);
        var text = new JournalText(from);
        while (text.Add(reader))
        {
        }

        return text;
    }

    // What is staged must stay until it is written.
    private static readonly List<object> Kept = [];
}
