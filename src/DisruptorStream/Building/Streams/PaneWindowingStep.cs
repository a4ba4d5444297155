using DisruptorStream.Aggregation;
using DisruptorStream.Building.Planning;
using DisruptorStream.Building.Planning.Panes;
using DisruptorStream.Plans;
using DisruptorStream.Windows;

namespace DisruptorStream.Building.Streams;

/// <summary>The step that says which windows the panes of another query belong to.</summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
/// <typeparam name="TKey">The type of the query's keys.</typeparam>
public sealed class PaneWindowingStep<TEvent, TKey> : KeyedWindowingStep<PaneWindowedStep<TEvent, TKey>, TKey>
    where TKey : notnull
{
    private readonly QueryScope<TEvent> _scope;
    private readonly int _column;
    private readonly PaneInputPlan _panes;

    internal PaneWindowingStep(QueryScope<TEvent> scope, int column, PaneInputPlan panes)
    {
        _scope = scope;
        _column = column;
        _panes = panes;
    }

    /// <summary>
    /// A window for each pane of the other query: the pane, and those of its key whose windows ended in a time before
    /// its own end. So each can be compared with the earlier ones, as in
    /// <c>WithEarlier(hour).Aggregate(a => a.Last("p95").EarlierAverage("usual", "p95")).Having("p95 > 2 * usual")</c>.
    /// </summary>
    /// <param name="earlier">
    /// The time before: a multiple of how often the other query's windows come, such as its size where they are
    /// tumbling.
    /// </param>
    /// <remarks>
    /// The end of each window is that of its pane. Keys that have no new pane have no window, whatever they had before.
    /// Costs are those of sliding windows.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The time is not such a multiple, or windows would be above 7,306 years.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The windows of the other query are not tumbling or sliding ones of one size; or the panes are grouped by a part
    /// of their key, so that there is more than one of them at a time.
    /// </exception>
    public PaneWindowedStep<TEvent, TKey> WithEarlier(TimeSpan earlier) =>
        Windowed(EarlierPanes.WindowsOf(_scope.Name, _scope.Stream.Queries[_panes.Query], _panes, earlier));

    internal override PaneWindowedStep<TEvent, TKey> Windowed(WindowDefinition window)
    {
        var metrics = _scope.Stream.Queries[_panes.Query].Metrics;
        var measures = new MeasureDefinition[metrics.Count];
        for (var index = 0; index < measures.Length; index++)
            measures[index] = new MeasureDefinition(metrics[index].Name, index, metrics[index].ResultType);
        return new(_scope, _column, _panes, new PipelineDefinition<TKey> { Window = window, Measures = measures });
    }
}
