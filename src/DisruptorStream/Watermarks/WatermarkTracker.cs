using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace DisruptorStream.Watermarks;

/// <summary>Combines the watermarks of all sources into the one that windows go by.</summary>
/// <remarks>
/// Times are ticks; the watermark is exclusive, long.MinValue for none yet and long.MaxValue for end of input. A run of
/// events of one source costs O(log sources), whichever source it is; registering alone allocates. A source that was
/// never registered is, by the first thing it sends. One thread uses each instance.
/// </remarks>
internal sealed partial class WatermarkTracker
{
    /// <summary>The most sources; they are numbered from 0.</summary>
    public const int MaxSources = 65_536;

    private readonly long _outOfOrderness;
    private readonly long _idleTimeoutTicks;

    // Holds the watermark of each active source. Those that are left out hold long.MaxValue.
    private readonly MinimumTree _counted = new();
    private SourceEntry[] _sources = [];
    private int[] _active = [];
    private int _sourceCount;
    private int _activeCount;
    private int _completedCount;
    private long _highest = long.MinValue;
    private QuietAdvance _quiet;

    /// <summary>Starts without sources and without a watermark.</summary>
    /// <param name="maxOutOfOrdernessTicks">0 or more; −1 for explicit watermarks only.</param>
    /// <param name="idleTimeoutTicks">1 or more; −1 for sources that are never idle by the clock.</param>
    /// <param name="quietAfterTicks">
    /// 1 or more: how long no source must have sent anything before event time goes on with the clock; −1 for never.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public WatermarkTracker(long maxOutOfOrdernessTicks, long idleTimeoutTicks, long quietAfterTicks = -1)
    {
        if (maxOutOfOrdernessTicks < -1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(maxOutOfOrdernessTicks),
                maxOutOfOrdernessTicks,
                "The out-of-orderness must be 0 ticks or more, or -1 for explicit watermarks only.");
        }

