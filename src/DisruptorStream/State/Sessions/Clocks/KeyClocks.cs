using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DisruptorStream.State.Sessions.Timing;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Sessions.Clocks;

/// <summary>The time of each key of a shard, and which keys are to be looked at when the quiet clock goes on.</summary>
/// <remarks>
/// Where keys go on with the clock, each that has windows is looked at once in the time after which it may do so: an
/// event takes nothing off the wheel and files nothing. Until its turn comes, no window of it can be due by the clock
/// alone, whatever events came.
/// </remarks>
internal sealed unsafe partial class KeyClocks : IDisposable
{
    private readonly DueWheel? _wheel;
    private KeyClock* _clocks;
    private int _count;

    public KeyClocks(KeyTimeRules rules)
    {
        Rules = rules;
        if (rules.CloseAfterTicks > 0)
            _wheel = new DueWheel(rules.CloseAfterTicks, latenessTicks: 0);
    }

    public KeyTimeRules Rules { get; }

    /// <summary>The quiet clock; where it begins does not matter.</summary>
    public long NowTicks { get; private set; }

    /// <summary>No key need be looked at before this time of the quiet clock.</summary>
    public long NextLookTicks => _wheel?.NextDueTicks ?? long.MaxValue;

    /// <summary>Whether keys go on with the clock.</summary>
    public bool GoOnWithClock => _wheel is not null;

    public long BytesReserved => ((long)_count * sizeof(KeyClock)) + (_wheel?.BytesReserved ?? 0);

    /// <summary>Ids from 0 up to here may have a time.</summary>
    public int IdRange => _count;

    /// <summary>The time of a key; valid until that of a key with a higher id is asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public KeyClock* Of(int keyId)
    {
        if (keyId >= _count)
            Grow(keyId);
        return _clocks + keyId;
    }

    /// <summary>The quiet clock goes on.</summary>
    /// <param name="stepTicks">0 or more.</param>
    public void OnQuiet(long stepTicks) => NowTicks += Math.Min(stepTicks, long.MaxValue - NowTicks);

    /// <summary>The watermark of a key now: that of its newest event, or further on with the quiet clock.</summary>
    public long Reached(KeyClock* clock)
    {
        var after = Rules.CloseAfterTicks;
        var quietTicks = TickMath.SaturatingSubtract(NowTicks, clock->ActiveTicks);
        if (after < 0 || clock->WatermarkTicks == long.MinValue || quietTicks < after)
            return clock->WatermarkTicks;

        // The end of input is for all keys at once.
        const long Last = long.MaxValue - 1;
        return clock->WatermarkTicks > Last - quietTicks ? Last : clock->WatermarkTicks + quietTicks;
    }

    /// <summary>The key has an event, the first since the quiet clock has moved.</summary>
    public void OnActivity(KeyClock* clock)
    {
        if (clock->ActiveTicks != long.MinValue)
            clock->WatermarkTicks = Reached(clock);
        clock->ActiveTicks = NowTicks;
    }

    /// <summary>A window of the key is due at a watermark.</summary>
    public void NoteDue(int keyId, long watermark)
    {
        var clock = Of(keyId);
        clock->DueTicks = Math.Min(clock->DueTicks, watermark);
        _wheel?.File(keyId, TickMath.SaturatingAdd(NowTicks, Rules.CloseAfterTicks));
    }

    /// <summary>Takes keys that are to be looked at now; each has to be filed again.</summary>
    public int Take(Span<int> keyIds) => _wheel?.Take(NowTicks, keyIds) ?? 0;

    /// <summary>
    /// Makes sure that a key is looked at when its next window is due by the clock alone, and before an event from now
    /// on can have brought that forward.
    /// </summary>
    public void FileLook(int keyId)
    {
        var clock = Of(keyId);
        if (_wheel is null || clock->DueTicks == long.MaxValue || NowTicks == long.MaxValue)
            return;
        var after = Rules.CloseAfterTicks;
        var aheadTicks = clock->WatermarkTicks == long.MinValue
            ? long.MaxValue
            : TickMath.SaturatingSubtract(clock->DueTicks, clock->WatermarkTicks);
        var dueTicks = TickMath.SaturatingAdd(clock->ActiveTicks, Math.Max(after, aheadTicks));

        // Nothing is due now, so that the clock has to move first, whatever was loaded.
        _wheel.File(keyId, Math.Max(NowTicks + 1, Math.Min(dueTicks, TickMath.SaturatingAdd(NowTicks, after))));
    }

    /// <summary>A new key may take the id, which has no window: it begins anew.</summary>
    public void Forget(int keyId)
    {
        if (keyId >= _count)
            return;
        _clocks[keyId] = KeyClock.None;
        _wheel?.Remove(keyId);
    }

    public void Dispose()
    {
        _wheel?.Dispose();
        NativeMemory.Free(_clocks);
        _clocks = null;
        _count = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int keyId)
    {
        var count = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, keyId + 1));
        _clocks = (KeyClock*)NativeMemory.Realloc(_clocks, (nuint)count * (nuint)sizeof(KeyClock));
        new Span<KeyClock>(_clocks + _count, count - _count).Fill(KeyClock.None);
        _count = count;
    }
}
