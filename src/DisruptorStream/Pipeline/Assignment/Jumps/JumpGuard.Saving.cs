using System.Diagnostics;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Pipeline.Assignment.Jumps;

/// <content>
/// Saved as the sources of which something is known, by number: their keys as long as they are few, and copies of the
/// held events.
/// </content>
internal sealed unsafe partial class JumpGuard
{
    private const int Version = 1;
    private const int LeastBytesPerSource = 4;
    private const int LeastBytesPerEvent = (3 * sizeof(long)) + 1;

    public void Save(StateWriter writer)
    {
        AssertInvariants();
        var count = 0;
        foreach (var guarded in _sources)
            count += guarded is null ? 0 : 1;
        writer.Begin(SectionTag.JumpGuard, Version);
        writer.WriteCount(count);
        var next = 0;
        for (var source = 0; source < _sources.Length; source++)
        {
            if (_sources[source] is not { } guarded)
                continue;
            writer.WriteCount(source - next);
            Save(writer, guarded);
            next = source + 1;
        }

        Save(writer, _left);
        writer.End();
    }

    /// <summary>Takes over what was saved, before the first slot.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader)
    {
        reader.Begin(SectionTag.JumpGuard, Version);
        var source = 0;
        const int Most = WatermarkTracker.MaxSources;
        for (var left = reader.ReadCount(LeastBytesPerSource, "guarded sources", Most); left > 0; left--)
        {
            source += (int)reader.ReadNumber(Most - 1 - source, "the distance to a guarded source");
            Load(reader, Of(source), source++);
        }

        Load(reader, _left, source: 0);
        reader.End();
        AssertInvariants();
    }

    /// <summary>That held events and the keys that are needed are counted.</summary>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public void ThrowIfInconsistent()
    {
        var (held, keys) = (_left.Held.Count, _left.Held.Count);
        foreach (var guarded in _sources)
        {
            held += guarded?.Held.Count ?? 0;
            keys += guarded is null ? 0 : guarded.Held.Count + guarded.SeenKeys.Count;
        }

        Invariant.Require(held == HeldCount, "Held events are counted.");
        foreach (var needed in _neededKeys.Values)
            keys -= needed;
        Invariant.Require(keys == 0, "Keys that are needed are counted.");
    }

    /// <summary>As <see cref="ThrowIfInconsistent"/>, in builds for debugging.</summary>
    [Conditional("DEBUG")]
    public void AssertInvariants() => ThrowIfInconsistent();

    private void Save(StateWriter writer, GuardedSource guarded)
    {
        writer.WriteByte(guarded.HasManyKeys ? (byte)1 : (byte)0);
        writer.WriteCount(guarded.SeenKeys.Count);
        foreach (var keyId in guarded.SeenKeys)
            writer.WriteCount(keyId);
        writer.WriteCount(guarded.Held.Count);
        foreach (var held in guarded.Held)
        {
            var view = Copies.View(held.Copy, cause: 0);
            writer.WriteInt64(view.FirstSequence);
            writer.WriteInt64(held.TimestampTicks);
            writer.WriteInt64(view.Slots->Measure);
            writer.WriteCount(held.KeyId);
            for (var measure = 0; measure < view.FurtherMeasureCount; measure++)
                writer.WriteInt64(view.FurtherMeasures[measure]);
        }
    }

    private void Load(StateReader reader, GuardedSource guarded, int source)
    {
        var hasMany = reader.ReadFlag();
        for (var left = reader.ReadCount(1, "keys of a source"); left > 0; left--)
            Note(guarded, ReadKey(reader));
        if (hasMany)
            SetManyKeys(guarded);
        var held = reader.ReadCount(LeastBytesPerEvent, "held events", JumpGuardOptions.MostHeld);
        for (; held > 0; held--)
            LoadHeld(reader, guarded, source);
    }

    private void LoadHeld(StateReader reader, GuardedSource guarded, int source)
    {
        var sequence = reader.ReadInt64();
        var slot = new EventSlot { TimestampTicks = reader.ReadInt64(), Measure = reader.ReadInt64() };
        var keyId = ReadKey(reader);
        slot.SetAccepted(keyId, (ushort)source);
        var further = new long[Copies.FurtherMeasureCount];
        for (var measure = 0; measure < further.Length; measure++)
            further[measure] = reader.ReadInt64();
        Add(guarded, new HeldEvent(Copies.Add(slot, further, sequence), slot.TimestampTicks, keyId));
    }

    private static int ReadKey(StateReader reader) => (int)reader.ReadNumber(reader.KeyRange - 1, "a key");
}
