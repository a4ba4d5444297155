using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Identities;

namespace DisruptorStream.Simulation.Rounds;

/// <summary>Snapshots that are made up: all that is in them follows from their sequence.</summary>
internal static class Snapshots
{
    public static SnapshotInfo InfoOf(long sequence) => new()
    {
        StreamId = new UInt128(7, (ulong)sequence),
        Sequence = sequence,
        Plan = new Fingerprint(1, 2),
        PlanRecord = new byte[] { 3, 1, (byte)sequence },
        Arrived = [sequence, 3],
        JournalOrdinal = 5 * sequence,
        Results = [new QueryNumber("calls", 10 * sequence), new QueryNumber("größen", sequence)],
        TakenTicks = 17_000_000_000_000_000 + sequence,
        TimeZoneVersion = "2026a",
        Release = "1.2.3",
    };

    public static byte[] ContentOf(long sequence)
    {
        var random = new Random((int)sequence);
        var bytes = new byte[random.Next(20_000)];
        random.NextBytes(bytes);
        return bytes;
    }

    public static void Write(SnapshotStore store, long sequence) => store.Write(InfoOf(sequence), stream =>
    {
        var rest = ContentOf(sequence).AsSpan();
        while (!rest.IsEmpty)
        {
            var part = Math.Min(rest.Length, 1000);
            stream.Write(rest[..part]);
            rest = rest[part..];
        }
    });

    /// <exception cref="RoundException">Another content than that of its sequence passes for valid.</exception>
    public static void Check(SnapshotStore store, long sequence)
    {
        using var stream = store.Open(sequence, out var info);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        RoundException.ThrowUnless(
            content.ToArray().AsSpan().SequenceEqual(ContentOf(sequence)), $"Snapshot {sequence} has other bytes.");
        var expected = InfoOf(sequence);
        RoundException.ThrowUnless(
            info.Results.SequenceEqual(expected.Results) && info.Arrived.SequenceEqual(expected.Arrived)
                && info.Dropped.SequenceEqual(expected.Dropped)
                && info.PlanRecord.Span.SequenceEqual(expected.PlanRecord.Span)
                && info with
                {
                    Results = expected.Results,
                    Arrived = expected.Arrived,
                    Dropped = expected.Dropped,
                    PlanRecord = expected.PlanRecord,
                } == expected,
            $"Snapshot {sequence} tells {info}.");
    }
}
