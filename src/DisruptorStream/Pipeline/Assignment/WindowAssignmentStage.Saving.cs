using System.Diagnostics;
using DisruptorStream.Pipeline.Assignment.Jumps;
using DisruptorStream.Saving;

namespace DisruptorStream.Pipeline.Assignment;

/// <content>Saves what it knows, and takes it over.</content>
internal abstract unsafe partial class WindowAssignmentStage
{
    // 2: the jump guard follows the sources.
    private const int Version = 2;

    /// <summary>Writes clock, watermark and counts, the open slices and the sources. Between two batches.</summary>
    public void Save(StateWriter writer)
    {
        AssertInvariants();
        writer.Begin(SectionTag.Assignment, Version);
        writer.WriteInt64(WatermarkTicks);
        writer.WriteInt64(_steadyTicks);
        writer.WriteInt64(_timeOfDayTicks);
        writer.WriteByte(_ended ? (byte)1 : (byte)0);
        Counters.Save(writer);
        writer.End();
        SaveSlices(writer);
        _tracker.Save(writer);
        (_guard ?? _left ?? JumpGuard.NewIdle(Copies)).Save(writer);
    }

    /// <summary>Takes over what was saved, before the first slot.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader)
    {
        var version = LoadCounts(reader);
        LoadSlices(reader);
        _tracker.Load(reader);
        if (version > 1)
            LoadGuard(reader);
        Counters.ShowHeld(HeldCount);
        if (!HasToldAll || !FollowsSources)
        {
            throw new StateException(
                $"The saved watermark {WatermarkTicks} contradicts what the windows and the sources have reached; load "
                + "an older state, and report this one.");
        }

        AssertInvariants();
    }

    /// <summary>
    /// Takes over what all queries of an input have in common, of what was saved of one that may be another query.
    /// </summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void LoadClock(StateReader reader)
    {
        LoadCounts(reader);
        while (reader.Peek() != SectionTag.Watermarks)
            reader.Skip();
        _tracker.Load(reader);
        LoadGuard(reader);
    }

    /// <summary>
    /// Begins without windows where event time is in another query of the same input. Before the first slot.
    /// </summary>
    /// <param name="other">The first stage of the other query.</param>
    /// <param name="keyRanges">Ids of the keys of each name are below these.</param>
    public void GoOnWith(WindowAssignmentStage other, IReadOnlyList<int> keyRanges)
    {
        WatermarkTicks = other.WatermarkTicks;
        _steadyTicks = other._steadyTicks;
        _timeOfDayTicks = other._timeOfDayTicks;
        _ended = other._ended;
        Counters.GoOnWith(other.Counters, WatermarkTicks, _timeOfDayTicks);
        StateReader.Transfer(other.SaveClock, reader =>
        {
            _tracker.Load(reader);
            LoadGuard(reader);
        }, keyRanges);
        Counters.ShowHeld(HeldCount);
        if (WatermarkTicks is not (long.MinValue or long.MaxValue))
            OnTold();
        AssertInvariants();
    }

    private void SaveClock(StateWriter writer)
    {
        _tracker.Save(writer);
        (_guard ?? _left ?? JumpGuard.NewIdle(Copies)).Save(writer);
    }

    private int LoadCounts(StateReader reader)
    {
        var version = reader.Begin(SectionTag.Assignment, Version);
        WatermarkTicks = reader.ReadInt64();
        _steadyTicks = reader.ReadInt64();
        _timeOfDayTicks = reader.ReadInt64();
        _ended = reader.ReadFlag();
        Counters.Load(reader, WatermarkTicks, _timeOfDayTicks);
        reader.End();
        return version;
    }

    private void LoadGuard(StateReader reader)
    {
        var guard = _guard ?? JumpGuard.NewIdle(Copies);
        guard.Load(reader);

        // Where nothing is guarded any more, what was held is released ahead of the next slot.
        if (_guard is null && guard.HeldCount > 0)
            _left = guard;
    }

    /// <summary>Whether the shards have been told of all that the watermark has reached.</summary>
    protected virtual bool HasToldAll => true;

    private bool FollowsSources => ProcessingTime || _ended || WatermarkTicks >= ReachedBySources;

    /// <summary>Writes the slices that are open.</summary>
    protected abstract void SaveSlices(StateWriter writer);

    /// <exception cref="StateException">They cannot have been saved.</exception>
    protected abstract void LoadSlices(StateReader reader);

    /// <summary>That nothing has been missed that the watermark has reached.</summary>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public virtual void ThrowIfInconsistent()
    {
        Invariant.Require(HasToldAll, "What the watermark has reached has been told.");
        _tracker.ThrowIfInconsistent();
        _guard?.ThrowIfInconsistent();
        Invariant.Require(FollowsSources, "The watermark follows the sources.");
    }

    /// <summary>As <see cref="ThrowIfInconsistent"/>, in builds for debugging.</summary>
    [Conditional("DEBUG")]
    public void AssertInvariants() => ThrowIfInconsistent();
}
