using System.Runtime.CompilerServices;
using DisruptorStream.Building.Planning;
using DisruptorStream.Building.Planning.Panes;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Building.Streams;

/// <summary>
/// The first step of a query: which events it takes, and by which keys it groups them. Every method returns a new step.
/// </summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
public sealed class QueryStep<TEvent>
{
    private readonly QueryScope<TEvent> _scope;
    private readonly Func<TEvent, bool>? _where;
    private readonly string _text;

    internal QueryStep(QueryScope<TEvent> scope, Func<TEvent, bool>? where = null, string text = "")
    {
        _scope = scope;
        _where = where;
        _text = text;
    }

    /// <summary>
    /// Takes only some of the events. The others are not the query's at all: they are counted as filtered, and nothing
    /// else; the stream's watermark moves with them all the same.
    /// </summary>
    /// <param name="filter">
    /// Called on the publisher's thread, once for each event. Where this is called several times, all filters must let
    /// an event pass.
    /// </param>
    /// <param name="filterText">How the filter is written: the compiler fills it in.</param>
    public QueryStep<TEvent> Where(
        Func<TEvent, bool> filter, [CallerArgumentExpression(nameof(filter))] string filterText = "")
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (_where is not { } before)
            return new(_scope, filter, filterText);
        return new(_scope, published => before(published) && filter(published), $"{_text} and {filterText}");
    }

    /// <summary>
    /// Reads the panes of another query instead of the stream's events: each pane that is on time is an event at its
    /// window's end, whose measures are the metrics.
    /// </summary>
    /// <param name="query">The name of a query before this one. It needs no output of its own.</param>
    /// <param name="size">
    /// The size of the windows whose panes are read, where the other query has windows of several sizes; else null.
    /// </param>
    /// <param name="includeLate">
    /// Whether late panes are read too: each takes the place of the one of its key and window before it, and what that
    /// touched is folded anew from all panes. Default: they are not read.
    /// </param>
    /// <remarks>
    /// <para>
    /// A pane comes before the watermark that fired it, so none is late because of that; early panes are not read. The
    /// other query fires all that is due at once, instead of in portions. A metric without a value is NaN.
    /// </para>
    /// <para>
    /// Where late panes are read, all panes are kept until the last window that they are in expires, by the allowed
    /// lateness of the reading query. A late pane makes late panes of the windows that have fired, and is dropped as
    /// late where all have expired. A pane that is kept takes its metrics and about 100 bytes. A late one costs as much
    /// as all panes of its key in its slice.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// There is no such query before this one; or <see cref="Where"/> was called: the filter of the other query counts;
    /// or the other query has windows of several sizes, and none is named. Where late panes are read: panes of the
    /// other query do not hold all so far, or a condition leaves some of them out, or its windows are sessions. When
    /// the stream is built: the reading query has other windows than tumbling, sliding or calendar ones of one size,
    /// early panes, or panes that do not accumulate.
    /// </exception>
    public PaneQueryStep<TEvent> From(string query, TimeSpan? size = null, bool includeLate = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(query);
        if (_where is not null)
        {
            throw new ArgumentException(
                $"The query '{_scope.Name}' filters events and reads the panes of '{query}'; put the filter into "
                + $"'{query}'.",
                nameof(query));
        }

        var queries = _scope.Stream.Queries;
        for (var place = 0; place < queries.Count; place++)
        {
            if (string.Equals(queries[place].Name, query, StringComparison.Ordinal))
                return new(_scope, ReadPanes.Of(_scope.Name, queries[place], place, size, includeLate));
        }

        throw new ArgumentException(
            $"The query '{_scope.Name}' reads the panes of '{query}', and no query before it has that name; add that "
            + "one first.",
            nameof(query));
    }

    /// <summary>Groups by a key that is a string.</summary>
    /// <param name="key">The name of a key of the stream.</param>
    /// <exception cref="ArgumentException">There is no such key, or it is not a string.</exception>
    public QueryWindowingStep<TEvent, string> By(string key) => By<string>(key);

    /// <summary>Groups by the combination of two keys that are strings.</summary>
    /// <inheritdoc cref="By{T1, T2}(string, string)"/>
    public QueryWindowingStep<TEvent, (string, string)> By(string first, string second) =>
        By<string, string>(first, second);

    /// <summary>Groups by the combination of three keys that are strings.</summary>
    /// <inheritdoc cref="By{T1, T2, T3}(string, string, string)"/>
    public QueryWindowingStep<TEvent, (string, string, string)> By(string first, string second, string third) =>
        By<string, string, string>(first, second, third);

    /// <summary>Groups by a key.</summary>
    /// <typeparam name="TKey">The type of the key, as it was declared.</typeparam>
    /// <param name="key">The name of a key of the stream.</param>
    /// <exception cref="ArgumentException">There is no such key, or it is of another type.</exception>
    public QueryWindowingStep<TEvent, TKey> By<TKey>(string key)
        where TKey : notnull => Next<TKey>(StreamKeys.Find<TKey>(_scope.Keys, key));

    /// <summary>
    /// Groups by the combination of two keys, whose ids make up its own: nothing is hashed but numbers.
    /// </summary>
    /// <typeparam name="T1">The type of the first key.</typeparam>
    /// <typeparam name="T2">The type of the second key.</typeparam>
    /// <param name="first">The name of a key of the stream.</param>
    /// <param name="second">The name of another one.</param>
    /// <exception cref="ArgumentException">
    /// There is no such key, one is of another type or named twice, or the stream has 8 keys already.
    /// </exception>
    public QueryWindowingStep<TEvent, (T1, T2)> By<T1, T2>(string first, string second)
        where T1 : notnull
        where T2 : notnull
    {
        int[] parts = [StreamKeys.Find<T1>(_scope.Keys, first), StreamKeys.Find<T2>(_scope.Keys, second)];
        return Combined(parts, new CompositeForms.Pair<T1, T2>());
    }

    /// <summary>Groups by the combination of three keys.</summary>
    /// <typeparam name="T1">The type of the first key.</typeparam>
    /// <typeparam name="T2">The type of the second key.</typeparam>
    /// <typeparam name="T3">The type of the third key.</typeparam>
    /// <param name="first">The name of a key of the stream.</param>
    /// <param name="second">The name of another one.</param>
    /// <param name="third">The name of a third one.</param>
    /// <inheritdoc cref="By{T1, T2}(string, string)" path="/exception"/>
    public QueryWindowingStep<TEvent, (T1, T2, T3)> By<T1, T2, T3>(string first, string second, string third)
        where T1 : notnull
        where T2 : notnull
        where T3 : notnull
    {
        int[] parts =
        [
            StreamKeys.Find<T1>(_scope.Keys, first),
            StreamKeys.Find<T2>(_scope.Keys, second),
            StreamKeys.Find<T3>(_scope.Keys, third),
        ];
        return Combined(parts, new CompositeForms.Triple<T1, T2, T3>());
    }

    /// <summary>Groups by the combination of four keys.</summary>
    /// <typeparam name="T1">The type of the first key.</typeparam>
    /// <typeparam name="T2">The type of the second key.</typeparam>
    /// <typeparam name="T3">The type of the third key.</typeparam>
    /// <typeparam name="T4">The type of the fourth key.</typeparam>
    /// <param name="first">The name of a key of the stream.</param>
    /// <param name="second">The name of another one.</param>
    /// <param name="third">The name of a third one.</param>
    /// <param name="fourth">The name of a fourth one.</param>
    /// <inheritdoc cref="By{T1, T2}(string, string)" path="/exception"/>
    public QueryWindowingStep<TEvent, (T1, T2, T3, T4)> By<T1, T2, T3, T4>(
        string first, string second, string third, string fourth)
        where T1 : notnull
        where T2 : notnull
        where T3 : notnull
        where T4 : notnull
    {
        int[] parts =
        [
            StreamKeys.Find<T1>(_scope.Keys, first),
            StreamKeys.Find<T2>(_scope.Keys, second),
            StreamKeys.Find<T3>(_scope.Keys, third),
            StreamKeys.Find<T4>(_scope.Keys, fourth),
        ];
        return Combined(parts, new CompositeForms.Quadruple<T1, T2, T3, T4>());
    }

    private QueryWindowingStep<TEvent, TKey> Combined<TKey>(int[] parts, CompositeForm<TKey> form)
        where TKey : notnull => Next<TKey>(StreamKeys.FindOrAdd(ref _scope.Keys, parts, form));

    private QueryWindowingStep<TEvent, TKey> Next<TKey>(int column)
        where TKey : notnull =>
        new(_scope, column, _where is null ? null : _scope.FilterOf(_where, _text));
}