        if (idleTimeoutTicks is < -1 or 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(idleTimeoutTicks),
                idleTimeoutTicks,
                "The idle timeout must be 1 tick or more, or -1 for never.");
        }

        if (quietAfterTicks is < -1 or 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(quietAfterTicks),
                quietAfterTicks,
                "The time without activity must be 1 tick or more, or -1 for never.");
        }

        _quiet = new QuietAdvance(quietAfterTicks);
        _outOfOrderness = maxOutOfOrdernessTicks;
        _idleTimeoutTicks = idleTimeoutTicks;
    }

    /// <summary>How far a source's watermark stays behind its largest timestamp; -1 where events move none.</summary>
    public long OutOfOrdernessTicks => _outOfOrderness;

    /// <summary>The combined watermark. Never goes back.</summary>
    public long WatermarkTicks { get; private set; } = long.MinValue;

    /// <summary>How many explicit watermarks were ignored, being below their source's own.</summary>
    public long Regressions { get; private set; }

    /// <summary>Whether there is a source, in whatever state.</summary>
    public bool AnySource => _sourceCount > 0;

    /// <summary>Whether there are sources and all have completed.</summary>
    public bool AllCompleted => _sourceCount > 0 && _completedCount == _sourceCount;

    /// <summary>Adds a source, active and without a watermark: it holds the combined one until it sends.</summary>
    /// <remarks>A source that is there already is left as it is.</remarks>
    public void Register(int source, long clock)
    {
        if (IsRegistered(source))
            return;
        Add(source, clock);
        _quiet.OnActivity(WatermarkTicks);
    }

    /// <summary>
    /// Forgets a source, so that the others no longer wait for it. The number may be registered anew.
    /// </summary>
    /// <remarks>After the last one the combined watermark stays where it is. One that is unknown is ignored.</remarks>
    public void Remove(int source)
    {
        if (!IsRegistered(source))
            return;

        var state = _sources[source].State;
        if (state == SourceState.Active)
            Deactivate(source);
        else if (state == SourceState.Completed)
            _completedCount--;
        _sources[source] = default;
        _sourceCount--;
        Advance();
    }

    /// <summary>Ends a source for good. When it was the last, the combined watermark is the end of input.</summary>
    public void Complete(int source)
    {
        Register(source, long.MinValue);
        var state = _sources[source].State;
        if (state == SourceState.Completed)
            return;

        if (state == SourceState.Active)
            Deactivate(source);
        _sources[source].State = SourceState.Completed;
        _completedCount++;
        Advance();
    }

    /// <summary>Leaves a source out until it sends something or is marked active.</summary>
    public void MarkIdle(int source)
    {
        Register(source, long.MinValue);
        if (_sources[source].State != SourceState.Active)
            return;

        Deactivate(source);
        Advance();
    }

    /// <summary>Makes a source count again, with the watermark that it had.</summary>
    public void MarkActive(int source, long clock)
    {
        var isNews = !IsRegistered(source) || IsIdle(source);
        Touch(source, clock);
        if (isNews)
            _quiet.OnActivity(WatermarkTicks);
    }

    /// <summary>Takes a watermark that a source states itself; it is a sign of life even where it is ignored.</summary>
    /// <returns>False where it is below the source's own, and hence ignored and counted.</returns>
    public bool OnWatermark(int source, long watermark, long clock)
    {
        ref var entry = ref Touch(source, clock);
        if (watermark < entry.WatermarkTicks)
        {
            Regressions++;
            _quiet.OnActivity(WatermarkTicks);
            return false;
        }

        Raise(source, ref entry, watermark);
        _quiet.OnActivity(WatermarkTicks);
        return true;
    }

    /// <summary>
    /// Moves processing time on, and leaves out the sources whose last sign of life is a timeout ago.
    /// </summary>
    /// <remarks>O(active sources). A clock that goes back changes nothing.</remarks>
    public void OnClock(long clock)
    {
        if (_idleTimeoutTicks < 0)
            return;

        var before = _activeCount;
        for (var index = _activeCount - 1; index >= 0; index--)
        {
            var source = _active[index];
            if (IsTimedOut(clock, _sources[source].LastActivity))
                Deactivate(source);
        }

        // One step for all of them, so that the result does not depend on which was left out first.
        if (_activeCount != before)
            Advance();
    }

    /// <summary>
    /// The quiet clock goes on: where no source has sent anything for long enough, event time goes with it. To be
    /// called after <see cref="OnClock"/>.
    /// </summary>
    /// <param name="stepTicks">How far, since the tick before; 0 where there is no tick.</param>
    public void OnQuiet(long stepTicks)
    {
        _quiet.OnClock(stepTicks);
        _quiet.OnWatermark(WatermarkTicks);
        if (!AllCompleted)
            WatermarkTicks = Math.Max(WatermarkTicks, _quiet.Reached());
    }

    /// <summary>Opens a run of events of one source: it counts from now on. See <see cref="SourceProgress"/>.</summary>
    public SourceProgress Begin(int source, long clock)
    {
        ref var entry = ref Touch(source, clock);
        var isMoved = _outOfOrderness >= 0 && entry.State == SourceState.Active;
        var cap = isMoved ? _counted.MinimumWithout(source) : long.MinValue;
        return new SourceProgress(entry.MaxTimestampTicks, cap, WatermarkTicks);
    }

    /// <summary>Closes a run of events of one source.</summary>
    /// <param name="source">Who sent them.</param>
    /// <param name="maxTimestamp">The largest timestamp of the run.</param>
    /// <param name="clock">Processing time as of the run.</param>
    public void OnEvents(int source, long maxTimestamp, long clock)
    {
        ref var entry = ref Touch(source, clock);
        if (maxTimestamp > entry.MaxTimestampTicks)
            RaiseTo(source, ref entry, maxTimestamp);
        _quiet.OnActivity(WatermarkTicks);
    }

    /// <summary>Whether the source is left out for want of events; false for one that is unknown.</summary>
    public bool IsIdle(int source) => IsRegistered(source) && _sources[source].State == SourceState.Idle;

    /// <summary>Whether the source has ended; false for one that is unknown.</summary>
    public bool IsCompleted(int source) => IsRegistered(source) && _sources[source].State == SourceState.Completed;

    /// <summary>
    /// Whether all other sources have completed, so that the input ends with this one: where it leaves, there must be
    /// others.
    /// </summary>
    public bool IsLastOpen(int source, bool completes)
    {
        if (AllCompleted)
            return false;
        var others = _sourceCount - (IsRegistered(source) ? 1 : 0);
        var completed = _completedCount - (IsCompleted(source) ? 1 : 0);
        return completed == others && (completes || others > 0);
    }

    /// <summary>The largest timestamp that the source sent; long.MinValue for none.</summary>
    public long MaxTimestampOf(int source) =>
        IsRegistered(source) ? _sources[source].MaxTimestampTicks : long.MinValue;

    /// <summary>The source's own watermark; long.MinValue for none, and for a source that is unknown.</summary>
    public long WatermarkOf(int source) => IsRegistered(source) ? _sources[source].WatermarkTicks : long.MinValue;

    /// <summary>The largest timestamp of all sources there are; long.MinValue for none.</summary>
    public long NewestTimestamp
    {
        get
        {
            var newest = long.MinValue;
            foreach (var entry in _sources)
            {
                if (entry.IsRegistered)
                    newest = Math.Max(newest, entry.MaxTimestampTicks);
            }

            return newest;
        }
    }

    /// <summary>Appends the status of every source to a list, ascending by number.</summary>
    public void CopyTo(List<SourceStatus> statuses)
    {
        for (var source = 0; source < _sources.Length; source++)
        {
            ref readonly var entry = ref _sources[source];
            if (entry.IsRegistered)
            {
                statuses.Add(new SourceStatus(source, entry.WatermarkTicks, entry.State)
                {
                    NewestTicks = entry.MaxTimestampTicks,
                    ActivityTicks = entry.LastActivity,
                    Lateness = entry.Lateness?.Read(),
                });
            }
        }
    }

    [DoesNotReturn]
    private static void ThrowOutOfRange(int source) =>
        throw new ArgumentOutOfRangeException(
            nameof(source), source, $"Source {source} is out of range; sources are numbered 0 to {MaxSources - 1}.");

    private bool IsRegistered(int source) => (uint)source < (uint)_sources.Length && _sources[source].IsRegistered;

    private bool IsTimedOut(long clock, long lastActivity) =>
        clock > lastActivity && unchecked((ulong)(clock - lastActivity)) >= (ulong)_idleTimeoutTicks;

    // No re-evaluation: one more source in the minimum can only hold the combined watermark.
    private ref SourceEntry Touch(int source, long clock)
    {
        if (!IsRegistered(source))
            Add(source, clock);

        ref var entry = ref _sources[source];
        if (clock > entry.LastActivity)
            entry.LastActivity = clock;
        if (entry.State == SourceState.Idle)
            Activate(source);
        return ref entry;
    }

    private void RaiseTo(int source, ref SourceEntry entry, long maxTimestamp)
    {
        entry.MaxTimestampTicks = maxTimestamp;
        if (_outOfOrderness < 0)
            return;

        var fits = maxTimestamp >= long.MinValue + _outOfOrderness;
        Raise(source, ref entry, fits ? maxTimestamp - _outOfOrderness : long.MinValue);
    }

    private void Raise(int source, ref SourceEntry entry, long watermark)
    {
        // The end of input is for completed sources alone, whatever an active one says.
        var raised = Math.Min(watermark, long.MaxValue - 1);
        if (raised <= entry.WatermarkTicks || entry.State == SourceState.Completed)
            return;

        entry.WatermarkTicks = raised;
        _highest = Math.Max(_highest, raised);
        _counted.Set(source, raised);
        Advance();
    }

    private void Activate(int source)
    {
        ref var entry = ref _sources[source];
        entry.State = SourceState.Active;
        entry.ActiveIndex = _activeCount;
        _active[_activeCount++] = source;
        _counted.Set(source, entry.WatermarkTicks);
    }

    private void Deactivate(int source)
    {
        ref var entry = ref _sources[source];
        entry.State = SourceState.Idle;
        var last = _active[--_activeCount];
        _active[entry.ActiveIndex] = last;
        _sources[last].ActiveIndex = entry.ActiveIndex;
        _counted.Set(source, long.MaxValue);
    }

    private void Advance()
    {
        var candidate = WatermarkTicks;
        if (_activeCount > 0)
            candidate = _counted.Minimum;
        else if (AllCompleted)
            candidate = long.MaxValue;
        else if (AnySource)
            candidate = _highest;

        if (candidate > WatermarkTicks)
            WatermarkTicks = candidate;
    }

    private void Add(int source, long clock)
    {
        if ((uint)source >= MaxSources)
            ThrowOutOfRange(source);
        if (source >= _sources.Length)
        {
            var capacity = (int)BitOperations.RoundUpToPowerOf2((uint)source + 1);
            Array.Resize(ref _sources, capacity);
            Array.Resize(ref _active, capacity);
            _counted.EnsureCapacity(capacity);
        }

        _sources[source] = new SourceEntry
        {
            WatermarkTicks = long.MinValue,
            MaxTimestampTicks = long.MinValue,
            LastActivity = clock,
            IsRegistered = true,
        };
        _sourceCount++;
        Activate(source);
    }
}
