namespace DisruptorStream.Aggregation;

/// <summary>An aggregate: laws over an unmanaged state, without an instance. Implement it as an empty struct.</summary>
/// <typeparam name="TState">What is kept for each key and slice or window.</typeparam>
/// <remarks>
/// The engine closes its loop over the type, so a call costs what the body costs. Laws that the engine relies on:
/// <see cref="Merge"/> is associative and the initial state is its identity; a state holds no reference and no handle.
/// </remarks>
public interface IAggregate<TState>
    where TState : unmanaged
{
    /// <summary>The state before any event: the identity of <see cref="Merge"/>.</summary>
    static abstract TState Initial { get; }

    /// <summary>Folds one event in.</summary>
    static abstract void Accumulate(ref TState state, in Measurement measurement);

    /// <summary>Folds the state of a later slice of the same key in.</summary>
    static abstract void Merge(ref TState state, in TState later);

    /// <summary>The value that results show.</summary>
    static abstract double Result(in TState state);
}
