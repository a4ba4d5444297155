using DisruptorStream.Building.Planning;
using DisruptorStream.Plans;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Building.Streams;

/// <summary>The step that says by which keys a query groups the panes of another one.</summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
public sealed class PaneQueryStep<TEvent>
{
    private readonly QueryScope<TEvent> _scope;
    private readonly PaneInputPlan _panes;

    internal PaneQueryStep(QueryScope<TEvent> scope, PaneInputPlan panes)
    {
        _scope = scope;
        _panes = panes;
    }

    private StreamQueryDefinition Read => _scope.Stream.Queries[_panes.Query];

    /// <summary>Groups by a key that is a string: that of the other query, or a part of it.</summary>
    /// <inheritdoc cref="By{TKey}(string)" path="/param|/exception"/>
    public PaneWindowingStep<TEvent, string> By(string key) => By<string>(key);

    /// <summary>Groups by the two keys that the other query groups by, both strings.</summary>
    /// <inheritdoc cref="By{T1, T2}(string, string)" path="/param|/exception"/>
    public PaneWindowingStep<TEvent, (string, string)> By(string first, string second) =>
        By<string, string>(first, second);

    /// <summary>Groups by a key: that of the other query, or a part of it.</summary>
    /// <typeparam name="TKey">The type of the key, as it was declared.</typeparam>
    /// <param name="key">The name of a key that the other query groups by.</param>
    /// <exception cref="ArgumentException">The other query does not group by it, or it is of another type.</exception>
    public PaneWindowingStep<TEvent, TKey> By<TKey>(string key)
        where TKey : notnull
    {
        var column = StreamKeys.Find<TKey>(_scope.Keys, key);
        if (column == Read.KeyColumn)
            return new(_scope, column, _panes);
        var parts = _scope.Keys[Read.KeyColumn].Parts;
        for (var part = 0; part < parts.Count; part++)
        {
            if (parts[part] == column)
                return new(_scope, column, _panes with { Part = part });
        }

        throw NotGrouped($"'{key}'", nameof(key));
    }

    /// <summary>Groups by the two keys that the other query groups by.</summary>
    /// <typeparam name="T1">The type of the first key.</typeparam>
    /// <typeparam name="T2">The type of the second key.</typeparam>
    /// <param name="first">The name of its first key.</param>
    /// <param name="second">The name of its second key.</param>
    /// <exception cref="ArgumentException">The other query does not group by these, in this order.</exception>
    public PaneWindowingStep<TEvent, (T1, T2)> By<T1, T2>(string first, string second)
        where T1 : notnull
        where T2 : notnull
    {
        int[] parts = [StreamKeys.Find<T1>(_scope.Keys, first), StreamKeys.Find<T2>(_scope.Keys, second)];
        return Whole<(T1, T2)>(parts, new CompositeForms.Pair<T1, T2>(), $"'{first}' and '{second}'");
    }

    /// <summary>Groups by the three keys that the other query groups by.</summary>
    /// <typeparam name="T1">The type of the first key.</typeparam>
    /// <typeparam name="T2">The type of the second key.</typeparam>
    /// <typeparam name="T3">The type of the third key.</typeparam>
    /// <param name="first">The name of its first key.</param>
    /// <param name="second">The name of its second key.</param>
    /// <param name="third">The name of its third key.</param>
    /// <inheritdoc cref="By{T1, T2}(string, string)" path="/exception"/>
    public PaneWindowingStep<TEvent, (T1, T2, T3)> By<T1, T2, T3>(string first, string second, string third)
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
        return Whole<(T1, T2, T3)>(
            parts, new CompositeForms.Triple<T1, T2, T3>(), $"'{first}', '{second}' and '{third}'");
    }

    private PaneWindowingStep<TEvent, TKey> Whole<TKey>(int[] parts, CompositeForm<TKey> form, string names)
        where TKey : notnull
    {
        var column = StreamKeys.FindOrAdd(ref _scope.Keys, parts, form);
        return column == Read.KeyColumn
            ? new(_scope, column, _panes)
            : throw NotGrouped(names, "first");
    }

    private ArgumentException NotGrouped(string names, string parameter) => new(
        $"The query '{_scope.Name}' groups the panes of '{Read.Name}' by {names}, and '{Read.Name}' groups by "
        + $"'{_scope.Keys[Read.KeyColumn].Name}'; name that, or one key of it.",
        parameter);
}
