namespace DisruptorStream.Emission.Durable;

/// <summary>A durable sink with a queue and a task of its own: for databases and networks.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// The contract is that of <see cref="IDurableSink{TKey}"/>; the calls are those of
/// <see cref="IAsyncResultSink{TKey}"/>, with <see cref="IDurableStore.OpenAsync"/> before them. A retry of a write
/// whose outcome is not known gets the same results again: the sink opens its target again, and leaves out what that
/// holds. <see cref="PositionedSink{TKey}"/> does that for sinks of your own.
/// </remarks>
public interface IAsyncDurableSink<TKey> : IAsyncResultSink<TKey>, IDurableStore
{
}
