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
    // 2: which key is looked at, and events that some queries refuse.
    private const int Version = 2;
    private const int LeastBytesPerSource = 4;
    private const int LeastBytesPerEvent = (3 * sizeof(long)) + 1;

    public void Save(StateWriter writer)
    {
        AssertInvariants();
        var count = 0;
        foreach (var guarded in _sources)
            count += guarded is null ? 0 : 1;
        writer.Begin(SectionTag.JumpGuard, Version);
        writer.WriteCount(_rules.KeyColumn);
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
        var version = reader.Begin(SectionTag.JumpGuard, Version);
        var column = version > 1 ? (int)reader.ReadNumber(SlotLayout.MostKeys - 1, "the key of the guard") : 0;
        var form = new SavedForm(version > 1, column, IsOfKey: column == _rules.KeyColumn);
        var source = 0;
        const int Most = WatermarkTracker.MaxSources;
        for (var left = reader.ReadCount(LeastBytesPerSource, "guarded sources", Most); left > 0; left--)
        {
            source += (int)reader.ReadNumber(Most - 1 - source, "the distance to a guarded source");
            Load(reader, form, Of(source), source++);
        }

        Load(reader, form, _left, source: 0);
        reader.End();
        AssertInvariants();
    }

    /// <summary>That held events and the keys that are needed are counted.</summary>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public void ThrowIfInconsistent()
    {
        var (held, keys) = (_left.Held.Count, KeysOf(_left));
        foreach (var guarded in _sources)
        {
            held += guarded?.Held.Count ?? 0;
            keys += guarded is null ? 0 : KeysOf(guarded);
        }

        Invariant.Require(held == HeldCount, "Held events are counted.");
        foreach (var needed in _neededKeys.Values)
            keys -= needed;
        Invariant.Require(keys == 0, "Keys that are needed are counted.");
    }

    /// <summary>As <see cref="ThrowIfInconsistent"/>, in builds for debugging.</summary>
    [Conditional("DEBUG")]
    public void AssertInvariants() => ThrowIfInconsistent();

    private int KeysOf(GuardedSource guarded)
    {
        var keys = guarded.SeenKeys.Count;
        foreach (var held in guarded.Held)
        {
            var copy = Copies.View(held.Copy, cause: 0);
            for (var column = 0; column < Copies.Layout.Keys; column++)
                keys += KeyOf(copy, index: 0, column) >= 0 ? 1 : 0;
        }

        return keys;
    }

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
            writer.WriteByte((byte)view.Slots->Kind);
            writer.WriteCount(view.Slots->KeyId - EventSlot.LowestKey);
            for (var measure = 0; measure < view.FurtherMeasureCount; measure++)
                writer.WriteInt64(view.FurtherMeasures[measure]);
        }
    }

    private void Load(StateReader reader, SavedForm form, GuardedSource guarded, int source)
    {
        // The keys of another name say nothing: the source counts as one that has had none.
        var hasMany = reader.ReadFlag() && form.IsOfKey;
        for (var left = reader.ReadCount(1, "keys of a source"); left > 0; left--)
        {
            var keyId = (int)reader.ReadNumber(reader.KeyRangeOf(form.Column) - 1L, "a key");
            if (form.IsOfKey)
                Note(guarded, keyId);
        }

        if (hasMany)
            SetManyKeys(guarded);
        var held = reader.ReadCount(LeastBytesPerEvent, "held events", JumpGuardOptions.MostHeld);
        for (; held > 0; held--)
            LoadHeld(reader, form, guarded, source);
    }

    private void LoadHeld(StateReader reader, SavedForm form, GuardedSource guarded, int source)
    {
        var sequence = reader.ReadInt64();
        var slot = new EventSlot { TimestampTicks = reader.ReadInt64(), Measure = reader.ReadInt64() };
        var kind = form.HasKinds ? (SlotKind)reader.ReadByte() : SlotKind.Event;
        if (kind is not (SlotKind.Event or SlotKind.Partial))
            throw reader.Invalid($"a held event is of kind {kind}");
        var lowest = kind == SlotKind.Event ? 0 : EventSlot.LowestKey;
        var offset = form.HasKinds ? EventSlot.LowestKey : 0;
        var keyId = (int)(reader.ReadNumber((long)reader.KeyRangeOf(0) - 1 - offset, "a key") + offset);
        slot.SetAccepted(keyId, (ushort)source);
        slot.Kind = kind;
        var further = new long[Copies.FurtherMeasureCount];
        for (var measure = 0; measure < further.Length; measure++)
            further[measure] = reader.ReadInt64();
        var copy = Copies.Add(slot, further, sequence);
        var view = Copies.View(copy, cause: 0);
        for (var column = 0; column < Copies.Layout.Keys; column++)
        {
            // Behind this, ids are taken for those of keys.
            var id = Copies.Layout.KeyOf(view, index: 0, column);
            if (id < lowest || id >= reader.KeyRangeOf(column))
                throw reader.Invalid($"a held event of kind {kind} has the id {id} in the place of key {column}");
        }

        Add(guarded, new HeldEvent(copy, slot.TimestampTicks, KeyOf(view, index: 0, _rules.KeyColumn)));
    }

    /// <summary>How it was saved.</summary>
    /// <param name="HasKinds">Whether it says what kinds of events are held.</param>
    /// <param name="Column">The key that the guard looked at then.</param>
    /// <param name="IsOfKey">Whether the guard looks at the same key as then.</param>
    private readonly record struct SavedForm(bool HasKinds, int Column, bool IsOfKey);
}
