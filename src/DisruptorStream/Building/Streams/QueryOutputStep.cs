using DisruptorStream.Aggregation.Filters;
using DisruptorStream.Building.Planning;
using DisruptorStream.Emission;
using DisruptorStream.Plans;

namespace DisruptorStream.Building.Streams;

/// <summary>The last step of a query: where its results go. Every method returns a new step.</summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
/// <typeparam name="TKey">The type of the query's keys.</typeparam>
public sealed class QueryOutputStep<TEvent, TKey> : OutputStepBase<QueryOutputStep<TEvent, TKey>, TKey>
    where TKey : notnull
{
    private readonly int _column;
    private readonly MetricFilter? _filter;
    private readonly PaneInputPlan? _panes;

    internal QueryOutputStep(
        QueryScope<TEvent> scope,
        int column,
        MetricFilter? filter,
        PaneInputPlan? panes,
        PipelineDefinition<TKey> definition)
        : base(definition)
    {
        Scope = scope;
        _column = column;
        _filter = filter;
        _panes = panes;
    }

    /// <summary>The query as far as it was described.</summary>
    internal QueryScope<TEvent> Scope { get; }

    /// <summary>The whole query.</summary>
    internal StreamQueryDefinition<TKey> Query => new()
    {
        Name = Scope.Name,
        KeyColumn = _column,
        Filter = _filter,
        Panes = _panes,
        Query = Definition,
    };

    /// <summary>
    /// Shows only the best keys of each window, as a list in the order of their rank (<see
    /// cref="WindowResult{TKey}.Rank"/>), when the watermark passes the window's end.
    /// </summary>
    /// <param name="count">The most keys of a list, 1 to 65,536.</param>
    /// <param name="by">
    /// The metric that ranks them: an integer or a double. Keys without a value, such as those of failed windows, come
    /// last; of keys that are as good, the one that first came to the stream ranks first.
    /// </param>
    /// <param name="ascending">Whether the smallest value is the best. Default: the largest.</param>
    /// <param name="within">
    /// The names of some parts of the query's key: each combination of them in a window has a list of its own. None for
    /// one list for each window.
    /// </param>
    /// <remarks>
    /// <para>
    /// A late pane makes a new list of its window and group, whose rows are <see
    /// cref="Windows.PaneTiming.Late"/>; <see cref="WindowResult{TKey}.PaneIndex"/> counts the lists. Lists of a window
    /// come in the order in which the keys of their groups first came to the stream.
    /// </para>
    /// <para>
    /// With allowed lateness all panes of a window are kept until it expires, since any of them may become one of the
    /// best; without, the best of each group for as long as the window fires. A pane costs the thread that emits O(log
    /// count); a late one that makes a shown key worse, all panes of its group.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of its range.</exception>
    /// <exception cref="ArgumentException">
    /// There is no such metric, or it is a text; or a name of <paramref name="within"/> is no part of the key, or all
    /// parts are named. When the stream is built: the windows are sessions or custom, panes do not accumulate, or there
    /// are early ones.
    /// </exception>
    public QueryOutputStep<TEvent, TKey> Top(int count, string by, bool ascending = false, params string[] within)
    {
        ArgumentNullException.ThrowIfNull(within);
        var ranking = Rankings.Of(Definition.Metrics, count, by, ascending);
        return With(Definition with { Top = Rankings.Within(ranking, Scope.Name, Scope.Keys, _column, within) });
    }

    private protected override QueryOutputStep<TEvent, TKey> With(PipelineDefinition<TKey> definition) =>
        new(Scope, _column, _filter, _panes, definition);
}
