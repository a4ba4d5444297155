using DisruptorStream.Durability.Journal;
using DisruptorStream.Identities;
using DisruptorStream.Saving;

namespace DisruptorStream.Topology.Durable.Replay;

/// <summary>Where a snapshot stands in the journal. It comes before the state in the same file.</summary>
/// <param name="Sequence">The last slot that is in the state.</param>
/// <param name="Position">Behind the last frame that was read.</param>
/// <param name="Waiting">The records of those frames that are for later slots.</param>
internal sealed record ReplayMark(long Sequence, JournalPosition Position, byte[] Waiting)
{
    private const int Version = 1;

    /// <summary>Writes it.</summary>
    /// <param name="stream">Where it goes.</param>
    /// <param name="plan">The plan whose state follows.</param>
    public void Save(Stream stream, Fingerprint plan)
    {
        using var writer = new StateWriter(stream, new StateHeader(new UInt128(plan.High, plan.Low), Sequence));
        writer.Begin(SectionTag.Journal, Version);
        writer.WriteInt64(Position.Segment);
        writer.WriteInt64(Position.Offset);
        writer.WriteInt64((long)Position.Hash);
        writer.WriteInt64(Position.Ordinal);
        writer.WriteInt64(Position.NextSequence);
        writer.WriteCount(Waiting.Length);
        writer.WriteBytes(Waiting);
        writer.End();
        writer.Complete();
    }

    /// <summary>Reads it; the state follows.</summary>
    /// <exception cref="StateException">It is damaged.</exception>
    public static ReplayMark Load(Stream stream)
    {
        using var reader = new StateReader(stream);
        reader.Begin(SectionTag.Journal, Version);
        var position = new JournalPosition(
            reader.ReadInt64(), reader.ReadInt64(), (ulong)reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        var waiting = new byte[reader.ReadCount(1, "bytes of records")];
        reader.ReadBytes(waiting);
        reader.End();
        reader.Complete();
        return new ReplayMark(reader.Header.Sequence, position, waiting);
    }
}
