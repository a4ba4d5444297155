using System.Diagnostics;
using DisruptorStream.Saving;
using DisruptorStream.State.Memory;
using DisruptorStream.Windows;

namespace DisruptorStream.State;

/// <summary>When each key of a shard last had state, to tell which keys may be given up.</summary>
/// <remarks>
/// Written when state is released, not per event; a key that has state now is never idle, whatever stands here.
/// </remarks>
internal sealed class KeyActivity
{
    private const int Version = 1;
    private const int PageShift = 9;
    private const int KeysPerPage = 1 << PageShift;
    private const int PageMask = KeysPerPage - 1;

    // What a firing gives up was active until the slot that it belongs to, whenever its turn comes: where one is under
    // way, the clocks that it may still ask for are kept, with the sequence that each holds from.
    private readonly List<(long Sequence, long Ticks)> _clocks = [];

    // Where the state is being saved in the background, its pages stay as they are: each gets a copy before it changes.
    private long[]?[] _lastActiveTicks = [];
    private bool[] _isShared = [];

    /// <summary>The clock; long.MinValue for none yet.</summary>
    public long ClockTicks { get; private set; } = long.MinValue;

    /// <summary>When idle keys are looked for next; long.MinValue for at the next clock.</summary>
    public long NextPassTicks { get; set; } = long.MinValue;

    /// <summary>The clock has moved.</summary>
    /// <param name="sequence">The sequence of its slot.</param>
    /// <param name="clockTicks">Its time.</param>
    /// <param name="firingSequence">
    /// The sequence of the oldest firing that is under way; long.MaxValue for none.
    /// </param>
    public void OnClock(long sequence, long clockTicks, long firingSequence = long.MaxValue)
    {
        if (firingSequence == long.MaxValue)
            _clocks.Clear();
        else if (_clocks.Count == 0)
            _clocks.Add((long.MinValue, ClockTicks));
        else
            _clocks.RemoveRange(0, Math.Max(0, PlaceOf(firingSequence)));
        _clocks.Add((sequence, clockTicks));
        ClockTicks = clockTicks;
    }

    public void Touch(int keyId) => Touch(keyId, long.MaxValue);

    /// <summary>The key had state until a slot.</summary>
    public void Touch(int keyId, long sequence)
    {
        PageOf(keyId)[keyId & PageMask] = ClockAt(sequence);
    }

    /// <summary>The keys of a table had state until a slot; true once all are done.</summary>
    /// <param name="table">The keys.</param>
    /// <param name="sequence">The sequence of the slot.</param>
    /// <param name="next">The first key that is not done; where to go on.</param>
    /// <param name="budget">How many keys; what is left of it.</param>
    public unsafe bool TryTouch(KeyedTable table, long sequence, ref int next, ref int budget)
    {
        const int Most = 64;
        Span<int> keyIds = stackalloc int[Most];
        var records = stackalloc nint[Most];
        while (budget > 0)
        {
            var count = table.Collect(ref next, keyIds[..Math.Min(Most, budget)], records);
            if (count == 0)
                return true;
            Touch(keyIds[..count], sequence);
            budget -= count;
        }

        return false;
    }

    /// <param name="keyIds">At least one, ascending.</param>
    /// <param name="sequence">They had state until its slot.</param>
    public void Touch(ReadOnlySpan<int> keyIds, long sequence)
    {
        var now = ClockAt(sequence);
        for (var at = 0; at < keyIds.Length;)
        {
            var page = keyIds[at] >> PageShift;
            var last = PageOf(keyIds[at]);
            for (; at < keyIds.Length && keyIds[at] >> PageShift == page; at++)
                last[keyIds[at] & PageMask] = now;
        }
    }

    /// <summary>
    /// The clock when the key was last seen with state; a key never seen counts from the first time this is asked.
    /// </summary>
    public long LastActive(int keyId)
    {
        var last = LastKnown(keyId);
        if (last != long.MinValue)
            return last;
        PageOf(keyId)[keyId & PageMask] = ClockTicks;
        return ClockTicks;
    }

    /// <summary>Whether the key has had no state for so long; one that never had any is idle.</summary>
    public bool IsIdle(int keyId, long ticks) =>
        LastKnown(keyId) is var last && (last == long.MinValue || ClockTicks >= TickMath.SaturatingAdd(last, ticks));

    /// <summary>A new key may take the id: what the old one did no longer counts.</summary>
    public void Forget(int keyId)
    {
        if (LastKnown(keyId) != long.MinValue)
            PageOf(keyId)[keyId & PageMask] = long.MinValue;
    }

