using DisruptorStream.Aggregation.Derived;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Panes;

/// <summary>Leaves out the panes of which a condition is not true, and counts them.</summary>
/// <remarks>
/// The shard's thread owns it. A retraction has the values of the pane that it withdraws, so both are shown or neither
/// is. Panes of failed windows are always shown: nobody knows whether their condition would be true.
/// </remarks>
internal sealed class PaneFilter
{
    private readonly PaneCondition _condition;
    private readonly ShardCounters _counters;

    /// <param name="condition">The condition.</param>
    /// <param name="counters">Count what is left out.</param>
    public PaneFilter(PaneCondition condition, ShardCounters counters)
    {
        _condition = condition;
        _counters = counters;
    }

    /// <summary>Whether a row is shown.</summary>
    public bool Shows(in ResultHeader header, ReadOnlySpan<long> values)
    {
        const ResultFlags NoPane = ResultFlags.Dropped | ResultFlags.KeyReleased;
        if ((header.Flags & NoPane) != ResultFlags.None || header.FailureIndex >= 0)
            return true;
        if (_condition.TrueOf(values, 1, HasValues(header.Flags)) != 0)
            return true;
        Count(header.Timing, 1);
        return false;
    }

    /// <summary>Takes out of a group what is not shown.</summary>
    public void Keep(PaneGroup panes)
    {
        if (!panes.SharesHeader)
        {
            KeepEach(panes);
            return;
        }

        ref readonly var header = ref panes.Headers[0];
        var shown = _condition.TrueOf(panes.Values, panes.Count, HasValues(header.Flags));
        var kept = 0;
        for (var pane = 0; pane < panes.Count; pane++)
        {
            if ((shown >> pane & 1) != 0 || panes.FailureIndexes[pane] >= 0)
                panes.Move(pane, kept++);
        }

        Count(header.Timing, panes.Count - kept);
        panes.Count = kept;
    }

    private static bool HasValues(ResultFlags flags) => (flags & ResultFlags.NoValues) == ResultFlags.None;

    private void KeepEach(PaneGroup panes)
    {
        var kept = 0;
        for (var pane = 0; pane < panes.Count; pane++)
        {
            if (Shows(panes.HeaderOf(pane), panes.ValuesOf(pane)))
                panes.Move(pane, kept++);
        }

        panes.Count = kept;
    }

    private void Count(PaneTiming timing, int count)
    {
        if (timing == PaneTiming.Retract)
            _counters.RetractionsSuppressed += count;
        else
            _counters.WindowsSuppressed += count;
    }
}
