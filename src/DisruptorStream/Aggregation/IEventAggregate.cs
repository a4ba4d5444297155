namespace DisruptorStream.Aggregation;

/// <summary>
/// An aggregate over several measures of each event, with several results: laws over an unmanaged state, without an
/// instance. Implement it as an empty struct.
/// </summary>
/// <typeparam name="TState">What is kept for each key and slice or window.</typeparam>
/// <remarks>
/// As <see cref="IAggregate{TState}"/>, which reads one measure and has one result: the engine closes its loop over the
/// type, <see cref="Merge"/> is associative and the initial state is its identity; a state holds no reference and no
/// handle. Which measures it reads, and what its results are called, is said where it is asked for: <see
/// cref="AggregateBuilder.Custom{TAggregate, TState}(IReadOnlyList{string}, IReadOnlyList{string})"/>.
/// </remarks>
public interface IEventAggregate<TState>
    where TState : unmanaged
{
    /// <summary>The state before any event: the identity of <see cref="Merge"/>.</summary>
    static abstract TState Initial { get; }

    /// <summary>Folds one event in.</summary>
    static abstract void Accumulate(ref TState state, in MeasureValues values);

    /// <summary>Folds the state of a later slice of the same key in.</summary>
    static abstract void Merge(ref TState state, in TState later);

    /// <summary>Writes the values that results show, once for each pane.</summary>
    /// <param name="state">The state.</param>
    /// <param name="results">As long as there are names, and filled with NaN.</param>
    static abstract void Result(in TState state, Span<double> results);
}