    /// <summary>Writes what all shards know, in ascending order of the keys.</summary>
    public static void Save(StateWriter writer, ReadOnlySpan<KeyActivity> shards)
    {
        foreach (var shard in shards)
            shard.AssertInvariants();
        writer.Begin(SectionTag.KeyActivity, Version);
        var clockTicks = shards[0].ClockTicks;
        writer.WriteInt64(clockTicks);
        writer.WriteInt64(shards[0].NextPassTicks);
        var pages = new long[]?[shards.Length][];
        for (var shard = 0; shard < pages.Length; shard++)
            pages[shard] = writer.Capture is null ? shards[shard]._lastActiveTicks : shards[shard].Share();
        if (writer.Capture is null)
            Write(writer, pages, clockTicks);
        else
            writer.WriteLater(later => Write(later, pages, clockTicks));
        writer.End();
    }

    /// <exception cref="StateException">It cannot have been saved.</exception>
    public static void Load(StateReader reader, ReadOnlySpan<KeyActivity> shards)
    {
        reader.Begin(SectionTag.KeyActivity, Version);
        var clockTicks = reader.ReadInt64();
        var nextPassTicks = reader.ReadInt64();
        foreach (var shard in shards)
        {
            shard.OnClock(long.MinValue, clockTicks);
            shard.NextPassTicks = nextPassTicks;
        }

        var next = 0L;
        for (var left = reader.ReadCount(2, "keys"); left > 0; left--)
        {
            next += reader.ReadNumber(reader.KeyRange - 1 - next, "the distance to a key");
            var shard = shards[(int)next & (shards.Length - 1)];
            shard.PageOf((int)next)[next++ & PageMask] = unchecked(clockTicks - (long)reader.ReadNumber());
        }

        reader.End();
    }

    /// <summary>That clocks ascend, the newest of them being the one that holds.</summary>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public void ThrowIfInconsistent()
    {
        for (var index = 1; index < _clocks.Count; index++)
            Invariant.Require(_clocks[index - 1].Sequence <= _clocks[index].Sequence, "Clocks come in their order.");
        Invariant.Require(_clocks.Count == 0 || _clocks[^1].Ticks == ClockTicks, "The newest clock holds.");
    }

    /// <summary>As <see cref="ThrowIfInconsistent"/>, in builds for debugging.</summary>
    [Conditional("DEBUG")]
    public void AssertInvariants() => ThrowIfInconsistent();

    private static void Write(StateWriter writer, long[]?[][] shards, long clockTicks)
    {
        var (count, range) = (0, 0);
        foreach (var pages in shards)
        {
            range = Math.Max(range, pages.Length << PageShift);
            foreach (var page in pages)
                count += page is null ? 0 : KeysPerPage - page.AsSpan().Count(long.MinValue);
        }

        writer.WriteCount(count);
        var next = 0;
        for (var keyId = 0; keyId < range; keyId++)
        {
            var lastTicks = LastKnown(shards[keyId & (shards.Length - 1)], keyId);
            if (lastTicks == long.MinValue)
                continue;
            writer.WriteCount(keyId - next);
            writer.WriteNumber(unchecked((ulong)(clockTicks - lastTicks)));
            next = keyId + 1;
        }
    }

    private static long LastKnown(long[]?[] pages, int keyId) =>
        keyId >> PageShift < pages.Length && pages[keyId >> PageShift] is { } page
            ? page[keyId & PageMask]
            : long.MinValue;

    private long LastKnown(int keyId) => LastKnown(_lastActiveTicks, keyId);

    /// <summary>The pages as they are now, which stay as they are.</summary>
    private long[]?[] Share()
    {
        Array.Fill(_isShared, true);
        return [.. _lastActiveTicks];
    }

    /// <summary>The page of a key, to be written.</summary>
    private long[] PageOf(int keyId)
    {
        var index = keyId >> PageShift;
        return index < _lastActiveTicks.Length && _lastActiveTicks[index] is { } page && !_isShared[index]
            ? page
            : NewPage(index);
    }

    private long[] NewPage(int index)
    {
        if (index >= _lastActiveTicks.Length)
        {
            var length = Math.Max(index + 1, _lastActiveTicks.Length * 2);
            Array.Resize(ref _lastActiveTicks, length);
            Array.Resize(ref _isShared, length);
        }

        var page = GC.AllocateUninitializedArray<long>(KeysPerPage);
        if (_lastActiveTicks[index] is { } before)
            before.CopyTo(page, 0);
        else
            page.AsSpan().Fill(long.MinValue);
        _isShared[index] = false;
        return _lastActiveTicks[index] = page;
    }

    private long ClockAt(long sequence)
    {
        var place = PlaceOf(sequence);
        return place < 0 ? ClockTicks : _clocks[place].Ticks;
    }

    /// <summary>Which of the clocks holds at a sequence; -1 for none.</summary>
    private int PlaceOf(long sequence)
    {
        var place = _clocks.Count - 1;
        while (place >= 0 && _clocks[place].Sequence > sequence)
            place--;
        return place;
    }
}
